#!/bin/sh
# The official image has the stream module within Nginx itself, Debian beside it: no configuration of ours can name it. What
# Nginx is told by -g comes before the configuration.
module='load_module /usr/lib/nginx/modules/ngx_stream_module.so;'
found=
for word; do
  shift
  case $found in
    next) word="$module $word" found=done ;;
    '') [ "$word" != -g ] || found=next ;;
  esac
  set -- "$@" "$word"
done
[ "$found" = done ] || set -- "$@" -g "$module"
exec /usr/sbin/nginx "$@"
