import t from 'tap';
import { parseImage } from '../../../lib/config/grammar/image.ts';
import { compareVersions, parseGiteaVersion, parseVersion } from '../../../lib/config/grammar/version.ts';
import { parseConfig } from '../../../lib/config/load.ts';
import { goodWith, problemsOf } from './sample.ts';

const digest = `sha256:${'0a'.repeat(32)}`;

t.test('references', async (t) => {
  t.strictSame(parseImage('postgres:18.6'), { repository: 'postgres', tag: '18.6' });
  t.strictSame(parseImage('gitea/gitea:1.27.3-rootless'), { repository: 'gitea/gitea', tag: '1.27.3-rootless' });
  t.strictSame(parseImage(`registry.corp.test:5000/a/b:1@${digest}`), {
    registry: 'registry.corp.test:5000',
    repository: 'a/b',
    tag: '1',
    digest,
  });
  t.strictSame(parseImage('localhost/a'), { registry: 'localhost', repository: 'a' });
  t.strictSame(parseImage('registry.corp.test:5000/a'), { registry: 'registry.corp.test:5000', repository: 'a' });
  for (const bad of ['', ':1', 'A:1', 'a b:1', 'a:', 'a@sha256:12', 'a//b:1', 'a:-1', 'https://a/b:1', 'a:1:2']) {
    t.equal(parseImage(bad), undefined, `"${bad}" is none`);
  }
});

t.test('Gitea versions follow each other across the change of numbering', async (t) => {
  const order = ['1.22.6', '1.26.4', '1.27.0-rootless', '1.27.3-rootless', '28.0.0', '28.1.0-rootless', '29.0.0'];
  const numbers = order.map((text) => parseGiteaVersion(text)!.numbers);
  t.strictSame([...numbers].reverse().sort(compareVersions), numbers);
  t.strictSame(parseGiteaVersion('1.27.3-rootless'), { numbers: [27, 3], exact: true, suffix: 'rootless' });
  t.strictSame(parseGiteaVersion('28.1-rootless'), { numbers: [28, 1], exact: false, suffix: 'rootless' });
  t.strictSame(parseVersion('v5.9.0'), { numbers: [5, 9, 0], exact: true, suffix: '' });
  for (const bad of ['1', '1.28.0', '2.0.0', '27.0.0', 'nightly', '1.27.x', '', '1.27.3 ', '1.27.3+1']) {
    t.equal(parseGiteaVersion(bad), undefined, `"${bad}" is none`);
  }
});

const cases: readonly (readonly [image: string, severity: 'error' | 'warning' | 'fine', message: RegExp])[] = [
  ['gitea: gitea/gitea:28.1.0-rootless', 'fine', /^$/],
  ['gitea: gitea/gitea:30.2.1-rootless', 'fine', /^$/],
  [`gitea: gitea/gitea:28.1-rootless@${digest}`, 'fine', /^$/],
  ['gitea: gitea/gitea:1.27.3', 'error', /runs as root, allowed is a tag that ends in -rootless/],
  ['gitea: gitea/gitea:1.27.3-rootless-x', 'error', /runs as root, allowed is a tag that ends in -rootless/],
  ['gitea: gitea/gitea:1.27.3-unrootless', 'error', /runs as root/],
  ['gitea: gitea/gitea:latest-rootless', 'error', /whose tag changes under you/],
  ['gitea: gitea/gitea', 'error', /without a tag, which means latest/],
  [`gitea: gitea/gitea@${digest}`, 'error', /does not tell its version, allowed is repository:tag@sha256/],
  [
    'gitea: gitea/gitea:nightly-rootless',
    'error',
    /"nightly-rootless" is not a known form of version, allowed is a version/,
  ],
  ['gitea: gitea/gitea:1.28.0-rootless', 'error', /no such Gitea: 28\.0 came after 1\.27/],
  ['gitea: Gitea/gitea:28.1.0-rootless', 'error', /allowed is an image reference/],
  ['gitea: gitea/gitea:1.22.6-rootless', 'warning', /out of support \(security fixes go to 28\.x and 1\.27\.x only\)/],
  ['gitea: gitea/gitea:1.27.2-rootless', 'warning', /lacks the fixes of CVE-2026-60018/],
  ['gitea: gitea/gitea:28.2.0-rc0-rootless', 'warning', /a release for testing/],
  ['gitea: gitea/gitea:28-rootless', 'warning', /tag moves with every release/],
  ['postgres: postgres:18.6-trixie', 'fine', /^$/],
  ['postgres: postgres:17.6', 'error', /is PostgreSQL 17, allowed is 18/],
  ['postgres: postgres:19.1', 'error', /is PostgreSQL 19, allowed is 18/],
  ['postgres: postgres:18.6-alpine3.22', 'error', /another number \(70, not 999\).* drop "-alpine3\.22"/],
  ['postgres: postgres:18.3', 'warning', /lacks the security fixes of 18\.4/],
  ['postgres: postgres:18', 'warning', /tag moves/],
  ['postgres: postgres:latest', 'error', /changes under you/],
  ['nginx: nginx:1.31.2', 'fine', /^$/],
  ['nginx: nginx:1.30.4-alpine-slim', 'error', /without Nginx's JavaScript.* drop the "-slim"/],
  ['nginx: nginx:1.30.1-alpine', 'warning', /exposed to CVE-2026-42945/],
  ['nginx: nginx:1.31.0', 'warning', /exposed/],
  ['nginx: nginx:stable-alpine', 'error', /not a known form of version/],
  [`nginx: nginx@${digest}`, 'warning', /digest only/],
  ['certbot: certbot/certbot:v3.3.0', 'warning', /renews at 30 days left/],
];

t.test('images in the configuration', async (t) => {
  for (const [image, severity, message] of cases) {
    const { problems } = parseConfig(goodWith(`images: {${image.replace(': ', ': "')}"}`), 'f.yaml');
    t.match(problems[0]?.message ?? '', message, image);
    t.strictSame(
      problems.map((problem) => problem.severity),
      severity === 'fine' ? [] : [severity],
      image,
    );
  }
});

t.test('a certbot without profiles', async (t) => {
  const text = goodWith('  profile: tlsserver\nimages: {certbot: "certbot/certbot:v3.3.0"}');
  t.match(problemsOf(text), [
    /^f\.yaml:10:19 images\.certbot: .* knows no certificate profiles, but tls\.profile is tlsserver/,
  ]);
  t.equal(problemsOf(text.replace('v3.3.0', 'v5.9.0')).length, 0);
});
