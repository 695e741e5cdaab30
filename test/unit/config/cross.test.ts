import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { good, goodWith, problemsOf } from './sample.ts';

const cases: readonly (readonly [name: string, text: string, expected: string | undefined])[] = [
  [
    'SSH port of Gitea on 80',
    goodWith('gitea: {sshPort: 80}'),
    'f.yaml:9:18 gitea.sshPort: is 80, where the proxy serves HTTP, allowed is any other port, for example 2222',
  ],
  [
    'on 443',
    goodWith('gitea: {sshPort: 443}'),
    'f.yaml:9:18 gitea.sshPort: is 443, where the proxy serves HTTP, allowed is any other port, for example 2222',
  ],
  [
    'on the status port',
    goodWith('gitea: {sshPort: 8081}'),
    'f.yaml:9:18 gitea.sshPort: is 8081, where the proxy tells its own status, allowed is any other port, for example 2222',
  ],
  [
    "on the host's own",
    goodWith('gitea: {sshPort: 22}'),
    "f.yaml:9:18 gitea.sshPort: is 22, where the host's own SSH server listens (host.port), allowed is any other port, for example 2223",
  ],
  [
    "on 22 when the host's own is elsewhere",
    good.replace('domain:', '  port: 2200\ndomain:').concat('gitea: {sshPort: 22}\n'),
    undefined,
  ],
  [
    "the host's own on Gitea's default, shown where it is written",
    good.replace('domain:', '  port: 2222\ndomain:'),
    "f.yaml:3:9 gitea.sshPort: is 2222, where the host's own SSH server listens (host.port), allowed is any other port, for example 2223",
  ],
  [
    'staging with a directory',
    `${good}  staging: true\n  directory: https://acme.corp.test/dir\n`,
    "f.yaml:10:14 tls.directory: is set together with tls.staging: true, allowed is one of them - staging belongs to Let's Encrypt",
  ],
  ['a directory alone', `${good}  directory: https://acme.corp.test/dir\n`, undefined],
  [
    'network around the host',
    good.replace('git-host.corp.test', '10.9.0.7').concat('network: {subnet: 10.9.0.0/24}\n'),
    'f.yaml:9:19 network.subnet: is 10.9.0.0/24, which holds host.address 10.9.0.7, allowed is a private network that is not in use yet',
  ],
  [
    'push larger than the limit',
    goodWith('proxy: {maxUploadSize: 50m}'),
    'f.yaml:9:24 verify.pushSizeMiB: is 100 MiB, which the proxy would refuse (proxy.maxUploadSize is 50m), allowed is less than that limit',
  ],
  ['push below the limit', goodWith('proxy: {maxUploadSize: 50m}\nverify: {pushSizeMiB: 20}'), undefined],
  ['no limit', goodWith('proxy: {maxUploadSize: "0"}'), undefined],
  [
    'weekly renewal of short-lived certificates',
    `${good}  profile: shortlived\n  renewCalendar: weekly\n`,
    'f.yaml:10:18 tls.renewCalendar: is weekly, which does not come every day, allowed for a certificate of 160 hours is at least once a day, for example *-*-* 03,15:27:00',
  ],
  [
    'secrets where the host keys are',
    goodWith('secrets: {file: gitea.known_hosts}'),
    'f.yaml:9:17 secrets.file: is gitea.known_hosts, the same file as host.knownHosts, allowed is a file of its own',
  ],
];

for (const [name, text, expected] of cases)
  t.strictSame(problemsOf(text), expected === undefined ? [] : [expected], name);

t.test('weekly renewal of longer certificates is doubtful, not wrong', async (t) => {
  const { config, problems } = parseConfig(`${good}  renewCalendar: weekly\n`, 'f.yaml');
  t.ok(config);
  t.match(problems, [{ severity: 'warning', path: 'tls.renewCalendar', line: 9, column: 18 }]);
});
