// A `docker` in front of that of a lab host, by which a job of the host is killed at a call of its own. The job knows nothing.
import { quote } from '../../lib/core/quote.ts';

/** Where a job is killed: at its n-th call of docker (from 1) whose words contain a text. */
export interface CutAt {
  /** The job's unit, without `.service`. */
  readonly unit: string;
  /** Default: any call. */
  readonly call?: string;
  /** Default 1. */
  readonly nth?: number;
  /** Before the call, a while after it has begun, or not at all: then the call waits, for whoever pulls the plug. */
  readonly when?: 'before' | 'during' | 'wait';
}

const shim = `#!/bin/sh
unit=$(sed -n 's#.*/\\(gitea-runbooks-[a-z-]*\\)\\.service$#\\1#p' /proc/self/cgroup | head -n 1)
arm=/run/lab-cut.$unit
dies() { systemctl kill -s KILL --kill-whom=all "$unit.service"; sleep 60; }
if [ -n "$unit" ] && [ -e "$arm" ]; then
  read -r left when call <"$arm"
  case "$*" in *"$call"*)
    if [ "$left" -gt 1 ]; then echo "$((left - 1)) $when $call" >"$arm"
    else
      rm -f "$arm"
      echo "$*" | tr '\\n' ' ' | cut -c1-200 >/run/lab-cut.at
      case "$when" in
        before) dies ;;
        during) /usr/bin/docker "$@" & sleep 0.7; dies ;;
        wait) sleep 600 ;;
      esac
    fi ;;
  esac
fi
exec /usr/bin/docker "$@"
`;

type On = (script: string) => Promise<string>;

/** Puts it in place. */
export const placeShim = (on: On) =>
  on(`printf '%s' ${quote(shim)} >/usr/local/bin/docker && chmod 755 /usr/local/bin/docker`);

export const removeShim = (on: On) => on('rm -f /usr/local/bin/docker /run/lab-cut.*');

export const armCut = (on: On, { unit, call = '', nth = 1, when = 'before' }: CutAt) =>
  on(`rm -f /run/lab-cut.*; printf '%s %s %s\\n' ${nth} ${when} ${quote(call)} >/run/lab-cut.${unit}`);

/** The call at which it came to that; undefined when it did not. */
export const cutAt = async (on: On): Promise<string | undefined> =>
  (await on('cat /run/lab-cut.at 2>/dev/null; rm -f /run/lab-cut.*')) || undefined;
