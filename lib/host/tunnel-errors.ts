import { RunbookError } from '../core/errors.ts';
import { quoteAll } from '../core/quote.ts';
import type { Attempt } from './ssh-errors.ts';
import type { TunnelError } from './tunnel.ts';

/** Exit codes of the AWS CLI: it found no credentials or no region; the service refused. */
const refusals: readonly (number | undefined)[] = [253, 254];

/** The failure of a connection whose tunnel did not come about. */
export function tunnelFailure({ user, address, tunnel = [] }: Attempt, error: TunnelError): RunbookError {
  const refused = refusals.includes(error.code);
  return new RunbookError(
    refused ? 'credentialsRefused' : 'hostUnreachable',
    {
      where: `${user}@${address}`,
      what: refused ? 'AWS refused the session to the host' : 'the way to the host through Session Manager ended',
      cause: error.message,
      next: `it needs the AWS CLI with its Session Manager plugin, credentials that may start a session, and a running agent on the host (docs/concepts/access-by-ssm.md); try with: ${quoteAll(tunnel)}`,
    },
    { cause: error },
  );
}
