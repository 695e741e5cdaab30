#!/bin/sh
if [ "$1" = hook ]; then
  # Asked for each ref of a push, and has nothing to say except to a push to a pull request's own ref.
  if [ "$3" = update ]; then case $4 in refs/pull/*) exit 1 ;; *) exit 0 ;; esac; fi
  exec node --no-warnings /app/gitea/hook.mjs "$@"
fi
exec node --no-warnings /app/gitea/standin.mjs "$@"
