// The runbooks as processes: words, flags, output, exit codes, signals. The account is a folder; all else is as ever.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { startIn } from '../unit/cli/child.ts';
import { bundle } from './bundle.ts';
import { lockOf, setUp, setUpApplied } from './setup.ts';

t.setTimeout(180_000);

const runbook = await bundle(t, 'infra');

async function ready(t: Test, applied = true, trouble = {}) {
  const run = await (applied ? setUpApplied : setUp)(t);
  const env = { ...run.env, TROUBLE: JSON.stringify(trouble) };
  const start = (...words: string[]) => startIn(env, runbook, ...words, '--config', run.file);
  return { ...run, start, infra: (...words: string[]) => start(...words).ended };
}

t.test('words', async (t) => {
  const { infra } = await ready(t, false);
  t.match(await infra(), {
    code: 1,
    stdout: '',
    stderr: /a word is missing: npx zx runbooks\/infra\.mjs plan\|apply\|destroy\|output \[flags\]\nNext: see --help/,
  });
  t.match(await infra('aply'), { code: 1, stderr: /unknown word 'aply'.*did you mean apply\?/ });
  t.match(await infra('--help'), {
    code: 0,
    stdout: /Usage: npx zx runbooks\/infra\.mjs plan\|apply\|destroy\|output \[flags\]/,
  });
});

t.test('plan', async (t) => {
  const { infra } = await ready(t, false);
  const { code, stdout, stderr } = await infra('plan', '--exit-code');
  t.equal(code, 2);
  t.match(
    stdout,
    /^Plan for AWS account 210987654321, eu-central-1: 47 to create, 0 unchanged — impact: none\n {2}\+ aws_ebs_volume\.data /,
  );
  t.match(
    stdout,
    /\nCost: 50\.31 USD a month \(now: 0\.00 USD a month\) = t3\.medium 35\.04 \+ system disk, 30 GiB gp3 2\.86 \+ /,
  );
  t.match(stderr, /^Terraform is set up \(/);
  t.notMatch(stderr, 'to create', 'the plan is the result, and told once');
  t.equal((await infra('plan')).code, 0);
  const document = JSON.parse((await infra('plan', '--json')).stdout);
  t.match(document, { place: /^AWS account/, summary: { applies: true, losses: [], after: { total: 50.31 } } });
});

t.test('apply, without a terminal', async (t) => {
  const { infra, state, inventory } = await ready(t, false);
  const refused = await infra('apply');
  t.match(refused, {
    code: 22,
    stdout: '',
    stderr: /no terminal to ask on: Make these 47 changes in AWS\?\nNext: .*--yes/,
  });
  t.match(refused.stderr, /47 to create/, 'the plan was shown');
  t.notOk(existsSync(inventory));
  const { code, stdout, stderr } = await infra('apply', '--yes');
  t.equal(code, 0);
  t.match(stdout, /: 47 changes made in .* s\nWritten: .*gitea\.inventory\.json\nWritten: .*gitea\.known_hosts\n/);
  t.match(stdout, /\nThe host: ubuntu@198\.51\.100\.7\. Next: npx zx runbooks\/deploy\.mjs\n$/);
  t.match(stderr, /\naws_instance\.host: created \(1\.0 s\)\n/);
  t.equal(state().resources.length > 20, true);
  t.match(await infra('apply'), { code: 0, stdout: /: nothing to do \(/ });
  t.match(JSON.parse((await infra('output', '--json')).stdout), {
    inventory: { address: '198.51.100.7' },
    written: [],
  });
});

t.test('what is protected: --yes is not enough, wrong words are not, the right ones are', async (t) => {
  const { infra, commands } = await ready(t);
  const loss =
    'This replaces or destroys the host (its system disk goes, Gitea is down until the next deploy; the data volume stays).';
  const yes = await infra('apply', '--replace-host', '--yes');
  t.match(yes, { code: 22, stdout: '' });
  t.match(
    yes.stderr,
    `Error: ${loss} That needs a confirmation by name, which --yes is not, and there is no terminal to ask on\nNext: read the plan, and if that is what you want, run the same command again with --confirm 'host'\n`,
  );
  const wrong = await infra('destroy', '--yes', '--confirm', 'the host');
  t.match(wrong, { code: 22 });
  t.match(
    wrong.stderr,
    `Error: ${loss} It was confirmed with other words than its own: 'the host'\nNext: nothing was changed; read the plan, and if that is what you want: --confirm 'host'\n`,
  );
  const most = await infra('destroy', '--with-data', '--confirm', 'host');
  t.match(
    most.stderr,
    /the data volume .*, the backup bucket, the secrets .*\n.*--confirm 'host data-volume backup-bucket secrets'\n/,
  );
  t.match(
    most.stderr,
    /47 to destroy, 0 unchanged — impact: destroys-data \(.*\n {2}- aws_ebs_volume\.data +\(data volume: to be destroyed\) \[destroys-data\]/,
    'and is shown before',
  );
  t.notOk(commands().some((line) => line.startsWith('apply')));
  t.match(await infra('destroy', '--confirm', 'host'), {
    code: 0,
    stdout:
      /27 things destroyed in .*\nWhat holds data stays, for 8\.76 USD a month plus what is stored in the backup bucket:\n {2}aws_ebs_volume\.data\n[\s\S]*To be rid of it: .*destroy --with-data/,
  });
  t.match(await infra('destroy', '--with-data', '--confirm', 'data-volume backup-bucket secrets'), {
    code: 0,
    stdout: /20 things destroyed/,
  });
});

t.test('refusals have their codes', async (t) => {
  const { infra, lockFile } = await ready(t);
  writeFileSync(lockFile, lockOf('alice@laptop'));
  t.match(await infra('apply', '--yes'), {
    code: 11,
    stderr: /^Error: AWS account .*: the state of gitea is locked by alice@laptop/,
  });
  const other = await ready(t, true, { wrongAccount: true });
  t.match(JSON.parse((await other.infra('apply', '--json')).stdout), {
    error: { exitCode: 14, kind: 'credentialsRefused' },
  });
  const foreign = await ready(t, true, { foreignBucket: true });
  t.match(await foreign.infra('destroy'), { code: 22 });
  const full = await ready(t, true, { backups: { objects: 1, older: 0, atLeast: false } });
  t.match(await full.infra('destroy', '--with-data'), { code: 22, stderr: /not empty: 1 objects/ });
});

t.test('Ctrl-C', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { start, script, lockFile, state } = await ready(t, false);
    script({ hang: 'aws_eip.host' });
    const child = start('apply', '--yes');
    await child.said('aws_eip.host: still creating');
    child.kill(signal);
    const { code, stderr } = await child.ended;
    t.equal(code, 130);
    t.match(
      stderr,
      /Error: interrupted: Terraform has ended what it was in the middle of, saved its state and freed the lock\nNext: run the same command again/,
    );
    t.notOk(existsSync(lockFile));
    t.ok(state().resources.some(({ type }: { type: string }) => type === 'aws_eip'));
  }
});

t.test('a second Ctrl-C ends Terraform too, with its lock left', async (t) => {
  const { start, script, lockFile, env, infra } = await ready(t, false);
  script({ hang: 'aws_eip.host' });
  const deaf = start('apply', '--yes');
  await deaf.said('aws_eip.host: still creating');
  // A Terraform that does not heed its first interrupt: as if a provider never came back.
  writeFileSync(env.DOUBLE_SCRIPT!, JSON.stringify({ hang: 'aws_eip.host', deaf: true }));
  deaf.kill('SIGINT');
  await deaf.said('once more ends at once');
  deaf.kill('SIGINT');
  t.match(await deaf.ended, { code: 130 });
  const { who } = await gone(env.DOUBLE_LOG!);
  t.equal(who, undefined, 'no Terraform goes on unattended');
  t.ok(existsSync(lockFile));
  t.match(await infra('apply', '--yes'), { code: 11, stderr: /terraform force-unlock/ });
});

t.test('killed: Terraform goes on, saves its state and frees its lock', async (t) => {
  const { start, script, lockFile, state, env, infra } = await ready(t, false);
  script({ hang: 'aws_eip.host' });
  const child = start('apply', '--yes');
  await child.said('aws_eip.host: still creating');
  child.kill('SIGKILL');
  await child.ended;
  t.match(await infra('apply', '--yes'), { code: 11, stderr: /is locked by/ }, 'the next run waits for it');
  script({});
  await gone(env.DOUBLE_LOG!);
  t.notOk(existsSync(lockFile));
  t.equal(state().resources.flatMap(({ instances }: { instances: unknown[] }) => instances).length, 47);
  t.match(await infra('apply', '--yes'), { code: 0, stdout: /nothing to do/ });
});

/** Comes back when no Terraform of this test runs any more. */
async function gone(log: string): Promise<{ who: string | undefined }> {
  const pid = Number(readFileSync(`${log}.pid`, 'utf8'));
  for (let tries = 0; tries < 600; tries++) {
    try {
      process.kill(pid, 0);
    } catch {
      return { who: undefined };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { who: String(pid) };
}
