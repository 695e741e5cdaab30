import t from 'tap';
import { parse } from 'yaml';
import { sha256 } from '../../../lib/core/hash.ts';
import type { ComposeSpec, Spec } from '../../../lib/core/spec.ts';
import { preflight } from '../../../lib/jobs/doctor/preflight.ts';
import { preflightScript } from '../../../lib/jobs/doctor/preflight-script.ts';
import { report } from '../../../lib/jobs/status/index.ts';
import { compose } from '../../../lib/kinds/containers/compose.ts';
import { idsOf } from '../../../lib/kinds/containers/compose-health.ts';
import { stopOrder } from '../../../lib/phases/contributions.ts';
import { contributions, desiredState, parts, withStack } from '../../../lib/phases/index.ts';
import type { Phase, SecretFile, Service } from '../../../lib/phases/phase.ts';
import { secretPath } from '../../../lib/phases/secrets.ts';
import { specsOf } from '../../../lib/phases/specs.ts';
import { input } from './input.ts';

const { directory } = specsOf('metrics');

t.test('requests wait for the restart of each service that they go through', async (t) => {
  const { services } = contributions(input().config);
  const used = (name: string): string[] => [
    name,
    ...(services.find((service) => service.name === name)?.uses ?? []).flatMap(used),
  ];
  const held = desiredState(input()).find((spec): spec is ComposeSpec => spec.kind === 'compose')!.hold!.of;
  t.same([...held].sort(), [...new Set(used('gitea'))].sort(), 'lib/phases/proxy.ts names them');
});

const service: Service = {
  name: 'metrics',
  image: 'prom/prometheus:v3.5.0',
  impact: 'none',
  data: 'metrics',
  address: 4,
  ports: [9443],
  memory: { least: 256, share: 1 / 16, most: 2048 },
  uses: ['gitea'],
  grace: 90,
  text: ({ secrets }, limitMiB) => `  metrics:
    image: prom/prometheus:v3.5.0
    mem_limit: ${limitMiB}m
    ports: ["9443:9443"]
    volumes: ["${secretPath(token, secrets)}:/token:ro"]
    networks: [watch]
`,
};

/** Its container reads the token of /metrics as a user of its own. */
const token: SecretFile = { secret: 'gitea_metrics_token', reader: { name: 'metrics', uid: 65534 } };

/** Brings another container to it, and comes first in the list: the order of a stop is none of the list's. */
const exporter: Phase = {
  name: 'exporter',
  needs: [],
  desired: () => [],
  services: () => [
    {
      ...{ name: 'exporter', image: 'prom/node-exporter:v1.9.1', impact: 'none', uses: ['metrics'], grace: 35 },
      memory: { least: 32, share: 0, most: 32 },
      text: () => '  exporter:\n    image: prom/node-exporter:v1.9.1\n    networks: [watch]\n',
    },
  ],
};

/** Everything that a phase can bring. No other file knows of it. */
const metrics: Phase = {
  name: 'metrics',
  needs: ['release'],
  desired: ({ config }) => [directory(`${config.host.dataPath}/metrics`, '0700', 65534)],
  services: () => [service],
  networks: () => [{ name: 'watch', text: ({ config }) => `  watch:\n    labels: [${config.domain}]\n` }],
  secrets: () => [token],
  beforeStart: (_input, phase) => [{ ...directory('/before'), phase }],
  afterStart: (_input, phase) => [{ ...directory('/after'), phase }],
  images: () => ['busybox:1.37'],
  memory: () => [{ who: 'export', least: 64, share: 0, most: 64 }],
  checks: () => [
    {
      id: 'metrics',
      title: 'entropy',
      script: 'cat /proc/sys/kernel/random/entropy_avail',
      judge: (answer) => ({ status: answer === '256' ? 'pass' : 'fail', detail: `${answer} bits`, next: 'wait' }),
    },
  ],
  reaches: () => [
    { id: 'push', title: 'long-term store', url: 'https://metrics.example.com', ownRoots: true },
    { id: 'news', title: 'list of releases', url: 'https://example.com/releases' },
  ],
  examines: () => [
    {
      id: 'metrics-volume',
      title: 'volume of the metrics',
      spec: {
        kind: 'volume',
        id: 'volume:/m',
        phase: 'metrics',
        path: '/m',
        device: '/dev/disk/by-id/m',
        unit: 'm.mount',
        files: [],
      },
    },
  ],
  status: () => [
    {
      id: 'metrics',
      title: 'Metrics',
      script: 'echo 12',
      read: (answer) => ({ good: false, text: `${answer} series` }),
    },
  ],
};

const all = withStack([exporter, ...parts, metrics]);
const { config } = input();
const brought = contributions(config, all);
const specs = desiredState(input(), all);
const project = specs.find((spec): spec is ComposeSpec => spec.kind === 'compose')!;

t.test('its service is in the compose file, with its limit; the others are as without it', async (t) => {
  const { services } = parse(project.text);
  const file = secretPath(token, input().secrets);
  t.same(services.metrics, {
    ...{ image: service.image, mem_limit: '512m', ports: ['9443:9443'] },
    ...{ volumes: [`${file}:/token:ro`], networks: ['watch'] },
  });
  delete services.metrics;
  delete services.exporter;
  const without = desiredState(input()).find((spec): spec is ComposeSpec => spec.kind === 'compose')!;
  t.same(services, parse(without.text).services);
});

t.test('its network is in the compose file, the others are as without it', async (t) => {
  const { networks } = parse(project.text);
  t.same(networks.watch, { labels: ['git.example.com'] });
  delete networks.watch;
  const without = desiredState(input()).find((spec): spec is ComposeSpec => spec.kind === 'compose')!;
  t.same(networks, parse(without.text).networks);
  t.same(Object.keys(networks), ['frontend', 'backend']);
});

t.test('its reader has a file of its own, which only it can read; the one of root stays', async (t) => {
  const file = secretPath(token, input().secrets);
  t.match(file, /^\/etc\/gitea-runbooks\/secrets\/gitea_metrics_token\.metrics\.[0-9a-f]{12}$/);
  const files = specs.flatMap((spec) => (spec.kind === 'file' && spec.path.includes('metrics_token') ? [spec] : []));
  t.match(files, [
    { uid: 0, mode: '0400' },
    { path: file, uid: 65534, gid: 65534, mode: '0400' },
  ]);
  t.equal(files.length, 2);
  t.equal(String(files[0]?.content), String(files[1]?.content));
  const old = specs.find(({ id }) => id === 'leftovers:/etc/gitea-runbooks/secrets');
  const kept = old?.kind === 'leftovers' ? old.keep.filter((one) => one.includes('metrics_token')) : [];
  t.same(
    kept,
    files.map(({ path }) => path.slice('/etc/gitea-runbooks/secrets/'.length)),
    'known to the look for old files',
  );
});

t.test('at a shutdown each stops before what it uses, and the unit has the time for all', async (t) => {
  const content = (path: string) =>
    specs.flatMap((spec) => (spec.kind === 'file' && spec.path === path ? [String(spec.content)] : []))[0];
  const order = ['proxy', 'wal', 'exporter', 'metrics', 'gitea', 'database'];
  t.same(
    stopOrder(brought).map(({ name }) => name),
    order,
  );
  t.match(content('/opt/gitea-runbooks/shutdown.sh'), `each ${order.map((name) => `gitea-${name}-1`).join(' ')})`);
  // What the five may take, and half a minute.
  t.match(content('/etc/systemd/system/gitea-runbooks-shutdown.service'), /^TimeoutStopSec=420$/m);
  const lost = contributions(config, withStack([...parts, exporter]));
  t.throws(() => stopOrder(lost), /service exporter needs metrics, which does not exist/);
});

t.test('its specs come before the containers, its own two moments before and after their start', async (t) => {
  const ids = specs.map(({ id }) => id);
  const order = [
    'directory:/srv/gitea/metrics',
    'images:stack',
    'directory:/before',
    'compose:gitea',
    'directory:/after',
  ];
  t.same(
    ids.filter((id) => order.includes(id)),
    order,
  );
  t.same(specs.find(({ id }) => id === 'images:stack')?.kind, 'images');
  const images = specs.find((spec) => spec.kind === 'images');
  t.same(images?.refs.slice(-2), [config.images.certbot, 'busybox:1.37']);
  t.ok(images?.refs.includes(service.image));
});

t.test('the plan looks at its container, and says what making it anew costs', async (t) => {
  const wanted = project.services.flatMap(({ name, image }) => [`image\t${image}\tsha256:i\t`, `hash\t${name}\tabc`]);
  // What a container reads when it starts is as it is wanted, and older than its start.
  const read = project.services.flatMap(({ reads = [] }) =>
    reads.map(({ path, content }) => `read\t${sha256(content.reveal())}\t1\t${path}`),
  );
  const rows = (health: string) =>
    project.services
      .filter(({ name }) => name !== 'metrics' || health)
      .map(({ name, image }) => {
        const mount = name === 'metrics' ? '/srv/gitea/metrics|' : '';
        return `container\t${name}\tabc\trunning\thealthy\t${mount}\t${image}\tsha256:i\tsha256:i\t2026-11-23T12:00:00Z`;
      });
  const found = (lines: string[]) =>
    compose.parse(['engine', 'project\tgitea', ...wanted, ...read, ...lines].join('\n'), [project]).get(project.id)!;
  t.match(compose.diff(project, found(rows(''))), { title: 'container metrics', impact: 'none' });
  t.equal(compose.diff(project, found(rows('healthy'))), undefined);
  const elsewhere = rows('healthy').map((line) => line.replace('/srv/gitea/metrics', '/old/metrics'));
  t.match(compose.diff(project, found(elsewhere)), { impact: 'destroys-data', why: /lies in \/old, / });
});

t.test('its port is open to whom the config lets in, as the others are', async (t) => {
  const rules = (wanted: readonly Spec[]) => wanted.flatMap((spec) => (spec.kind === 'firewall' ? spec.rules : []))[0];
  t.match(rules(specs), 'ct original proto-dst { 443, 2222, 9443 } goto web');
  t.match(rules(desiredState(input())), 'ct original proto-dst { 443, 2222 } goto web');
});

t.test('health is asked of it by name', async (t) => {
  t.match(idsOf(project), '$1 == "metrics"');
});

t.test('doctor asks its question, its port, its name and its memory', async (t) => {
  const script = preflightScript(config, '', brought);
  t.match(script, 'sport = :9443');
  t.match(script, 'entropy_avail');
  t.match(
    preflightScript(config, 'PEM', brought),
    "printf '%s' PEM | curl -sS -o /dev/null --max-time 10 -w '%{http_code}' --cacert /dev/stdin https://metrics.example.com 2>&1",
  );
  t.match(
    preflightScript(config, 'PEM', brought),
    "-w '%{http_code}' https://example.com/releases",
    'with the roots of the host alone',
  );
  t.notMatch(script, '--cacert', 'there are none');
  t.match(script, '/dev/disk/by-id/m');
  const text = `check\tmetrics\t12
port\t*:9443\tusers:(("python3",pid=77,fd=4))
container\tgitea-metrics-1\tother\t
spec\tmetrics-volume\tvolume:/m\tenabled\t
reach\tpush\t404
reach\tnews\tcurl: (60) no issuer
reach\tnews\tMore details here
reach\tnews\t000
reach\tacme\tnone
`;
  const { facts } = input();
  const look = (memoryMiB: number) => {
    const { results } = preflight({ config, facts: { ...facts, memoryMiB }, text, now: facts.clock, brought });
    return new Map(results.map((result) => [result.id, result]));
  };
  const of = look(1963);
  t.match(of.get('metrics'), { status: 'fail', title: 'entropy', detail: '12 bits', next: 'wait' });
  t.match(of.get('port:9443'), { status: 'fail', detail: /python3/ });
  t.match(of.get('containers'), { status: 'fail', detail: /gitea-metrics-1/ });
  t.match(of.get('memory'), {
    status: 'fail',
    detail:
      'exporter 32 + database 512 + gitea 640 + wal 48 + proxy 128 + metrics 256 + backup 128 + export 64 + certbot 256 + system 224 = 2288 MiB, the host has 1963 MiB',
  });
  t.match(of.get('push'), { status: 'pass', title: 'long-term store', detail: 'https://metrics.example.com answers' });
  t.strictSame(of.get('news')?.detail, 'https://example.com/releases: curl: (60) no issuer');
  t.match(of.get('news'), { status: 'fail', next: /curl -v/ });
  t.match(of.get('acme'), { status: 'skip', detail: /no curl/ });
  t.match(of.get('metrics-volume'), {
    status: 'fail',
    title: 'volume of the metrics',
    detail: /not attached/,
    next: /attach it/,
  });
  t.match(look(2288).get('memory'), { status: 'warn' });
});

t.test('a host too small for all is refused by plan and deploy', async (t) => {
  const small = input({ facts: { memoryMiB: 1963 } });
  t.throws(() => desiredState(small, all), {
    kind: 'refused',
    message: /metrics 256 .* = 2288 MiB, the host has 1963/,
  });
  t.doesNotThrow(() => desiredState(small));
});

t.test('status shows its container and its line', async (t) => {
  const row = (name: string) => `service\t${name}\timage\trunning\thealthy\t2026-11-23T12:00:00Z\t0`;
  const rows = ['database', 'gitea', 'proxy', 'once'].map(row);
  const found = report([...rows, 'line\tmetrics\t12'].join('\n'), 0, [], brought);
  t.match(
    found.services.map(({ name, state }) => [name, state]),
    [
      ['database', 'running'],
      ['exporter', 'missing'],
      ['gitea', 'running'],
      ['metrics', 'missing'],
      ['proxy', 'running'],
    ],
  );
  t.strictSame(
    found.lines.find(({ title }) => title === 'Metrics'),
    { title: 'Metrics', good: false, text: '12 series' },
  );
});

t.test('what there is only once cannot be wanted twice', async (t) => {
  const like = (more: Partial<Service>): Phase => ({
    ...{ name: 'other', needs: [], desired: () => [] },
    services: () => [{ ...service, ...more }],
  });
  const other = { name: 'other', address: 5, ports: [9444] };
  const cases: [Partial<Service>, RegExp | undefined][] = [
    [other, undefined],
    [{ ...other, ports: [9443] }, /same port: 9443/],
    [{ ...other, address: 4 }, /same address: 4/],
    [{ ...other, name: 'metrics' }, /same name.*: metrics/],
    [{ ...other, address: 8 }, /address 8/],
  ];
  const network: Phase = { name: 'other', needs: [], desired: () => [], networks: metrics.networks! };
  t.throws(() => contributions(config, [...all, network]), /same network: watch/);
  const secret: Phase = { name: 'other', needs: [], desired: () => [], secrets: () => [token] };
  t.throws(() => contributions(config, [...all, secret]), /same file of a secret: gitea_metrics_token.metrics/);
  for (const [more, message] of cases) {
    const bring = () => contributions(config, [...all, like(more)]);
    if (message) t.throws(bring, message);
    else t.doesNotThrow(bring);
  }
});
