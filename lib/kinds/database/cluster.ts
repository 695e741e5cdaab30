import { databaseName, databaseOwner, databaseSuperuser } from '../../core/database-roles.ts';
import { RunbookError } from '../../core/errors.ts';
import { quote } from '../../core/quote.ts';
import { Secret } from '../../core/secret.ts';
import type { ClusterSpec } from '../../core/spec.ts';
import type { Host } from '../../host/port.ts';
import type { Kind } from '../kind.ts';
import { changeOf, lastLines, rows } from '../text.ts';
import { ask, inOneStep, psql, start } from './database.ts';
import { withoutMemberships } from './login.ts';

interface Observed {
  /** What the database says is not as it should be; undefined while it does not answer. */
  readonly wrong: readonly string[] | undefined;
  /** The role that the cluster was made by, which is a superuser for ever; undefined where nobody can tell. */
  readonly maker: string | undefined;
  /** Hash of the file that says who may log in from where. */
  readonly access: string;
}

/** The first role of a cluster has this number, whatever it is called. */
const maker = 'select rolname from pg_roles where oid = 10';

const closed = 'not (rolcanlogin or rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls)';

/** Each part of what is wanted, as a condition and what is said where it does not hold. */
function conditions({ access }: ClusterSpec): readonly (readonly [string, string])[] {
  return [
    [`exists (select from pg_authid where rolname = '${databaseOwner}' and ${closed} and rolpassword is null)`, 'role'],
    [`not exists (select from pg_auth_members where member = to_regrole('${databaseOwner}'))`, 'membership'],
    [`exists (select from pg_authid where rolname = '${databaseSuperuser}' and rolpassword is null)`, 'password'],
    [
      `exists (select from pg_database where datname = '${databaseName}' and datdba = to_regrole('${databaseOwner}')) and exists (select from pg_namespace where nspname = 'public' and nspowner = to_regrole('${databaseOwner}'))`,
      'ownership',
    ],
    [`(select modification from pg_stat_file('${access.inside}', true)) <= pg_conf_load_time()`, 'access'],
  ];
}

const said: Readonly<Record<string, string>> = {
  role: `the owner ${databaseOwner} does not exist, or may more than own`,
  membership: `the owner ${databaseOwner} has the rights of other roles`,
  password: `${databaseSuperuser} has a password`,
  ownership: `the database does not belong to ${databaseOwner}`,
  access: 'runs with older rules of access',
};

const sqlOf = (spec: ClusterSpec) =>
  `select 'maker', (${maker})${conditions(spec)
    .map(([condition, name]) => ` union all select 'wrong', '${name}' where not coalesce(${condition}, false)`)
    .join('')}`;

export const cluster: Kind<'cluster', Observed> = {
  kind: 'cluster',
  // Version 0.1 made its clusters as `gitea`, and let everybody in over the socket: that shows in a running one by asking as
  // that role, and in one that is down by the rules of access that lie beside its data.
  snippet: ([spec]) => `if [ -n "$answered" ]; then
  :
elif found=$(docker exec ${quote(spec!.database)} psql -U ${databaseOwner} -d ${databaseName} -XqtAc ${quote(maker)} 2>/dev/null); then
  printf 'maker\\t%s\\n' "$found"
elif grep -qE '^local[[:space:]]+all[[:space:]]+all[[:space:]]+trust' ${quote(`${spec!.data}/pg_hba.conf`)} 2>/dev/null; then
  printf 'maker\\t%s\\n' ${quote(databaseOwner)}
fi
printf 'access\\t%s\\n' "$(sha256sum < ${quote(spec!.access.path)} 2>/dev/null | cut -d' ' -f1)"`,
  question: ([spec]) => ({ database: spec!.database, sql: sqlOf(spec!) }),
  parse: (text, specs) => {
    const found = rows(text);
    const valuesOf = (word: string) => found.filter(([first]) => first === word).map(([, value = '']) => value);
    const observed: Observed = {
      wrong: found.some(([word]) => word === 'reachable') ? valuesOf('wrong').map((name) => said[name]!) : undefined,
      maker: valuesOf('maker')[0],
      access: valuesOf('access')[0] ?? '',
    };
    return new Map(specs.map(({ id }) => [id, observed]));
  },
  diff: (spec, { wrong, maker, access }) => {
    if (maker !== undefined && maker !== databaseSuperuser) throw madeByAnother(maker);
    const title = 'database roles and access';
    if (wrong === undefined) return changeOf(spec, 'create', title, 'the database does not answer yet');
    const older = said.access!;
    const reasons = access === spec.access.hash || wrong.includes(older) ? wrong : [...wrong, older];
    if (reasons.length === 0) return undefined;
    const fresh = reasons.includes(said.role!) ? 'create' : 'update';
    return changeOf(spec, fresh, title, reasons.join(', '), reasons.includes(older) ? 'reload' : 'none');
  },
  apply: async (spec, _change, { host }) => {
    await start(host, spec);
    await refuseOther(host, spec);
    const output = await host.run({
      argv: psql(spec.database),
      stdin: new Secret('statements', inOneStep(statements)),
    });
    if (output.code !== 0) throw failed(host, spec, 'the roles of the database could not be made', lastLines(output));
    await takeUp(host, spec);
  },
};

const statements = [
  `select 'create role ${databaseOwner}' where to_regrole('${databaseOwner}') is null \\gexec`,
  `alter role ${databaseOwner} nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls inherit password null;`,
  ...withoutMemberships(databaseOwner),
  // It had one while it was made, which nobody knows. There is no way in by the network for it in any case.
  `alter role ${databaseSuperuser} password null;`,
  `alter database ${databaseName} owner to ${databaseOwner};`,
  `alter schema public owner to ${databaseOwner};`,
];

/** PostgreSQL reads the rules again, and says when it has. Rules that it cannot read leave those of before in force. */
async function takeUp(host: Host, spec: ClusterSpec): Promise<void> {
  const answer = async (sql: string) => (await host.query({ script: ask(spec.database, sql) })).stdout.trim();
  const errors = await answer('select line_number, error from pg_hba_file_rules where error is not null');
  if (errors !== '') throw failed(host, spec, 'PostgreSQL does not understand its rules of access', errors);
  const [condition] = conditions(spec).at(-1)!;
  const { code } = await host.run({
    script: `${ask(spec.database, 'select pg_reload_conf()')} >/dev/null
for try in $(seq 50); do [ "$(${ask(spec.database, `select ${condition}`)})" != t ] || exit 0; sleep 0.2; done
exit 1`,
  });
  if (code !== 0) throw failed(host, spec, 'PostgreSQL did not take up its rules of access', '');
}

/** A cluster that could not be asked before may turn out to be somebody else's now that it runs. */
async function refuseOther(host: Host, spec: ClusterSpec): Promise<void> {
  const { stdout } = await host.query({ script: `${ask(spec.database, maker)} 2>/dev/null || echo unknown` });
  if (stdout.trim() === databaseSuperuser) return;
  const what = `the database was not made by the role ${databaseSuperuser}: this is not one of this version`;
  const next = 'no data was touched: docs/runbooks/deploy.md, "A database of version 0.1", moves it into a new one';
  throw new RunbookError('changeFailed', { what, where: host.label, next });
}

/** The role that made a cluster can never lose its rights: what it owns has to be moved to another cluster. */
const madeByAnother = (name: string) =>
  new RunbookError('refused', {
    what: `the database was made by the role ${name}, as version 0.1 did it: Gitea's own role is a superuser there, and PostgreSQL cannot take that away from it`,
    next: 'nothing was changed. Move the data into a new database: docs/runbooks/deploy.md, "A database of version 0.1", takes a few minutes without Gitea',
  });

const failed = (host: Host, { database }: ClusterSpec, what: string, cause: string) =>
  new RunbookError('changeFailed', {
    what,
    where: host.label,
    ...(cause === '' ? {} : { cause }),
    next: `on the host: docker logs --tail 30 ${database}`,
  });
