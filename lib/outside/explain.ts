import { Failed, fail, skip, type Verdict } from './verdict.ts';

/** The domain leads nowhere: the check named `dns` says so, the others have nothing to look at. */
export class Unresolved extends Error {}

/** A time limit was reached; the limit stands in the message. */
export class OverTime extends Error {}

const doctor = 'npx zx runbooks/doctor.mjs';

const byCode: Readonly<Record<string, (where: string) => Verdict>> = {
  ECONNREFUSED: (where) =>
    fail(`${where} refuses connections`, `see whether the proxy runs: npx zx runbooks/status.mjs`),
  ECONNRESET: (where) =>
    fail(
      `${where} closed the connection`,
      `see the proxy's log: docker logs --tail 50 <proxy> on the host, then ${doctor}`,
    ),
  EHOSTUNREACH: (where) => fail(`${where} cannot be reached from here`, `check routing and firewall, then ${doctor}`),
  ENETUNREACH: (where) => fail(`there is no route to ${where} from here`, `check routing and firewall, then ${doctor}`),
  ETIMEDOUT: (where) =>
    fail(`${where} does not answer`, `open the port in the firewall or security group, then ${doctor}`),
  ENOENT: () =>
    fail('a program or file that this check needs is missing on this machine', 'install git, ssh and ssh-keygen'),
};

/** A thrown error as the verdict of a check. */
export function explain(error: unknown, domain: string): Verdict {
  if (error instanceof Failed) return error.verdict;
  if (error instanceof Unresolved) return skip(error.message);
  if (error instanceof OverTime)
    return fail(error.message, `open the port in the firewall or security group, then ${doctor}`);
  const { code, message, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  const known = code === undefined ? undefined : byCode[code];
  if (known) {
    const verdict = known(address ? `${domain} (${address}${port ? `, port ${port}` : ''})` : domain);
    return code === 'ENOENT' ? { ...verdict, detail: `${verdict.detail}: ${message}` } : verdict;
  }
  const certificate = code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code);
  return fail(
    message || String(error),
    certificate ? 'see the certificate check: without a trusted one no secret is sent' : doctor,
  );
}
