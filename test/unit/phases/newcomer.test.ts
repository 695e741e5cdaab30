import t from 'tap';
import { parse } from 'yaml';
import { sha256 } from '../../../lib/core/hash.ts';
import type { ComposeSpec, Spec } from '../../../lib/core/spec.ts';
import { preflight } from '../../../lib/jobs/doctor/preflight.ts';
import { preflightScript } from '../../../lib/jobs/doctor/preflight-script.ts';
import { report } from '../../../lib/jobs/status/index.ts';
import { compose } from '../../../lib/kinds/compose.ts';
import { idsOf } from '../../../lib/kinds/compose-health.ts';
import { contributions, desiredState, phases, withStack } from '../../../lib/phases/index.ts';
import type { Phase, Service } from '../../../lib/phases/phase.ts';
import { specsOf } from '../../../lib/phases/specs.ts';
import { input } from './input.ts';

const { directory } = specsOf('metrics');

const service: Service = {
  name: 'metrics',
  image: 'prom/prometheus:v3.5.0',
  impact: 'none',
  data: 'metrics',
  address: 4,
  ports: [9443],
  memory: { least: 256, share: 1 / 16, most: 2048 },
  text: ({ config }, limitMiB) => `  metrics:
    image: ${config.domain === '' ? '' : 'prom/prometheus:v3.5.0'}
    mem_limit: ${limitMiB}m
    ports: ["9443:9443"]
`,
};

/** Everything that a phase can bring. No other file knows of it. */
const metrics: Phase = {
  name: 'metrics',
  needs: ['release'],
  desired: ({ config }) => [directory(`${config.host.dataPath}/metrics`, '0700', 65534)],
  services: () => [service],
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
  status: () => [
    {
      id: 'metrics',
      title: 'Metrics',
      script: 'echo 12',
      read: (answer) => ({ good: false, text: `${answer} series` }),
    },
  ],
};

const all = withStack([...phases.filter(({ name }) => name !== 'stack' && name !== 'firewall'), metrics]);
const { config } = input();
const brought = contributions(config, all);
const specs = desiredState(input(), all);
const project = specs.find((spec): spec is ComposeSpec => spec.kind === 'compose')!;

t.test('its service is in the compose file, with its limit; the others are as without it', async (t) => {
  const { services } = parse(project.text);
  t.same(services.metrics, { image: service.image, mem_limit: '512m', ports: ['9443:9443'] });
  delete services.metrics;
  const without = desiredState(input()).find((spec): spec is ComposeSpec => spec.kind === 'compose')!;
  t.same(services, parse(without.text).services);
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
  const text = `check\tmetrics\t12
port\t*:9443\tusers:(("python3",pid=77,fd=4))
container\tgitea-metrics-1\tother\t
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
      'database 512 + gitea 640 + proxy 128 + metrics 256 + export 64 + certbot 256 + system 224 = 2080 MiB, the host has 1963 MiB',
  });
  t.match(look(2080).get('memory'), { status: 'warn' });
});

t.test('a host too small for all is refused by plan and deploy', async (t) => {
  const small = input({ facts: { memoryMiB: 1963 } });
  t.throws(() => desiredState(small, all), {
    kind: 'refused',
    message: /metrics 256 .* = 2080 MiB, the host has 1963/,
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
  for (const [more, message] of cases) {
    const bring = () => contributions(config, [...all, like(more)]);
    if (message) t.throws(bring, message);
    else t.doesNotThrow(bring);
  }
});
