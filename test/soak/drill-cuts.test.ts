// Drills and removals that are killed at their steps: nothing of a drill stays, and nothing is removed that is needed.
import t, { type Test } from 'tap';
import { armCut, type CutAt, cutAt, placeShim, removeShim } from '../lab/cut-docker.ts';
import { person } from '../lab/instance.ts';
import { farAway, offHost } from '../lab/off-host.ts';
import { atRest, convergedLab, HOST, inside, type RunResult, run, soak, variant } from '../lab/suite.ts';

t.setTimeout(0);
const lab = await convergedLab();
const on = async (script: string) => (await inside(lab, script, HOST, 900)).trimEnd();
const config = await variant(lab, 'drill-cuts', {
  ...(await offHost(lab, 'drill-cuts/gitea')),
  // None begins by itself: the newest two whole ones stay off the host.
  'backup.calendar': farAway(),
  'backup.objectives': { database: '1h', repositories: '6h' },
  'backup.retention': { hours: 0, days: 1, weeks: 0, months: 0, years: 0 },
});
const deployed = await run(lab, 'deploy', ['--yes'], config);
if (deployed.code !== 0) throw new Error(deployed.said);
await placeShim(on);
t.teardown(() => removeShim(on));
await person(t, lab, { on, domain: lab.domain, address: lab.hosts[0]!.address }, 'cut-alice').then((alice) =>
  alice.push(),
);

const unit = (name: string) => on(`systemctl start ${name} && echo good || echo failed`);
const good = async (runbook: string, ...words: string[]) => {
  const { code, json, said } = await run(lab, runbook, words, config);
  if (code !== 0) throw new Error(said);
  return json;
};
/** What there is of a drill on the host. */
const left = () =>
  on(`docker ps -a --format '{{.Names}}' | grep -E '^gitea(-backup)?-drill-'
docker network ls --format '{{.Name}}' | grep drill
ls -A /srv/gitea/drill
true`);
interface Drill {
  readonly result: string;
  readonly problems: readonly string[];
}
const drills = async () => ((await good('drill', '--list')).drills as { drill: Drill }[]).map(({ drill }) => drill);

/** Cuts a drill; false when it came to its end before that. */
async function cutDrill(t: Test, at: Omit<CutAt, 'unit'>): Promise<boolean> {
  const before = (await drills()).length;
  await armCut(on, { unit: 'gitea-runbooks-drill', ...at });
  await unit('gitea-runbooks-drill');
  const where = await cutAt(on);
  if (!where) return false;
  t.comment(`cut ${at.when ?? 'before'} ${where}`);
  await on(atRest('gitea-runbooks-drill'));
  t.equal(await unit('gitea-runbooks-backup'), 'good', `the next backup after ${where}`);
  t.equal(await left(), '', `nothing of it is left after ${where}`);
  const since = (await drills()).slice(before);
  t.ok(since.length <= 1, 'recorded once, where it had begun');
  for (const { result, problems } of since) if (result === 'failed') t.match(problems, [/^it was cut off: /], where);
  t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0, 'what is in use is as it was');
  return true;
}

t.test('a drill, killed at its steps', async (t) => {
  await good('backup', '--full');
  t.ok(await cutDrill(t, { call: '--name gitea-backup-drill-', when: 'during' }));
  for (let nth = 1; soak; nth++) if (!(await cutDrill(t, { nth }))) break;
  t.match((await good('drill')).drill, { result: 'passed' });
});

const wholeOffHost = async () =>
  ((await good('backup', '--list')).generations as { id: string; kind: string; places: string[] }[])
    .filter(({ kind, places }) => kind === 'full' && places.includes('remote'))
    .map(({ id }) => id);

/** With the operator's own credentials in the environment, as a shell has them. */
async function prune() {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'operator', AWS_SECRET_ACCESS_KEY: 'operators-own-0123456789' });
  try {
    return await run(lab, 'backup', ['--prune', '--confirm', lab.domain], config);
  } finally {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
  }
}

/** Cuts the removal of what has served its time; false when it came to its end before that. */
async function cutPrune(t: Test, at: Omit<CutAt, 'unit'>): Promise<boolean> {
  while ((await wholeOffHost()).length < 3) await good('backup', '--full');
  await good('backup', '--verify');
  const [newest, second] = await wholeOffHost();
  await armCut(on, { unit: 'gitea-runbooks-prune', ...at });
  const { code, said } = await prune();
  const where = await cutAt(on);
  if (!where) {
    t.equal(code, 0, said);
    return false;
  }
  t.comment(`cut ${at.when ?? 'before'} ${where}`);
  t.equal(code, 20, said);
  t.equal(await unit('gitea-runbooks-backup'), 'good', `the next backup after ${where}`);
  const again = await prune();
  t.equal(again.code, 0, `the same command again after ${where}: ${again.said}`);
  t.same(await wholeOffHost(), [newest, second]);
  t.equal((await run(lab, 'backup', ['--verify', '--all-data'], config)).code, 0, 'all that stays is whole');
  return true;
}

/** The power goes while a job waits at a call; until Gitea serves again. */
async function crashAt(unit: string, call: string, start: () => Promise<unknown>) {
  await armCut(on, { unit, call, when: 'wait' });
  await start();
  await on('until [ -e /run/lab-cut.at ]; do sleep 0.2; done');
  await lab.crash(HOST);
  await on(
    "until docker inspect -f '{{.State.Health.Status}}' gitea-gitea-1 2>/dev/null | grep -q '^healthy'; do sleep 0.5; done",
  );
}

t.test('the power goes in the middle of a drill, and of a removal', async (t) => {
  await good('backup', '--full');
  const before = (await drills()).length;
  const unit_ = 'gitea-runbooks-drill';
  await crashAt(unit_, 'exec gitea-drill-gitea', () => on(`systemctl start --no-block ${unit_}`));
  t.equal(await unit('gitea-runbooks-backup'), 'good');
  t.equal(await left(), '');
  t.match((await drills()).slice(before), [{ result: 'failed', problems: [/^it was cut off: /] }]);

  while ((await wholeOffHost()).length < 3) await good('backup', '--full');
  await good('backup', '--verify');
  const [newest, second] = await wholeOffHost();
  const under: Promise<RunResult>[] = [];
  await crashAt('gitea-runbooks-prune', '--name gitea-backup-prune-remote', async () => under.push(prune()));
  t.not((await under[0])!.code, 0);
  t.equal(await unit('gitea-runbooks-backup'), 'good');
  const again = await prune();
  t.equal(again.code, 0, again.said);
  t.same(await wholeOffHost(), [newest, second]);
});

t.test('a removal off the host, killed at its steps', async (t) => {
  t.ok(await cutPrune(t, { call: '--name gitea-backup-prune-remote', when: 'during' }));
  for (let nth = 1; soak; nth++) if (!(await cutPrune(t, { nth }))) break;
  t.match((await good('drill')).drill, { result: 'passed', from: 'remote' });
  t.equal((await run(lab, 'deploy', ['--yes'])).code, 0, 'back to the config of the lab');
});
