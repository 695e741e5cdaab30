import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { placeholderMark } from '../../../lib/core/placeholder.ts';
import type { CertificateSpec } from '../../../lib/core/spec.ts';
import type { Command, Host } from '../../../lib/host/port.ts';
import { certificate } from '../../../lib/kinds/tls/certificate.ts';
import { certificateSpec } from '../../../lib/phases/tls.ts';
import { input } from '../phases/input.ts';
import { look, sandbox } from './sandbox.ts';

const spec: CertificateSpec = certificateSpec(input().config);
const begin = '-----BEGIN CERTIFICATE-----';

/** A certificate for these names, of 90 days. */
function pem(t: Test, names: readonly string[], subject = '/CN=x'): string {
  const dir = t.testdir({});
  execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '90'],
    ...['-subj', subject, '-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`],
    ...['-keyout', join(dir, 'key'), '-out', join(dir, 'crt')],
  ]);
  return readFileSync(join(dir, 'crt'), 'utf8');
}

const day = 24 * 3600;
interface Found {
  readonly disk: string;
  readonly served?: string;
  readonly server?: string;
  /** Days since it was made. */
  readonly age?: number;
}
const seen = ({ disk, served = disk, server = spec.server, age = 1 }: Found) =>
  certificate
    .parse(
      `@spec ${spec.id}\n@now ${Math.round(Date.now() / 1000 + age * day)}\n${server && `@server ${server}\n`}@disk\n${disk}@served\n${served}`,
      [spec],
    )
    .get(spec.id)!;
const diff = (found: Found) => certificate.diff(spec, seen(found));

t.test('a certificate: one for another domain is replaced, however near the name is', async (t) => {
  const ours = pem(t, [spec.domain]);
  t.equal(diff({ disk: ours }), undefined);
  t.equal(diff({ disk: pem(t, ['old.example.com', spec.domain]) }), undefined, 'one of its names');
  for (const name of ['old.example.com', `www.${spec.domain}`, `${spec.domain}.org`, 'it.example.com', 'example.com'])
    t.match(
      diff({ disk: pem(t, [name]) }),
      { action: 'update', why: `is for DNS:${name}, wanted ${spec.domain}`, impact: 'reload' },
      name,
    );
});

t.test('a certificate: the placeholder, none at all, or a damaged one', async (t) => {
  const placeholder = pem(t, [spec.domain], `/O=${placeholderMark}`);
  for (const disk of [placeholder, '', `${begin}\nAAAA\n`])
    t.match(diff({ disk }), { action: 'create', why: 'only the placeholder is there' });
});

t.test('a certificate: another server, an end that is near, another one that is served', async (t) => {
  const ours = pem(t, [spec.domain]);
  t.match(diff({ disk: ours, server: 'https://ca.example.com/directory' }), { why: /was issued by https:\/\/ca\.ex/ });
  t.equal(diff({ disk: ours, server: '' }), undefined, 'one that certbot knows nothing of');
  t.equal(diff({ disk: ours, age: 74.9 }), undefined, 'the timer has half of the renewal window to itself');
  t.match(diff({ disk: ours, age: 75.1 }), { why: /was not renewed in time/ });
  t.match(diff({ disk: ours, age: 90.1 }), { why: /^expired on / });
  t.match(diff({ disk: ours, served: pem(t, [spec.domain]) }), { action: 'refresh', why: /shows the one before/ });
  t.equal(diff({ disk: ours, served: '' }), undefined, 'a proxy that does not run shows none');
});

t.test('a certificate: only one of another server is asked for although it is not due', async (t) => {
  const ours = pem(t, [spec.domain]);
  const asked = async (found: Found) => {
    const scripts: string[] = [];
    const run = async ({ script = '' }: Command) => {
      scripts.push(script);
      return { code: 0, stdout: '', stderr: '' };
    };
    const change = certificate.diff(spec, seen({ disk: '' }))!;
    await certificate.apply(spec, change, { host: { label: 'x', run } as Host, progress: () => {} }, seen(found));
    return /'?--(force-renewal|keep-until-expiring)/.exec(scripts.join('\n'))?.[1];
  };
  t.equal(await asked({ disk: ours, server: 'https://ca.example.com/directory' }), 'force-renewal');
  t.equal(await asked({ disk: ours }), 'keep-until-expiring');
  t.equal(await asked({ disk: '', server: '' }), 'keep-until-expiring');
});

t.test('a certificate: the failure says what is served meanwhile', async (t) => {
  const host = { label: 'x', run: async () => ({ code: 1, stdout: 'no route', stderr: '' }) } as unknown as Host;
  const fail = (found: Found) =>
    certificate.apply(spec, certificate.diff(spec, seen({ disk: '' }))!, { host, progress: () => {} }, seen(found));
  await t.rejects(fail({ disk: '' }), { exitCode: 20, message: /self-signed placeholder.*no route/s });
  await t.rejects(fail({ disk: pem(t, [spec.domain]) }), { message: /stays up on the certificate that it had/ });
});

t.test('a certificate: what the host is asked for, and what is not there is no failure', async (t) => {
  const [disk, served] = [pem(t, ['git.example.com']), pem(t, ['served.example.com'])];
  const folder = t.testdir({ tls: { current: { 'fullchain.pem': disk } }, acme: { renewal: {} }, served });
  const mine: CertificateSpec = { ...spec, directory: join(folder, 'tls'), stateDirectory: join(folder, 'acme') };
  writeFileSync(
    join(folder, `acme/renewal/${mine.domain}.conf`),
    `[renewalparams]\nserver_old = https://other.example.com\nserver = ${mine.server}\n`,
  );
  const { host, calls } = sandbox(folder, { openssl: `echo 'CONNECTED(3)'; cat '${folder}/served'` });
  const { observed } = await look(host, mine);
  t.match(observed, {
    server: mine.server,
    onDisk: { subjectAltName: /git\.example/ },
    served: { subjectAltName: /served/ },
  });
  t.ok(Math.abs((observed as { now: number }).now - Date.now() / 1000) < 600, 'the clock of the host');
  t.strictSame(calls(), [`openssl s_client -connect ${mine.served} -servername ${mine.domain}`]);

  const { host: bare } = sandbox(folder, { openssl: 'exit 1' });
  const nothing: CertificateSpec = { ...mine, directory: '/nowhere', stateDirectory: '/nowhere' };
  t.equal((await bare.query({ script: certificate.snippet([nothing]) })).code, 0);
  t.match((await look(bare, nothing)).observed, { server: '', onDisk: undefined, served: undefined });
});
