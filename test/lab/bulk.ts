// Many repositories at once, past Gitea's own doors: bare ones in its layout with its hooks, each with objects of its own, and
// the rows that stand for them. For what depends on how much there is.
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { quote } from '../../lib/core/quote.ts';
import { giteaClient, newUser } from './gitea-client.ts';
import type { Lab } from './lab.ts';
import { HOST, inside } from './suite.ts';

/** Seconds for one call into the host. */
const LIMIT = 900;
/** Commits that stay loose in each repository, the same in all, so that it has the folders of one that people push to. */
const LOOSE = 5;

export interface Bulk {
  readonly owner: string;
  /** Repositories `r00001` on are made until there are so many. */
  grow(count: number, kib: number): Promise<void>;
  /** One more commit with so many bytes in each of these; their rows as well. */
  change(numbers: readonly number[], kib: number): Promise<void>;
  /** Makes the database larger by rows that do not compress. */
  pad(mib: number): Promise<void>;
  /** Writes a row in so many of a hundred pages of them. */
  touch(percent: number): Promise<void>;
}

/** A script as Gitea's user in its container. */
const asGitea = (script: string) => `docker exec -i gitea-gitea-1 bash -euc ${quote(script)}`;
const psql = 'docker exec -i gitea-database-1 psql -U postgres -d gitea -XqtA -v ON_ERROR_STOP=1';
const repositories = '/var/lib/gitea/git/repositories';

/** bash: one commit on top of `main`, or the first, made of random bytes; prints its hash. */
const COMMIT = `commit() { # repository kib options
  { printf 'commit refs/heads/main\\nmark :1\\ncommitter t <t@lab.test> now\\ndata 3\\none\\nfrom refs/heads/main^0\\nM 100644 inline file-%s\\ndata %s\\n' "$RANDOM" "$(($2 * 1024))"
    head -c "$(($2 * 1024))" /dev/urandom
    printf '\\nget-mark :1\\n'; } | git --git-dir="$1" $3 fast-import --quiet --date-format=now
}`;

const nameOf = (number: number) => `r${String(number).padStart(5, '0')}`;

export async function bulk(lab: Lab, owner = `bulk${randomBytes(3).toString('hex')}`): Promise<Bulk> {
  const on = async (script: string, input?: string) => {
    const given = input === undefined ? {} : { input };
    const { code, stdout, stderr } = await lab.exec(HOST, script, { timeout: LIMIT, ...given });
    if (code !== 0)
      throw new Error(`in the host: ${script.slice(0, 300)}\n${stdout.slice(-500)}${stderr.slice(-1000)}`);
    return stdout.trim();
  };
  const user = await newUser((script) => inside(lab, script), owner);
  const { address } = lab.hosts[0]!;
  const client = giteaClient({ domain: lab.domain, address, caPath: lab.caPath }, user);
  const { id } = await client.api('POST', '/user/repos', { name: 'template', auto_init: true, default_branch: 'main' });
  // Its first commit has no row before what follows a push is done.
  for (let tries = 0; (await on(`${psql} -c 'select count(*) from branch where repo_id = ${id}'`)) !== '1'; tries++) {
    if (tries > 100) throw new Error('the template has no branch');
    await pause(200);
  }
  const folder = `${repositories}/${owner}`;
  let made = 0;
  let padded = false;

  /** `name commit` a line. */
  const rows = (lines: string, statements: string) =>
    on(
      `${psql} -f -`,
      `begin; create temp table made (name text primary key, commit text) on commit drop;
copy made from stdin (delimiter ' ');
${lines}
\\.
${statements} commit;`,
    );
  const changed = (lines: string) =>
    rows(
      lines,
      `update branch set commit_id = commit from made join repository r on r.lower_name = made.name and r.owner_name = '${owner}' where branch.repo_id = r.id;`,
    );
  const loose = `for _ in $(seq ${LOOSE}); do last=$(commit template.git 1 ''); done; echo "template $last"`;
  await changed(await on(asGitea(`${COMMIT}\ncd ${folder}\n${loose}`)));
  return {
    owner,
    async grow(count, kib) {
      const names = Array.from({ length: Math.max(0, count - made) }, (_, at) => nameOf(made + at + 1));
      if (names.length === 0) return;
      const script = `${COMMIT}
cd ${folder}
while read -r name; do
  cp -a template.git "$name.git"
  echo "$name $(commit "$name.git" ${kib} '-c fastimport.unpackLimit=0')"
done`;
      const lines = await on(asGitea(script), `${names.join('\n')}\n`);
      await rows(
        lines,
        `with new as (insert into repository select (jsonb_populate_record(t, jsonb_build_object('id', nextval(pg_get_serial_sequence('repository', 'id')), 'name', made.name, 'lower_name', made.name))).* from repository t, made where t.id = ${id} returning id, name)
insert into branch select (jsonb_populate_record(b, jsonb_build_object('id', nextval(pg_get_serial_sequence('branch', 'id')), 'repo_id', new.id, 'commit_id', commit))).* from branch b, new join made using (name) where b.repo_id = ${id};`,
      );
      made = count;
    },
    async change(numbers, kib) {
      const script = `${COMMIT}
cd ${folder}
while read -r name; do echo "$name $(commit "$name.git" ${kib} '')"; done`;
      const lines = await on(asGitea(script), numbers.map((number) => `${nameOf(number)}\n`).join(''));
      await changed(lines);
    },
    async pad(mib) {
      // Seven rows a page, in hexadecimal digits: a dump of them shrinks by half, as one of a Gitea does.
      const count = mib * 128 * 7;
      await on(
        `${psql} -c "create table if not exists padding (id serial primary key, text text); alter table padding alter text set storage plain; insert into padding (text) select (select string_agg(md5(random()::text || row::text || part::text), '') from generate_series(1, 32) part) from generate_series(1, ${count}) row"`,
      );
      padded = true;
    },
    async touch(percent) {
      if (padded)
        await on(`${psql} -c "update padding set text = reverse(text) where id % ${Math.round(700 / percent)} = 0"`);
    },
  };
}
