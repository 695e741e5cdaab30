// What a restore of one repository that was cut off has left, and what the next one makes of it; and where it may go.
import { existsSync, mkdirSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { Command } from '../../../lib/host/port.ts';
import { mustLive, tellAfterCut } from '../../../lib/jobs/restore/repository/back.ts';
import { afterCut, freeTarget } from '../../../lib/jobs/restore/repository/beside.ts';
import type { Sought } from '../../../lib/jobs/restore/repository/prepare.ts';
import { hookLines } from '../../../lib/jobs/restore/repository/refs.ts';
import { type Begun, begun, note, type Work } from '../../../lib/jobs/restore/repository/work.ts';
import { dataPaths, giteaData } from '../../../lib/phases/layout.ts';
import { configIn, manifestOf, played, resticThat, says } from './backups.ts';
import { bare, commit, git, ref } from './repositories.ts';

const id = '20261123T120000Z';

/** A host whose Gitea knows these repositories, and the user alice. */
function hostWith(t: Test, known: readonly string[], left?: Begun) {
  const config = configIn(t.testdir());
  const root = `${dataPaths(config).giteaData}/${giteaData.repositories}`;
  mkdirSync(root, { recursive: true });
  const rows = known.map((name, at) => ({ id: at + 1, owner: 'Alice', name }));
  const { host, commands } = played((command) => {
    const name = /lower_name = \W*([\w.-]+)/.exec(command)?.[1];
    if (command.includes('from "user"')) return says(name === 'alice' ? '{"name":"Alice","id":7}\n' : '');
    const found = rows.filter((row) => name === undefined || row.name === name);
    return says(found.map((row) => `${JSON.stringify(row)}\n`).join(''));
  });
  const told: { words: string; stdin: string }[] = [];
  const run = async (command: Command) => {
    if (command.argv?.includes('./hooks/post-receive'))
      told.push({ words: command.argv.join(' '), stdin: String(command.stdin) });
    return host.run(command);
  };
  if (left) note(config, left);
  const work: Work = { config, host: { ...host, run }, restic: resticThat().restic, tell: () => {} };
  return { work, root, told, commands };
}

t.test('directories that Gitea does not know go away again, and only those', async (t) => {
  const target = { owner: 'alice', name: 'Work-restored-x' };
  const { work, root } = hostWith(t, ['work'], { kind: 'placed', target, generation: id });
  const directories = ['work.git', 'work-restored-x.git', 'work-restored-x.wiki.git'].map(
    (one) => `${root}/alice/${one}`,
  );
  for (const path of directories) mkdirSync(path, { recursive: true });
  t.equal(await afterCut(work), undefined);
  t.same(
    directories.map((path) => existsSync(path)),
    [true, false, false],
  );
  t.equal(begun(work.config), undefined);
  t.equal(await afterCut(work), undefined, 'and nothing is left to do');
});

t.test('one that Gitea knows by now is never taken away', async (t) => {
  const target = { owner: 'alice', name: 'work-restored-x' };
  const { work, root } = hostWith(t, ['work-restored-x'], { kind: 'placed', target, generation: id });
  mkdirSync(`${root}/alice/work-restored-x.git`, { recursive: true });
  t.same(await afterCut(work), target);
  t.ok(existsSync(`${root}/alice/work-restored-x.git`));
});

t.test('Gitea is told of refs that went back, as far as they still are where they went', async (t) => {
  const { work, root, told } = hostWith(t, ['work']);
  const directory = bare(root, 'alice/work.git');
  const [was, other] = [commit(directory, 'was'), commit(directory, 'other')];
  const main = git(directory, ['rev-parse', 'main']).trim();
  ref(directory, 'refs/heads/pushed', other);
  const lines = hookLines([
    { ref: 'refs/heads/main', from: was, to: main },
    { ref: 'refs/heads/pushed', from: other, to: was },
    { ref: 'refs/heads/gone', to: was },
  ]);
  note(work.config, { kind: 'refs', repository: 1, lines });
  await tellAfterCut(work);
  t.same(
    told.map(({ stdin }) => stdin),
    [`${was} ${main} refs/heads/main\n`],
  );
  t.match(
    told[0]?.words,
    /-w \/var\/lib\/gitea\/git\/repositories\/alice\/work\.git .*SSH_ORIGINAL_COMMAND=gitea-internal .*GITEA_REPO_USER_NAME=Alice/,
  );
  t.equal(begun(work.config), undefined);
});

t.test('it goes where nothing is: no repository, no directory of anybody', async (t) => {
  const sought = (live?: Sought['live']) => {
    const row = { id: 1, owner: 'alice', name: 'work', empty: false };
    return { live, source: { row }, found: { manifest: manifestOf(id) } } as unknown as Sought;
  };
  const request = (as?: string) => ({ repo: 'alice/work', to: 'latest', from: 'local' as const, as });
  const { work, root } = hostWith(t, ['work', 'taken'], undefined);
  t.same(await freeTarget(work, sought(), request()), { owner: 'Alice', name: `work-restored-${id}` });
  t.same(
    await freeTarget(work, sought({ id: 1, owner: 'Alice', name: 'Gear' }), request()),
    { owner: 'Alice', name: `Gear-restored-${id}` },
    'beside the live one, whatever it is called now',
  );
  await t.rejects(freeTarget(work, sought(), request('taken')), { exitCode: 22, message: /a repository Alice\/taken/ });
  await t.rejects(freeTarget(work, sought(), request('bob/x')), { exitCode: 22, message: /no bob any more/ });
  mkdirSync(`${root}/alice/lies.wiki.git`, { recursive: true });
  await t.rejects(freeTarget(work, sought(), request('lies')), { exitCode: 22, message: /a directory Alice\/lies/ });
  note(work.config, { kind: 'placed', target: { owner: 'Alice', name: 'taken' }, generation: id });
  t.match(
    await freeTarget(work, sought(), request('taken')),
    { name: 'taken' },
    'its own, of before a cut, is no stranger',
  );
  note(work.config, { kind: 'placed', target: { owner: 'Alice', name: 'taken' }, generation: 'another' });
  await t.rejects(freeTarget(work, sought(), request('taken')), { name: 'RunbookError', exitCode: 22 });
});

t.test('refs go back in the repository of the generation only, not in another one of its name', async (t) => {
  const row = { id: 1, owner: 'alice', name: 'work', empty: false };
  const of = (more: Partial<Sought>) => ({ source: { row }, found: { manifest: manifestOf(id) }, ...more }) as Sought;
  const one = (number: number) => ({ id: number, owner: 'Alice', name: 'Work' });
  t.equal(mustLive(of({ live: one(1) })).id, 1);
  t.throws(() => mustLive(of({})), { exitCode: 22, message: /Gitea has alice\/work no more/ });
  t.throws(() => mustLive(of({ other: one(2) })), {
    exitCode: 22,
    message: /the Alice\/Work in use is another one than/,
  });
});
