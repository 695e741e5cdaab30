import { RunbookError } from '../core/errors.ts';
import { quote } from '../core/quote.ts';
import type { Held, Host } from '../host/port.ts';

/** Who holds the lock, as it stands beside it on the host. */
export interface Holder {
  readonly who: string;
  readonly what: string;
  /** ISO 8601. */
  readonly since: string;
}

/**
 * Take the one lock of a host. It is a kernel lock held by a process on the host whose standard input is our
 * connection: when this program, its machine or the network dies, the kernel frees it. A holder that
 * has just died gets two seconds to go; then `locked` is thrown, with who holds it.
 */
export async function lock(
  host: Host,
  holder: Omit<Holder, 'since'>,
  directory = '/run/gitea-runbooks',
): Promise<Held> {
  const details = quote(JSON.stringify({ ...holder, since: new Date().toISOString() } satisfies Holder));
  const script = `mkdir -p ${directory}
exec 9>>${directory}/lock
if flock -w 2 9; then
  printf '%s' ${details} > ${directory}/lock.json
  echo held
  cat >/dev/null
  rm -f ${directory}/lock.json
else
  echo "busy $(cat ${directory}/lock.json 2>/dev/null)"
fi`;
  const held = await host.hold(script);
  if (held.firstLine === 'held') return held;
  await held.release();
  throw busy(host, held.firstLine);
}

function busy(host: Host, line: string): RunbookError {
  let by = 'another run';
  try {
    const holder = JSON.parse(line.replace(/^busy /, '')) as Holder;
    by = `${holder.what} by ${holder.who} since ${holder.since}`;
  } catch {
    // The holder may be between taking the lock and writing who it is.
  }
  return new RunbookError('locked', {
    what: `the host is in use: ${by}`,
    where: host.label,
    next: 'wait until it has ended and run this again. A holder that died frees the lock by itself within a minute; nothing has to be removed by hand',
  });
}
