import { databaseOwner, loginRoles } from '../core/database-login.ts';
import { RunbookError } from '../core/errors.ts';
import { quote } from '../core/quote.ts';
import { scramMatches, scramVerifier } from '../core/scram.ts';
import { Secret } from '../core/secret.ts';
import type { LoginSpec } from '../core/spec.ts';
import type { Host } from '../host/port.ts';
import type { Kind } from './kind.ts';
import { changeOf, lastLines, must, rows } from './text.ts';

interface Role {
  readonly canLogIn: boolean;
  readonly verifier: Secret;
  /** Whether it may act as the owner, and whether each of its sessions does so from the start. */
  readonly member: boolean;
  readonly acts: boolean;
}

/** `reachable` is false while the database does not answer: before its first start, or when it is down. */
interface Observed {
  readonly reachable: boolean;
  readonly role: Role | undefined;
}

/** Seconds that a database which is on its way up gets. Its first start also sets it up. */
const startLimit = 180;

const columns = [
  'r.rolname',
  'r.rolcanlogin',
  "coalesce(r.rolpassword, '')",
  `pg_has_role(r.oid, '${databaseOwner}', 'SET')`,
  `exists (select from pg_db_role_setting s where s.setrole = r.oid and s.setdatabase = 0 and 'role=${databaseOwner}' = any (s.setconfig))`,
];
const question = `select ${columns.join(', ')} from pg_authid r where r.rolname in (${loginRoles.map((role) => `'${role}'`).join(', ')})`;

/** Over the socket inside the container, where PostgreSQL trusts its own user. */
const psql = (spec: LoginSpec, ...words: readonly string[]) => [
  ...['docker', 'exec', '-i', spec.database, 'psql', '-U', databaseOwner, '-d', 'gitea', '-XqtA', ...words],
];

function roleOf([role, canLogIn, verifier = '', member, acts]: readonly string[]): Role {
  const hidden = new Secret(`verifier of ${role}`, verifier);
  return { canLogIn: canLogIn === 't', verifier: hidden, member: member === 't', acts: acts === 't' };
}

export const login: Kind<'login', Observed> = {
  kind: 'login',
  snippet: (specs) => {
    const ask = psql(specs[0]!, '-F', '\t', '-c', question).filter((word) => word !== '-i');
    return `if found=$(${ask.map(quote).join(' ')} 2>/dev/null); then echo reachable; printf '%s\\n' "$found"; fi
true`;
  },
  parse: (text, specs) => {
    const found = rows(text);
    const reachable = found.some(([word]) => word === 'reachable');
    return new Map(
      specs.map((spec) => {
        const row = found.find(([name]) => name === spec.role);
        return [spec.id, { reachable, role: row && roleOf(row) }];
      }),
    );
  },
  diff: (spec, observed) => (spec.password ? wantedDiff(spec, spec.password, observed) : retiredDiff(spec, observed)),
  apply: async (spec, _change, { host }) => {
    if (spec.password) await start(host, spec);
    const sql = spec.password ? allow(spec, scramVerifier(spec.password).reveal()) : refuse(spec);
    const output = await host.run({ argv: psql(spec), stdin: new Secret('statements', inOneStep(sql)) });
    if (output.code === 0) return;
    throw new RunbookError('changeFailed', {
      what: `the database login ${spec.role} could not be ${spec.password ? 'made' : 'closed'}`,
      where: host.label,
      cause: lastLines(output),
      next: `on the host: docker logs --tail 30 ${spec.database}`,
    });
  },
};

/** The owner can always log in, for the sake of the socket; without a password nothing else lets it in. */
const isOpen = (role: Role, spec: LoginSpec) =>
  role.verifier.reveal() !== '' || (role.canLogIn && spec.role !== databaseOwner);

function wantedDiff(spec: LoginSpec, password: Secret, { reachable, role }: Observed) {
  const title = `database login ${spec.role}`;
  // A database that has not been started yet sets its owner up with this very password.
  if (!reachable && spec.role === databaseOwner) return undefined;
  if (!role) return changeOf(spec, 'create', title, reachable ? 'does not exist' : 'the database does not answer yet');
  if (!isOpen(role, spec) && !spec.reopen) {
    const why = 'it was closed when its password was replaced, so these secrets are an old copy';
    return changeOf(spec, 'update', title, why, 'destroys-data');
  }
  const reasons = [
    ...(role.canLogIn ? [] : ['may not log in']),
    ...(scramMatches(role.verifier.reveal(), password) ? [] : [`has another password than ${password}`]),
    ...(spec.role === databaseOwner || (role.member && role.acts) ? [] : [`does not act as ${databaseOwner}`]),
  ];
  return reasons.length === 0 ? undefined : changeOf(spec, 'update', title, reasons.join(', '));
}

function retiredDiff(spec: LoginSpec, { reachable, role }: Observed) {
  const title = `database login ${spec.role}`;
  // The first start of a database gives its owner a password.
  if (!reachable && spec.role === databaseOwner)
    return changeOf(spec, 'update', title, 'is not in use, and the database does not answer yet');
  return role && isOpen(role, spec) ? changeOf(spec, 'update', title, 'is not in use, and still open') : undefined;
}

const refuse = ({ role }: LoginSpec) => [
  `alter role ${role} ${role === databaseOwner ? '' : 'nologin '}password null;`,
];

/** A verifier is letters, digits and `$:+/=-`: it needs no quoting. */
function allow({ role }: LoginSpec, verifier: string): string[] {
  if (role === databaseOwner) return [`alter role ${role} login password '${verifier}';`];
  return [
    `select 'create role ${role}' where not exists (select from pg_roles where rolname = '${role}') \\gexec`,
    `alter role ${role} login nosuperuser nocreatedb nocreaterole noreplication inherit password '${verifier}';`,
    `grant ${databaseOwner} to ${role};`,
    // What it makes belongs to the owner at once, so nothing in the database depends on who logged in.
    `alter role ${role} set role = '${databaseOwner}';`,
  ];
}

/** All or nothing, and neither in the server's log nor in an error message of psql, whatever happens. */
const inOneStep = (statements: readonly string[]) =>
  [
    ...['\\set ON_ERROR_STOP on', '\\set VERBOSITY terse', 'begin;', 'set local client_min_messages = warning;'],
    ...['set local log_min_error_statement = panic;', 'set local log_min_duration_statement = -1;'],
    ...['set local log_statement = none;', ...statements, 'commit;', ''],
  ].join('\n');

/** The database alone, where it does not run yet: on a fresh host its login must be there before Gitea is. */
async function start(host: Host, spec: LoginSpec): Promise<void> {
  const directory = spec.composeFile.slice(0, spec.composeFile.lastIndexOf('/')) || '/';
  const compose = `docker compose -p ${quote(spec.project)} --project-directory ${quote(directory)} -f ${quote(spec.composeFile)} --ansi never`;
  await must(
    host,
    `[ "$(docker inspect -f '{{.State.Running}}' ${quote(spec.database)} 2>/dev/null)" = true ] ||
  ${compose} up -d --no-build --pull never database || exit 1
end=$(($(date +%s) + ${startLimit}))
until docker exec ${quote(spec.database)} pg_isready -q -h 127.0.0.1 -U ${databaseOwner} -d gitea; do
  [ "$(date +%s)" -lt "$end" ] || { docker logs --tail 15 ${quote(spec.database)} 2>&1; exit 1; }
  sleep 1
done`,
    {
      what: 'the database did not start',
      next: `on the host: docker logs --tail 50 ${spec.database}`,
      timeout: startLimit + 60,
    },
  );
}
