// The log goes on behind the newest generation: the database comes back as of its end, the files as of the generation, and
// both are in line before Gitea starts.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t from 'tap';
import { compare, describe } from './compare.ts';
import { type GiteaClient, giteaClient } from './gitea-client.ts';
import { type Item, type Ledger, readLedger } from './ledger.ts';
import { offHost } from './off-host.ts';
import { convergedLab, inside, run, variant } from './suite.ts';
import { startWorkload } from './workload.ts';

t.setTimeout(0);
const lab = await convergedLab();
const on = async (script: string) => (await inside(lab, script)).trim();
const instance = { on, domain: lab.domain, address: lab.hosts[0]!.address, caPath: lab.caPath };
const file = path.join(t.testdir({}), 'ledger');
const config = await variant(lab, 'log', {
  ...(await offHost(lab, 'log/gitea')),
});

/** What lies in the database alone, and what has a file of the generation's files. */
const inDatabase = ({ kind }: Item) => kind === 'issue' || kind === 'repository';
const only = (ledger: Ledger, keep: (item: Item) => boolean): Ledger => ({
  ...ledger,
  entries: ledger.entries.filter(({ item }) => keep(item)),
});

/** Each repository that the ledger still knows, asked for in every way that people and programs ask: what answers wrongly. */
async function troubles(ledger: Ledger, folder: string): Promise<string[]> {
  const found: string[] = [];
  const last = new Map<number, { user: string; name: string | null }>();
  for (const { item, value } of ledger.entries)
    if (item.kind === 'repository') last.set(item.repo, { user: item.user, name: value });
  for (const { user, name } of last.values()) {
    if (name === null) continue;
    const client = giteaClient(instance, ledger.users.find((one) => one.name === user)!);
    for (const page of pagesOf(`${user}/${name}`)) {
      const { status } = await client.ask(page);
      if (status >= 400) found.push(`${page}: ${status}`);
    }
    await client
      .git(folder, 'clone', '-q', client.url(name), `${user}-${name}`)
      .catch((error) => found.push(`${error}`));
    await pushes(client, name, path.join(folder, `${user}-${name}`)).catch((error) => found.push(`${error}`));
  }
  return found;
}

const pagesOf = (name: string) => [
  ...['', '/branches', '/issues?state=all'].map((end) => `/api/v1/repos/${name}${end}`),
  `/${name}`,
];

/**
 * Pull requests, a merge and a release, where the instance knows them (the stand-in does not): one is merged and one is made
 * after the generation.
 */
async function reviewed(client: GiteaClient, folder: string) {
  const repo = `/api/v1/repos/${client.name}/reviewed`;
  const post = (end: string, body: unknown) =>
    client.ask(`${repo}${end}`, { method: 'POST', body: JSON.stringify(body) });
  await client.api('POST', '/user/repos', { name: 'reviewed', default_branch: 'main' });
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@lab.test'];
  const git = (...words: string[]) => client.git(folder, ...identity, ...words);
  await git('init', '-q', '-b', 'main');
  const branch = async (name: string) => {
    if (name !== 'main') await git('checkout', '-q', '-b', name, 'main');
    await git('commit', '-q', '--allow-empty', '-m', name);
    await git('commit', '-q', '--allow-empty', '-m', `${name} again`);
    await git('push', '-q', client.url('reviewed'), name);
  };
  for (const name of ['main', 'one']) await branch(name);
  const pull = async (head: string) => (await post('/pulls', { title: head, head, base: 'main' })).status;
  const knows = (await pull('one')) !== 404;
  return {
    async afterwards() {
      if (!knows) return;
      for (let times = 0, status = 0; status !== 200; times++) {
        status = (await post('/pulls/1/merge', { Do: 'merge' })).status;
        if (times > 20) throw new Error(`the merge: ${status}`);
        await on('sleep 0.5');
      }
      await branch('two');
      if ((await pull('two')) !== 201) throw new Error('no second pull request');
      if ((await post('/releases', { tag_name: 'v1', target_commitish: 'main' })).status !== 201)
        throw new Error('none');
    },
    async look() {
      if (!knows) return undefined;
      const said = async (end: string) => JSON.parse((await client.good(`${repo}${end}`)).toString());
      const pages = ['issues', 'pulls', 'pulls/1', 'pulls/2', 'releases', 'tags', 'branches', 'commits/branch/main'];
      const wrong: string[] = [];
      for (const page of pages) {
        const { status } = await client.ask(`/${client.name}/reviewed/${page}`);
        if (status >= 400) wrong.push(`${page}: ${status}`);
      }
      const { merged, state } = await said('/pulls/1');
      const [release] = await said('/releases');
      await git('push', '-q', client.url('reviewed'), 'two');
      let again = 0;
      for (let times = 0; times < 40 && again !== 200; times++) {
        again = (await post('/pulls/1/merge', { Do: 'merge' })).status;
        await on('sleep 0.5');
      }
      return { wrong, merged, state, draft: release.draft, again, two: (await said('/pulls/2')).head.sha };
    },
  };
}

/** A new commit on a branch of its own, made and told by git alone. */
async function pushes(client: GiteaClient, name: string, clone: string): Promise<void> {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@lab.test'];
  await client.git(clone, 'checkout', '-q', '-b', 'after');
  await client.git(clone, ...identity, 'commit', '-q', '--allow-empty', '-m', 'after the restore');
  await client.git(clone, 'push', '-q', client.url(name), 'after');
  const head = (await client.git(clone, 'rev-parse', 'after')).trim();
  const row = `select b.commit_id from branch b join repository r on r.id = b.repo_id where r.owner_name = '${client.name}' and r.name = '${name}' and b.name = 'after'`;
  const sql = `docker exec gitea-database-1 psql -U postgres -d gitea -tAc "${row}"`;
  for (let times = 0; times < 20; times++) if ((await on(sql)) === head) return;
  throw new Error(`${name}: the push of ${head} has no row`);
}

t.test('issues up to what left the host last, pushes up to the newest generation', async (t) => {
  const { code, said } = await run(lab, 'deploy', ['--yes'], config);
  t.equal(code, 0, said);
  await on('systemctl stop "gitea-runbooks-*.timer"');
  const workload = await startWorkload(instance, { file, prefix: 'log', rate: 6 });
  const client = giteaClient(instance, workload.ledger.users[0]!);
  const pulls = await reviewed(client, await mkdtemp(path.join(tmpdir(), 'log-')));
  await workload.more(30);
  const made = await run(lab, 'backup', [], config);
  t.equal(made.code, 0, made.said);
  const [generation] = made.json.generations as { id: string; manifest: { at: string } }[];
  await pulls.afterwards();
  await workload.more(60);
  await workload.stop();
  // What Gitea has acknowledged and not done yet would be lost with its queue.
  await on('sleep 3');
  const sent = new Date();
  t.match(await on('systemctl start gitea-runbooks-wal; journalctl -o cat -u gitea-runbooks-wal -n 5'), /wal: sent/);
  const ledger = readLedger(file);

  const tooLate = await run(lab, 'restore', ['--preview', '--to', '2036-01-01 00:00', '--from', 'remote'], config);
  t.equal(tooLate.code, 22, 'a moment that the log does not reach');
  const preview = await run(lab, 'restore', ['--preview', '--to', 'end-of-log', '--from', 'remote'], config);
  t.equal(preview.code, 0, preview.said);
  t.match(preview.json.lines.join('\n'), new RegExp(`${generation!.id}.*goes on to the end of its log`, 's'));
  const arguments_ = ['--to', 'end-of-log', '--from', 'remote', '--confirm', lab.domain];
  const restored = await run(lab, 'restore', arguments_, config);
  t.equal(restored.code, 0, `${restored.said}\n${restored.stderr.slice(-3000)}`);
  t.match(restored.json.result, /with the database as of the end of its log/);
  t.match(restored.stderr, /pushes after \S+ are gone: log\d/);

  const issues = await compare(only(ledger, inDatabase), instance, { until: sent });
  t.same(issues.missing, [], describe(issues));
  // What was deleted since is not there any more, and what was made since came without files.
  const at = new Date(generation!.manifest.at);
  const gone = new Set(
    ledger.entries.flatMap(({ item, value }) => (item.kind === 'repository' && value === null ? [item.repo] : [])),
  );
  const files = only(ledger, (item) => !inDatabase(item) && !('repo' in item && gone.has(item.repo)));
  const names = only(ledger, (item) => item.kind === 'repository' && !gone.has(item.repo));
  const pushed = await compare({ ...files, entries: [...names.entries, ...files.entries] }, instance, { until: at });
  t.same(
    pushed.missing.filter(({ item }) => item.kind !== 'repository'),
    [],
    describe(pushed),
  );
  const looked = await pulls.look();
  if (looked) {
    t.match(looked, { wrong: [], merged: false, state: 'open', draft: true, again: 200, two: /^[0-9a-f]{40}$/ });
    t.match(restored.stderr, /pull requests merged after it are open again, .*log1\/reviewed#1/);
  }
  t.same(await troubles(ledger, await mkdtemp(path.join(tmpdir(), 'log-'))), []);
  t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0);
});

t.test('on the host the log goes on until now, and an issue of a minute ago is there after a restore', async (t) => {
  await on('systemctl stop "gitea-runbooks-*.timer"');
  const made = await run(lab, 'backup', [], config);
  t.equal(made.code, 0, made.said);
  const client = giteaClient(instance, readLedger(file).users[0]!);
  await client.api('POST', '/user/repos', { name: 'late', default_branch: 'main' });
  const { number } = await client.api('POST', `/repos/${client.name}/late/issues`, { title: 'kept' });
  await on('sleep 2');
  const restored = await run(lab, 'restore', ['--to', 'end-of-log', '--confirm', lab.domain], config);
  t.equal(restored.code, 0, `${restored.said}\n${restored.stderr.slice(-3000)}`);
  t.match(restored.stderr, new RegExp(`repositories made after it are empty: ${client.name}/late`));
  const issue = await client.api('GET', `/repos/${client.name}/late/issues/${number}`);
  t.match(issue, { title: 'kept', state: 'open' });
  t.equal((await client.ask(`/${client.name}/late`)).status, 200);
  const clone = await mkdtemp(path.join(tmpdir(), 'log-'));
  await client.git(clone, 'clone', '-q', client.url('late'), '.');
  await t.resolves(pushes(client, 'late', clone));
  t.equal((await run(lab, 'deploy', ['--yes'])).code, 0, 'back to the config of the lab');
});
