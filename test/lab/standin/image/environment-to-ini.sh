#!/bin/sh
exec /app/gitea/gitea standin:env-to-ini "$@"
