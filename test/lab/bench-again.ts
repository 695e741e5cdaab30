// What an operator does every day on a host that is as wanted, or nearly so.
import { byNpx, byZx, checkSeconds, direct, type Measured, measure, type Parts, parts } from './bench-run.ts';
import { type Row, row } from './bench-table.ts';
import type { Lab } from './lab.ts';
import { inside, variant } from './suite.ts';

const logins = async (lab: Lab) =>
  Number(await inside(lab, "journalctl -q -o cat -u ssh | grep -c '^Accepted publickey' || true"));
const containers = (lab: Lab) =>
  inside(lab, "docker ps -q --no-trunc | sort | xargs docker inspect -f '{{.Id}} {{.State.StartedAt}}'");

/** A login that does nothing: less than that no run over SSH can take. */
const sshTrue = ({ identityFile, knownHostsPath, hosts }: Lab) => [
  ...['ssh', '-i', identityFile, '-o', `UserKnownHostsFile=${knownHostsPath}`, '-o', 'BatchMode=yes'],
  ...[`root@${hosts[0]!.address}`, 'true'],
];

/** Files of the host that changed since the mark, without those that the running service and the system's journal write. */
const written = (lab: Lab) =>
  inside(
    lab,
    `find / -xdev -type f -newercc /run/bench-mark ! -path '/srv/gitea/postgres/*' ! -path '/srv/gitea/gitea/*' ! -path '/var/log/*'
find /run/gitea-runbooks -type f -newercc /run/bench-mark`,
  );

async function repeat(runs: number, words: readonly string[]): Promise<Measured[]> {
  const all: Measured[] = [];
  for (let run = 0; run < runs; run++) all.push(await measure(words));
  return all;
}

const seconds = (runs: readonly Measured[]) => runs.map((run) => run.seconds);

/** Deploy, plan and status with nothing to do. */
export async function nothingToDo(lab: Lab, runs: number, say: (text: string) => void): Promise<Row[]> {
  const to = ['--config', lab.configPath, '--json'];
  say(`nothing to do, ${runs} times each`);
  await measure([...byNpx('deploy'), ...to]); // warms what a first run warms
  const before = await logins(lab);
  await inside(lab, 'touch /run/bench-mark && sleep 0.05');
  // In turn, not in blocks: whatever else the machine does meets all of them alike.
  const [npx, ssh, zx, node, bare, inner] = [[], [], [], [], [], []] as [
    Measured[],
    Measured[],
    Measured[],
    Measured[],
    Measured[],
    Parts[],
  ];
  for (let run = 0; run < runs; run++) {
    npx.push(await measure([...byNpx('deploy'), ...to]));
    ssh.push(await measure(sshTrue(lab)));
    zx.push(await measure([...byZx('deploy'), ...to]));
    node.push(await measure([...direct('deploy'), ...to]));
    bare.push(await measure(['npx', 'zx', '--version']));
    inner.push(await parts(lab.configPath));
  }
  const connections = ((await logins(lab)) - before) / (4 * runs) - 0.25; // four of them deploy, and ssh logs in as well
  const files = (await written(lab)).split('\n').filter(Boolean);
  const part = (name: string, of: (one: Parts) => number, more: Partial<Row> = {}) =>
    row(`  ${name}`, 's', inner.map(of), more);
  return [
    row('deploy, nothing to do: npx zx', 's', seconds(npx), { target: 1 }),
    row('  beside it ssh host true', 's', seconds(ssh)),
    row(
      '  more than that, pair by pair',
      's',
      npx.map((run, index) => run.seconds - ssh[index]!.seconds),
    ),
    row('  of it npx zx alone (npx zx --version)', 's', seconds(bare)),
    row('deploy, nothing to do: zx without npx', 's', seconds(zx), { target: 3 }),
    row('deploy, nothing to do: node', 's', seconds(node), { target: 3 }),
    part('start Node, load the library and the config', ({ load }) => load),
    part('connect', ({ connect }) => connect),
    part('take the lock, with the facts', ({ lock }) => lock),
    part('probe and diff', ({ look }) => look),
    part('connect + facts + probe + diff', ({ connect, lock, look }) => connect + lock + look, { target: 0.8 }),
    part('new passwords?', ({ collect }) => collect),
    part('checks from outside, what is left of them', ({ checks }) => checks),
    part('record, unlock, close', ({ end }) => end),
    row('connections to sshd in a deploy', '', [connections], { target: 1 }),
    row('files written on the host, all runs together', '', [files.length], { target: 2, note: files.join(' ') }),
    row(
      'memory of a deploy: zx (peak)',
      'MiB',
      zx.map(({ peakMiB }) => peakMiB),
      { target: 200 },
    ),
    row(
      'memory of a deploy: node (peak)',
      'MiB',
      node.map(({ peakMiB }) => peakMiB),
      { target: 200 },
    ),
    row('plan, nothing to do: npx zx', 's', seconds(await repeat(runs, [...byNpx('plan'), ...to]))),
    row('plan, nothing to do: node', 's', seconds(await repeat(runs, [...direct('plan'), ...to]))),
    row('status: npx zx', 's', seconds(await repeat(runs, [...byNpx('status'), ...to]))),
    row('status: node', 's', seconds(await repeat(runs, [...direct('status'), ...to]))),
  ];
}

/** The upload limit changed and changed back; nothing but Nginx's configuration is taken up anew. */
export async function uploadLimit(lab: Lab, runs: number, say: (text: string) => void): Promise<Row[]> {
  say(`change of the upload limit, ${runs} times`);
  const other = await variant(lab, 'bench', { 'proxy.maxUploadSize': '200m' });
  const before = await containers(lab);
  const all: Measured[] = [];
  for (let run = 0; run < runs; run++) {
    const config = run % 2 === 0 ? other : lab.configPath;
    all.push(await measure([...byNpx('deploy'), '--config', config, '--yes', '--json']));
  }
  const untouched = (await containers(lab)) === before;
  if (runs % 2 === 1) await measure([...byNpx('deploy'), '--config', lab.configPath, '--yes', '--json']);
  const note = untouched ? 'no container restarted' : 'CONTAINERS WERE RESTARTED';
  return [
    row(
      'change of the upload limit: npx zx, without checks',
      's',
      all.map((run) => run.seconds - checkSeconds(run.seen)),
      { note },
    ),
    row('  with full checks', 's', seconds(all)),
  ];
}

/** What lies on the host, and what is published. */
export async function sizes(lab: Lab): Promise<Row[]> {
  const size = async (folder: string) => Number(await inside(lab, `du -sb /opt/gitea-runbooks/${folder} | cut -f1`));
  const [pack] = JSON.parse((await measure(['npm', 'pack', '--dry-run', '--ignore-scripts', '--json'])).stdout);
  return [
    row('on the host beside Node', 'MiB', [(await size('releases')) / 2 ** 20], { target: 10 }),
    row('Node on the host', 'MiB', [(await size('node')) / 2 ** 20]),
    row('npm package', 'kB', [pack.size / 1000], { note: `${(pack.unpackedSize / 1000).toFixed(0)} kB unpacked` }),
  ];
}
