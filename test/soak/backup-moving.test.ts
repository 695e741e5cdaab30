// Generations of repositories that do not keep still: one under `git gc` all the time, others that are renamed, deleted and made
// while they are read.
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { loadConfig } from '../../lib/config/load.ts';
import { quote } from '../../lib/core/quote.ts';
import { giteaClient, newUser } from '../lab/gitea-client.ts';
import { convergedLab, HOST, inside, run, soak } from '../lab/suite.ts';

t.setTimeout(0);
const lab = await convergedLab();
const on = async (script: string) => (await inside(lab, script)).trim();
const root = '/var/backups/gitea';
const data = '/srv/gitea/gitea/data/git/repositories';
const owner = 'moving';
const user = await newUser(on, owner);
const { api } = giteaClient({ domain: lab.domain, address: lab.hosts[0]!.address, caPath: lab.caPath }, user);
const { images } = loadConfig(lab.configPath).config;

/** git as Gitea's user, in the folder of the repositories of the owner. */
const inGitea = (script: string) =>
  `docker exec -w /var/lib/gitea/git/repositories/${owner} gitea-gitea-1 bash -euc ${quote(script)}`;
const git = (script: string) => on(inGitea(script));
/** bash: so many commits on `main`, loose ones; prints the last. */
const COMMITS = `commits() { # repository count
  for at in $(seq "$2"); do
    printf 'commit refs/heads/main\\nmark :1\\ncommitter t <t@lab.test> now\\ndata 3\\none\\n'
    [ "$at" -gt 1 ] || echo 'from refs/heads/main^0'
    printf 'M 100644 inline file-%s\\ndata 9\\n%s%04d\\n' "$RANDOM" 12345 "$((RANDOM % 10000))"
  done | { cat; echo 'get-mark :1'; } | git --git-dir="$1" fast-import --quiet --force --date-format=now
}`;
const sql = (query: string) => on(`docker exec gitea-database-1 psql -U postgres -d gitea -tAc ${quote(query)}`);
const make = async (name: string) => {
  const { id } = await api('POST', '/user/repos', { name, auto_init: true, default_branch: 'main' });
  // Its first commit has no row before what follows a push is done.
  while ((await sql(`select count(*) from branch where repo_id = ${id}`)) !== '1') await pause(200);
};
/** A commit past Gitea, with the row that Gitea would have written. */
const commit = async (name: string) => {
  const head = await git(`${COMMITS}\ncommits ${name}.git 1`);
  await sql(
    `update branch set commit_id = '${head}' from repository r where r.id = repo_id and owner_name = '${owner}' and lower_name = '${name}'`,
  );
  return head;
};
const backup = async (words: readonly string[] = []) => {
  const { code, json, said } = await run(lab, 'backup', words);
  if (code !== 0) throw new Error(said);
  const [{ id }] = json.generations as [{ id: string }];
  return JSON.parse(await on(`cat ${root}/generations/${id}.json`));
};

t.test('a repository under git gc is sound in each generation', async (t) => {
  await make('hot');
  await git(`${COMMITS}\ncommits hot.git 40`);
  const { id: full } = await backup(['--full']);
  await on(
    `touch /run/hot; nohup sh -c 'while [ -e /run/hot ]; do ${`docker exec -w /var/lib/gitea/git/repositories/${owner} gitea-gitea-1 bash -c "$0"`}; done' ${quote(`${COMMITS}\nfor turn in 1 2 3 4 5 6 7 8; do commits hot.git 25 >/dev/null; git -C hot.git gc --quiet; done`)} >/dev/null 2>&1 & sleep 1`,
  );
  t.teardown(() => on('rm -f /run/hot'));
  let commits = 0;
  for (let time = 0; time < (soak ? 25 : 3); time++) {
    const made = await backup();
    t.match(made, { kind: 'partial', full, degraded: [] });
    const state = JSON.parse(await on(`cat ${root}/state.backup.json`));
    // Both layers, the refs of the restore point over them, as a restore does it; then git looks.
    const restore = ({ snapshot }: { snapshot: string }, repository: string) =>
      `restic -r /local/${repository} restore --quiet --no-lock ${snapshot} --target /back --include /generation/data/git/repositories/${owner}`;
    await on(`rm -rf /root/back; mkdir /root/back
docker run --rm --network none --pull never -v ${root}:/local:ro -v /root/back:/back -v /etc/gitea-runbooks/secrets/backup_key:/key:ro -e RESTIC_PASSWORD_FILE=/key -e RESTIC_CACHE_DIR=/tmp --entrypoint sh ${images.restic} -c ${quote(`${restore(state.full, 'archive')} && ${restore(state.generation, 'recent')}`)}
mv /root/back/generation/data/git/repositories/${owner}/hot.git /root/back/hot.git
sed -n '/^repository ${owner}.hot.git$/,/^repository /p' ${root}/stage/refs.txt | grep ' refs/' | grep -v '^HEAD' >/root/back/hot.git/packed-refs
rm -rf /root/back/hot.git/refs/heads/*`);
    const said = await on(
      `docker run --rm --network none --pull never -v /root/back/hot.git:/hot.git --user 0 -e HOME=/tmp --entrypoint sh ${images.gitea} -c 'git config --global --add safe.directory "*"; cd /hot.git && git fsck --connectivity-only --no-dangling 2>&1; echo "exit $?"; git rev-list --count main' 2>&1`,
    );
    t.match(said, /^exit 0\n\d+$/m, `generation ${time + 1}: ${said}`);
    t.notMatch(said, /missing|broken|invalid/, said);
    commits = Math.max(commits, Number(said.split('\n').at(-1)));
  }
  t.ok(commits > 41, `while it grew to ${commits} commits`);
  await on('rm -rf /run/hot /root/back');
});

t.test('what is renamed, deleted and made while it is read comes back as it was at the restore point', async (t) => {
  // They are read in the order of their names, and those in between take long enough to be caught at it.
  for (const name of ['m1', 'renamed', 'deleted', 'kept']) await make(name);
  await backup(['--full']);
  const heads = new Map<string, string>();
  for (const name of ['m1', 'renamed', 'deleted', 'kept']) heads.set(name, await commit(name));
  await on(`for at in 1 2 3 4; do head -c 60000000 /dev/urandom >${data}/${owner}/m1.git/big-$at; done
chown -R --reference=${data}/${owner} ${data}/${owner}/m1.git`);
  const running = backup();
  const paused = await on(`for try in $(seq 2400); do
  case "$(readlink /proc/[0-9]*/fd/* 2>/dev/null)" in *${owner}/m1.git/big-*) docker pause gitea-backup-snapshot && exit ;; esac
  sleep 0.02
done; exit 1`);
  t.equal(paused, 'gitea-backup-snapshot');
  await api('PATCH', `/repos/${owner}/renamed`, { name: 'a-renamed' });
  await api('DELETE', `/repos/${owner}/deleted`);
  await make('made');
  await on('docker unpause gitea-backup-snapshot');
  const made = await running;
  t.match(made, { kind: 'partial', degraded: [] });
  t.match(made.files.moved, {
    renamed: [{ from: `${owner}/renamed.git`, to: `${owner}/a-renamed.git` }],
    deleted: [{ path: `${owner}/deleted.git` }],
    made: [{ path: `${owner}/made.git` }],
  });
  await on(`rm ${data}/${owner}/m1.git/big-*`);
  const restored = await run(lab, 'restore', ['--to', made.id, '--confirm', lab.domain]);
  t.equal(restored.code, 0, restored.said);
  t.same((await git('ls')).split('\n'), ['deleted.git', 'hot.git', 'kept.git', 'm1.git', 'renamed.git']);
  for (const name of ['m1', 'renamed', 'kept'])
    t.equal(await git(`git -C ${name}.git rev-parse main`), heads.get(name), name);
  // Its last commit was in no file any more when restic came to it; what the whole generation had of it is sound.
  const fsck = await git(
    'for name in *.git; do git -C "$name" fsck --connectivity-only --no-dangling 2>&1 || echo "bad $name"; done',
  );
  t.notMatch(fsck, /bad|missing|invalid/);
  t.equal((await run(lab, 'plan', ['--exit-code'])).code, 0);
  const gone = await lab.exec(HOST, `ls -d ${data}/${owner}/made.git`);
  t.not(gone.code, 0);
  t.equal((await run(lab, 'restore', ['--discard-old', '--confirm', lab.domain])).code, 0);
});

t.test('what is half deleted while a whole one reads it is set aside: no drill fails for it', async (t) => {
  for (const name of ['n1', 'n2-gone']) await make(name);
  await on(`for at in 1 2 3 4; do head -c 60000000 /dev/urandom >${data}/${owner}/n1.git/big-$at; done
chown -R --reference=${data}/${owner} ${data}/${owner}/n1.git; rm -rf /run/kept; mkdir /run/kept`);
  const running = backup(['--full']);
  const paused = await on(`for try in $(seq 2400); do
  case "$(readlink /proc/[0-9]*/fd/* 2>/dev/null)" in *${owner}/n1.git/big-*) docker pause gitea-backup-snapshot && exit ;; esac
  sleep 0.02
done; exit 1`);
  t.equal(paused, 'gitea-backup-snapshot');
  // As it is in the middle of the deletion: no row any more, no HEAD, objects still there.
  await on(`cp -a ${data}/${owner}/n2-gone.git/objects /run/kept/`);
  await api('DELETE', `/repos/${owner}/n2-gone`);
  await on(`mkdir ${data}/${owner}/n2-gone.git; cp -a /run/kept/objects ${data}/${owner}/n2-gone.git/
docker unpause gitea-backup-snapshot`);
  const made = await running;
  await on(`rm -rf ${data}/${owner}/n1.git/big-* ${data}/${owner}/n2-gone.git /run/kept`);
  t.match(made, { kind: 'full', degraded: [], files: { moved: { deleted: [{ path: `${owner}/n2-gone.git` }] } } });
  const drill = await run(lab, 'drill');
  t.equal(drill.code, 0, drill.said);
  t.match(drill.json.drill, { generation: made.id, result: 'passed', problems: [] });
  t.match(drill.json.drill.notes.join('\n'), /1 repositor\S+ deleted while the generation was made/);
  const restored = await run(lab, 'restore', ['--to', made.id, '--confirm', lab.domain]);
  t.equal(restored.code, 0, restored.said);
  t.match(
    await on('journalctl --boot -o cat -u gitea-runbooks-restore'),
    `${owner}/n2-gone.git: deleted while the generation was made; what it has of it is set aside`,
  );
  // Gitea writes its hooks for every row, whether there is a repository or not.
  t.notMatch(await git('ls n2-gone.git 2>/dev/null || true'), 'objects');
  t.match(await on("find /srv/gitea -maxdepth 6 -path '*set-aside*' -name n2-gone.git"), 'n2-gone.git');
  t.equal((await run(lab, 'plan', ['--exit-code'])).code, 0);
  t.equal((await run(lab, 'restore', ['--discard-old', '--confirm', lab.domain])).code, 0);
});
