#!/bin/bash
# Folders, the first app.ini, and the environment merged into it.
umask 022

private_folder() {
  mkdir -p "$1" && chmod 0700 "$1"
}
need_writable() {
  [ -w "$1" ] || { echo "$1 is not writable"; exit 1; }
}

private_folder "$HOME"
need_writable "$HOME"
private_folder "$GITEA_CUSTOM"
private_folder "$GITEA_TEMP"
need_writable "$GITEA_TEMP"

if [ ! -f "$GITEA_APP_INI" ]; then
  folder=$(dirname "$GITEA_APP_INI")
  private_folder "$folder"
  need_writable "$folder"
  /app/gitea/gitea standin:render > "$GITEA_APP_INI"
fi

environment-to-ini --config "$GITEA_APP_INI"
