// The scripts run for real; the container of the database is played.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { planOf } from '../../../lib/engine/plan.ts';
import { probe } from '../../../lib/engine/probe.ts';
import { localHost } from '../../../lib/host/local.ts';
import { desiredState } from '../../../lib/phases/index.ts';
import { input } from '../phases/input.ts';

const inDatabase = desiredState(input()).filter(({ kind }) => ['account', 'cluster', 'login'].includes(kind));

/** What a look finds to do, and how often a container was entered for it. `refused`: words of a query that fails. */
async function look(t: Test, { runs = true, refused = 'nothing', maker = 'postgres', as = '', hba = '' }) {
  const folder = t.testdir({ bin: {}, 'pg_hba.conf': `# TYPE DATABASE USER\n${hba}\n` });
  const log = join(folder, 'log');
  writeFileSync(
    join(folder, 'bin/docker'),
    `#!/bin/sh
echo "$*" | head -n 1 >> ${log}
case "$*" in *'psql -U gitea '*) ${as === '' ? 'exit 1' : `echo ${as}; exit`} ;; esac
${runs ? '' : 'exit 1'}
wrong=false
for word; do case "$word" in
  '\\echo '*) printf '%s\\n' "$word" | sed "s/^.echo //; s/:ERROR$/$wrong/" ;;
  *"${refused}"*) wrong=true ;;
  "select 'maker'"*) printf 'maker\\t${maker}\\n'; wrong=false ;;
  *"select 'user'"*) printf 'user\\talice\\nuser\\trunbooks-probe\\nadmin\\talice\\nsigned-in\\t\\n'; wrong=false ;;
  select*) wrong=false ;;
esac; done
`,
  );
  chmodSync(join(folder, 'bin/docker'), 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${join(folder, 'bin')}:${PATH}`;
  t.teardown(() => {
    process.env.PATH = PATH;
  });
  const specs = inDatabase.map((spec) => (spec.kind === 'cluster' ? { ...spec, data: folder } : spec));
  const observations = await probe(localHost(), specs);
  const why = planOf(inDatabase, observations).steps.map(({ change }: { change: { title: string; why: string } }) => [
    change.title,
    change.why,
  ]);
  return { why: Object.fromEntries(why), entered: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [] };
}

t.test('all that a look asks the database goes there in one session', async (t) => {
  t.ok(inDatabase.length > 3, 'there is more than one question');
  const { why, entered } = await look(t, {});
  t.equal(entered.length, 1);
  t.equal(why['database login gitea_a'], 'does not exist', 'answered: it has none');
  t.match(why['database roles and access'], /older rules/, 'answered: only the file is not there');
  t.equal(why['Gitea account alice'], undefined, 'answered: as it should be');
});

t.test('a query that PostgreSQL refuses does not spoil the others', async (t) => {
  const { why } = await look(t, { refused: 'pg_authid r' });
  t.equal(why['database login gitea_a'], 'the database does not answer yet');
  t.match(why['database roles and access'], /older rules/);
  const before = await look(t, { refused: 'lower_name' });
  t.equal(before.why['Gitea account alice'], 'does not exist', 'a database that Gitea has not set up yet');
  t.equal(before.why['database login gitea_a'], 'does not exist');
});

t.test(
  'a database that does not answer: nothing is known, and its maker is asked by the role of version 0.1',
  async (t) => {
    const { why, entered } = await look(t, { runs: false });
    t.equal(why['database login gitea_a'], 'the database does not answer yet');
    t.equal(why['database roles and access'], 'the database does not answer yet');
    t.equal(entered.length, 2);
    t.match(entered[1], /psql -U gitea /);
  },
);

t.test(
  'a database of version 0.1 is known: by its first role while it runs, else by its rules of access',
  async (t) => {
    const refused = { kind: 'refused', exitCode: 22, message: /made by the role gitea, as version 0.1 did it/ };
    await t.rejects(look(t, { runs: false, as: 'gitea' }), refused, 'it runs: nobody but its first role gets in');
    const trust = 'local   all             all                                     trust';
    await t.rejects(look(t, { runs: false, hba: trust }), refused, 'it is down');
    const { why } = await look(t, { runs: false, hba: 'local   all             postgres                       peer' });
    t.equal(why['database roles and access'], 'the database does not answer yet');
  },
);
