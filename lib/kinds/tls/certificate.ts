import { X509Certificate } from 'node:crypto';
import { RunbookError } from '../../core/errors.ts';
import { placeholderMark } from '../../core/placeholder.ts';
import { quote } from '../../core/quote.ts';
import type { CertificateSpec } from '../../core/spec.ts';
import type { Kind } from '../kind.ts';
import { changeOf, lastLines } from '../text.ts';
import { obtainScript } from './certificate-script.ts';

interface Observed {
  readonly onDisk: X509Certificate | undefined;
  /** What the proxy shows to a visitor; undefined while it does not run. */
  readonly served: X509Certificate | undefined;
  /** The ACME directory that the certificate on the disk came from. */
  readonly server: string;
  /** The host's clock, seconds since 1970. */
  readonly now: number;
}

/** Renew when less than this share of the lifetime is left: lifetimes shrink, so days would soon be wrong. */
export const renewBelow = 1 / 3;

const begin = '-----BEGIN CERTIFICATE-----';

export const certificate: Kind<'certificate', Observed> = {
  kind: 'certificate',
  snippet: (specs) =>
    specs
      .map(
        (spec) => `printf '@spec %s\\n' ${quote(spec.id)}
echo "@now $(date +%s)"
sed -n 's/^server *= */@server /p' ${quote(`${spec.stateDirectory}/renewal/${spec.domain}.conf`)} 2>/dev/null
echo @disk
cat ${quote(`${spec.directory}/current/fullchain.pem`)} 2>/dev/null
echo @served
timeout 5 openssl s_client -connect ${quote(spec.served)} -servername ${quote(spec.domain)} </dev/null 2>/dev/null`,
      )
      .join('\n')
      .concat('\ntrue'),
  parse: (text, specs) => {
    const parts = new Map(text.split(/^@spec /m).map((part) => [part.slice(0, part.indexOf('\n')), part]));
    return new Map(
      specs.map((spec) => {
        const part = parts.get(spec.id);
        if (part === undefined) throw new Error(`the probe said nothing about ${spec.id}`);
        const [head = '', served = ''] = part.split('@served\n');
        const onDisk = firstCertificate(head.split('@disk\n')[1] ?? '');
        const lines = head.split('\n');
        const word = (name: string) => lines.find((line) => line.startsWith(`@${name} `))?.slice(name.length + 2) ?? '';
        return [
          spec.id,
          { onDisk, served: firstCertificate(served), server: word('server'), now: Number(word('now')) },
        ];
      }),
    );
  },
  diff: (spec, observed) => {
    const title = `certificate for ${spec.domain}`;
    const why = mustIssue(spec, observed);
    if (why) return changeOf(spec, isPlaceholder(observed.onDisk) ? 'create' : 'update', title, why, 'reload');
    if (observed.served && observed.served.fingerprint256 !== observed.onDisk?.fingerprint256) {
      return changeOf(spec, 'refresh', title, 'the proxy still shows the one before', 'reload');
    }
    return undefined;
  },
  apply: async (spec, _change, { host, progress }, observed) => {
    // certbot keeps a certificate that is not due, also when it came from another server: then it must be told.
    const force = observed.server !== '' && observed.server !== spec.server;
    const output = await host.run({ script: obtainScript(spec, { force }), timeout: 300, onLine: progress });
    if (output.code === 0) return;
    const keeps = isPlaceholder(observed.onDisk)
      ? 'Gitea is up behind the self-signed placeholder certificate, which browsers warn about'
      : 'Gitea stays up on the certificate that it had';
    throw new RunbookError('changeFailed', {
      what: `no certificate could be had from ${spec.server}; ${keeps}`,
      where: host.label,
      cause: lastLines(output),
      next: `make sure that port 80 of ${spec.domain} reaches this host from the internet and that the ACME server answers (npx zx runbooks/doctor.mjs), then run the deploy again; the renewal timer tries again by itself as well`,
    });
  },
};

function firstCertificate(text: string): X509Certificate | undefined {
  if (!text.includes(begin)) return undefined;
  try {
    return new X509Certificate(text.slice(text.indexOf(begin)));
  } catch {
    // A damaged file is as good as none: it will be replaced.
    return undefined;
  }
}

/** A certificate may have no subject at all, only names: then `subject` is undefined, whatever its type says. */
export const isPlaceholder = (found: X509Certificate | undefined) =>
  found === undefined || (found.subject ?? '').includes(placeholderMark);

function mustIssue(spec: CertificateSpec, { onDisk, server, now }: Observed): string | undefined {
  if (onDisk === undefined || isPlaceholder(onDisk)) return 'only the placeholder is there';
  if (onDisk.checkHost(spec.domain) === undefined) return `is for ${onDisk.subjectAltName}, wanted ${spec.domain}`;
  if (server !== '' && server !== spec.server) return `was issued by ${server}, wanted ${spec.server}`;
  const [from, to] = [Date.parse(onDisk.validFrom) / 1000, Date.parse(onDisk.validTo) / 1000];
  if (now >= to) return `expired on ${onDisk.validTo}`;
  // Half of the renewal window is left to the timer before the deploy steps in.
  if ((to - now) / (to - from) < renewBelow / 2) return `ends on ${onDisk.validTo} and was not renewed in time`;
  return undefined;
}
