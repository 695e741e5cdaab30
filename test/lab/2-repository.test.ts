// One repository of a generation: beside the one in use, its refs alone, and one that was deleted. Ref by ref, with its LFS objects
// and its wiki.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { giteaClient, newUser, sha256 } from './gitea-client.ts';
import { convergedLab, inside, run } from './suite.ts';

t.setTimeout(0);
const lab = await convergedLab();
const on = async (script: string) => (await inside(lab, script)).trim();
const instance = { on, domain: lab.domain, address: lab.hosts[0]!.address, caPath: lab.caPath };
const client = giteaClient(instance, await newUser(on, 'single'));
const here = t.testdir({});
const git = (...words: string[]) => client.git(here, '-c', 'user.name=t', '-c', 'user.email=t@lab.test', ...words);
const repositories = '/srv/gitea/gitea/data/git/repositories';
const sql = (query: string) => on(`docker exec gitea-database-1 psql -U postgres -d gitea -tAc "${query}"`);

/** What a client sees, as `ref hash` sorted. */
const refs = async (name: string) =>
  (await git('ls-remote', client.url(name)))
    .split('\n')
    .filter((line) => line.includes('\t') && !line.endsWith('^{}'))
    .map((line) => line.split('\t').reverse().join(' '))
    .sort();
const rows = (name: string) =>
  sql(
    `select b.name || ' ' || commit_id from branch b join repository r on r.id = repo_id where r.owner_name = 'single' and r.name = '${name}' and not is_deleted order by 1`,
  );
let count = 0;
async function commit(branch: string, message: string, from?: string): Promise<string> {
  if (from) await git('checkout', '-q', '-B', branch, from);
  writeFileSync(path.join(here, 'file'), `${message} ${count++}\n`);
  await git('add', '.');
  await git('commit', '-qm', message);
  return (await git('rev-parse', 'HEAD')).trim();
}
const pointer = (content: Buffer) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(content)}\nsize ${content.length}\n`;
/** As it lies there: the API of 1.22 looks for pages in another branch than it writes them to. */
const page = (name: string) =>
  on(
    `docker exec gitea-gitea-1 git -C /var/lib/gitea/git/repositories/single/${name.toLowerCase()}.wiki.git show main:Home.md`,
  );
const home = { title: 'Home', content_base64: Buffer.from('welcome\n').toString('base64') };
const [kept, only] = [randomBytes(60_000), randomBytes(50_000)];
const made = { id: '', refs: [] as string[], main: '' };
/** The timers of the host may make a newer one meanwhile. */
const then = () => ['--to', made.id];

async function backup(...more: string[]): Promise<string> {
  const { code, json, said } = await run(lab, 'backup', more);
  if (code !== 0) throw new Error(said);
  return json.generations[0].id;
}

t.test('a generation has it; then it is pushed over by force, a branch goes, and another one is deleted', async (t) => {
  for (const name of ['work', 'doomed']) await client.api('POST', '/user/repos', { name, default_branch: 'main' });
  await git('init', '-q', '-b', 'main');
  writeFileSync(path.join(here, 'large.bin'), pointer(kept));
  await commit('main', 'one');
  await client.putObject('work', kept);
  await client.putObject('doomed', only);
  await client.ask('/api/v1/repos/single/work/wiki/new', { method: 'POST', body: JSON.stringify(home) });
  t.equal(await page('work'), 'welcome');
  await git('push', '-q', client.url('work'), 'main');
  await backup('--full');
  const feature = await commit('feature', 'two', 'main');
  await git('push', '-q', client.url('work'), 'feature');
  await git('tag', '-a', '-m', 'the first', 'v1', 'main');
  made.main = await commit('main', 'three', 'main');
  await git('push', '-q', client.url('work'), 'main', 'v1');
  await on(
    `docker exec gitea-gitea-1 git -C /var/lib/gitea/git/repositories/single/work.git update-ref refs/pull/7/head ${feature}`,
  );
  writeFileSync(path.join(here, 'large.bin'), pointer(only));
  await commit('gone', 'of another', 'main');
  await git('push', '-q', client.url('doomed'), 'gone:main');
  made.refs = await refs('work');
  t.match(made.refs.join('\n'), /refs\/heads\/feature .*refs\/heads\/main .*refs\/pull\/7\/head .*refs\/tags\/v1 /s);
  made.id = await backup();

  await commit('main', 'told anew', 'feature');
  await git('push', '-qf', client.url('work'), 'main', ':feature');
  await commit('later', 'newer', 'main');
  await git('push', '-q', client.url('work'), 'later');
  await client.good('/api/v1/repos/single/doomed', { method: 'DELETE' });
});

t.test('it comes back beside the one in use, whole, which stays as it is; what a cut left goes', async (t) => {
  const name = `work-restored-${made.id}`;
  const preview = await run(lab, 'restore', ['--repo', 'single/work', ...then(), '--preview']);
  t.equal(preview.code, 0, preview.said);
  const lines = preview.json.lines.join('\n');
  t.match(lines, `comes back as single/${name}, private: 2 branches, 1 tag, 1 LFS object, a wiki`);
  t.match(lines, /it has, and the generation has not:\n {2}branch main at .*\n {2}branch later/);
  t.equal(await on('ls -d /srv/gitea/restore-one-* 2>/dev/null | wc -l'), '0');
  const live = await refs('work');

  const gitea = 'docker exec gitea-gitea-1 gitea admin user';
  await on(
    `${gitea} create --username runbooks-restore --email runbooks-restore@${lab.domain} --random-password --admin`,
  );
  await on(`mkdir -p ${repositories}/single/left-restored-x.git /srv/gitea/restore-one-repository/generation`);
  await on(
    `printf '%s' '{"kind":"placed","target":{"owner":"single","name":"left-restored-x"},"generation":"x"}' > /var/backups/gitea/restore-one.json`,
  );
  const restored = await run(lab, 'restore', ['--repo', 'Single/Work', ...then()]);
  t.equal(restored.code, 0, restored.said);
  t.match(restored.json.result, `single/${name} is there, private`);

  t.same(await refs('work'), live, 'the one in use is as it was');
  t.same(
    await refs(name),
    made.refs.map((line) => line.replace('refs/pull/', 'refs/restored/pull/')).sort(),
    'and the restored one has every ref',
  );
  t.equal(
    await rows(name),
    (await refs(name))
      .filter((line) => line.startsWith('refs/heads/'))
      .map((line) => line.slice(11))
      .join('\n'),
  );
  const said = await client.api('GET', `/repos/single/${name}`);
  t.match(said, { private: true, empty: false, default_branch: 'main' });
  await git('clone', '-q', '--mirror', client.url(name), path.join(here, 'clone'));
  await client.git(path.join(here, 'clone'), 'fsck', '--strict');
  const object = { oid: sha256(kept), size: kept.length };
  t.equal(sha256(await client.getObject(name, object)), object.oid);
  t.equal(await page(name), 'welcome');
  const seen = await client.ask(`/api/v1/repos/single/${name}/wiki/page/Home`);
  if (seen.status !== 404) t.match(JSON.parse(seen.body.toString()), { content_base64: home.content_base64 });
  await commit('more', 'on top', made.main);
  await git('push', '-q', client.url(name), 'more:main');
  t.match(await rows(name), `main ${(await git('rev-parse', 'more')).trim()}`, 'and is worked with as any other');

  t.equal(await sql('select count(*) from \\"user\\" where name = \'runbooks-restore\''), '0');
  t.equal(
    await on(
      `ls -d ${repositories}/single/left-* /srv/gitea/restore-one-* /var/backups/gitea/restore-one.json 2>/dev/null | wc -l`,
    ),
    '0',
  );
  const again = await run(lab, 'restore', ['--repo', 'single/work', ...then()]);
  t.equal(again.code, 22, 'a second one needs a name of its own');
  t.match(again.json.error.what, /there is a repository .* already/);
});

t.test('one that is not there, and what may be meant', async (t) => {
  const unknown = await run(lab, 'restore', ['--repo', 'single/wrok']);
  t.equal(unknown.code, 22);
  t.match(unknown.json.error.what, 'did you mean single/work?');
  t.equal((await run(lab, 'restore', ['--repo', 'single/work', '--to', '2020-01-01 00:00'])).code, 22);
  t.equal((await run(lab, 'restore', ['--refs-only'])).code, 1, 'never taken for a restore of everything');
});

t.test('branches and tags of the one in use go back, and nothing of it is lost', async (t) => {
  const before = await refs('work');
  const asked = ['--repo', 'single/work', '--refs-only', ...then()];
  const preview = await run(lab, 'restore', [...asked, '--preview']);
  t.match(
    preview.json.lines.join('\n'),
    /branch feature comes back.*branch main goes from .* back to .*stay: branch later/s,
  );
  t.equal((await run(lab, 'restore', [...asked, '--confirm', 'single/other'])).code, 22);
  t.same(await refs('work'), before);
  const back = await run(lab, 'restore', [...asked, '--confirm', 'single/work']);
  t.equal(back.code, 0, back.said);
  const after = [...made.refs, ...before.filter((line) => line.startsWith('refs/heads/later'))].filter(
    (line) => !line.startsWith('HEAD'),
  );
  t.same(
    (await refs('work')).filter((line) => !line.startsWith('HEAD')),
    after.sort(),
    'clients see no more than these',
  );
  t.equal(
    await rows('work'),
    after
      .filter((line) => line.startsWith('refs/heads/'))
      .map((line) => line.slice(11))
      .join('\n'),
  );
  const hidden = await on(
    `docker exec gitea-gitea-1 git -C /var/lib/gitea/git/repositories/single/work.git for-each-ref refs/before-restore`,
  );
  t.match(hidden, before.find((line) => line.startsWith('refs/heads/main'))!.split(' ')[1]!);
  t.equal((await client.api('GET', '/repos/single/work/branches/feature')).name, 'feature');
  const again = await run(lab, 'restore', [...asked, '--confirm', 'single/work']);
  t.match(again.json.result, /: 0 branches and tags are back/);
});

t.test('a deleted one comes back under its own name', async (t) => {
  const preview = await run(lab, 'restore', ['--repo', 'single/doomed', ...then(), '--as', 'doomed', '--preview']);
  t.match(
    preview.json.lines.join('\n'),
    /comes back as single\/doomed.*Gitea has it no more.*issues, pull requests and settings do not/s,
  );
  t.equal((await run(lab, 'restore', ['--repo', 'single/doomed', ...then(), '--refs-only'])).code, 22);
  const restored = await run(lab, 'restore', ['--repo', 'single/doomed', ...then(), '--as', 'doomed']);
  t.equal(restored.code, 0, restored.said);
  t.match((await refs('doomed')).join('\n'), /refs\/heads\/main /);
  const object = { oid: sha256(only), size: only.length };
  t.equal(sha256(await client.getObject('doomed', object)), object.oid, 'with an object that was away');
  t.equal((await run(lab, 'plan', ['--exit-code'])).code, 0);
});
