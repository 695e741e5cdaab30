#!/bin/sh
exec node --no-warnings /app/gitea/standin.mjs "$@"
