import { loginRoles } from '../../core/database-login.ts';
import { databaseOwner } from '../../core/database-roles.ts';
import { RunbookError } from '../../core/errors.ts';
import { scramMatches, scramVerifier } from '../../core/scram.ts';
import { Secret } from '../../core/secret.ts';
import type { LoginSpec } from '../../core/spec.ts';
import type { Kind } from '../kind.ts';
import { changeOf, lastLines, rows } from '../text.ts';
import { inOneStep, psql, start } from './database.ts';

interface Role {
  readonly canLogIn: boolean;
  readonly verifier: Secret;
  /** Whether it may act as the owner, and whether each of its sessions does so from the start. */
  readonly member: boolean;
  readonly acts: boolean;
  /** Whether it is nothing more than that: no attribute, and a member of no other role. */
  readonly plain: boolean;
}

/** `reachable` is false while the database does not answer: before its first start, or when it is down. */
interface Observed {
  readonly reachable: boolean;
  readonly role: Role | undefined;
}

const columns = [
  'r.rolname',
  'r.rolcanlogin',
  "coalesce(r.rolpassword, '')",
  `coalesce(pg_has_role(r.oid, to_regrole('${databaseOwner}')::oid, 'SET'), false)`,
  `exists (select from pg_db_role_setting s where s.setrole = r.oid and s.setdatabase = 0 and 'role=${databaseOwner}' = any (s.setconfig))`,
  `not (r.rolsuper or r.rolcreatedb or r.rolcreaterole or r.rolreplication or r.rolbypassrls or exists (select from pg_auth_members m where m.member = r.oid and m.roleid is distinct from to_regrole('${databaseOwner}')))`,
];
const sql = `select ${columns.join(', ')} from pg_authid r where r.rolname in (${loginRoles.map((role) => `'${role}'`).join(', ')})`;

function roleOf([role, canLogIn, verifier = '', member, acts, plain]: readonly string[]): Role {
  const hidden = new Secret(`verifier of ${role}`, verifier);
  return {
    canLogIn: canLogIn === 't',
    verifier: hidden,
    member: member === 't',
    acts: acts === 't',
    plain: plain === 't',
  };
}

export const login: Kind<'login', Observed> = {
  kind: 'login',
  snippet: () => '',
  question: ([spec]) => ({ database: spec!.database, sql }),
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
    const output = await host.run({ argv: psql(spec.database), stdin: new Secret('statements', inOneStep(sql)) });
    if (output.code === 0) return;
    throw new RunbookError('changeFailed', {
      what: `the database login ${spec.role} could not be ${spec.password ? 'made' : 'closed'}`,
      where: host.label,
      cause: lastLines(output),
      next: `on the host: docker logs --tail 30 ${spec.database}`,
    });
  },
};

const isOpen = (role: Role) => role.verifier.reveal() !== '' || role.canLogIn;

function wantedDiff(spec: LoginSpec, password: Secret, { reachable, role }: Observed) {
  const title = `database login ${spec.role}`;
  if (!role) return changeOf(spec, 'create', title, reachable ? 'does not exist' : 'the database does not answer yet');
  if (!isOpen(role) && !spec.reopen) {
    const why = 'it was closed when its password was replaced, so these secrets are an old copy';
    return changeOf(spec, 'update', title, why, 'destroys-data');
  }
  const reasons = [
    ...(role.canLogIn ? [] : ['may not log in']),
    ...(scramMatches(role.verifier.reveal(), password) ? [] : [`has another password than ${password}`]),
    ...(role.member && role.acts ? [] : [`does not act as ${databaseOwner}`]),
    ...(role.plain ? [] : [`may more than act as ${databaseOwner}`]),
  ];
  return reasons.length === 0 ? undefined : changeOf(spec, 'update', title, reasons.join(', '));
}

function retiredDiff(spec: LoginSpec, { role }: Observed) {
  const title = `database login ${spec.role}`;
  return role && isOpen(role) ? changeOf(spec, 'update', title, 'is not in use, and still open') : undefined;
}

const refuse = ({ role }: LoginSpec) => [`alter role ${role} nologin password null;`];

/** A verifier is letters, digits and `$:+/=-`: it needs no quoting. */
function allow({ role }: LoginSpec, verifier: string): string[] {
  return [
    `select 'create role ${role}' where not exists (select from pg_roles where rolname = '${role}') \\gexec`,
    `alter role ${role} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls inherit password '${verifier}';`,
    ...withoutMemberships(role, databaseOwner),
    `grant ${databaseOwner} to ${role};`,
    // What it makes belongs to the owner at once, so nothing in the database depends on who logged in.
    `alter role ${role} set role = '${databaseOwner}';`,
  ];
}

/** Takes a role out of every other. */
export const withoutMemberships = (role: string, except = '') => [
  `select format('revoke %s from ${role}', m.roleid::regrole) from pg_auth_members m where m.member = '${role}'::regrole and m.roleid::regrole::text <> '${except}' \\gexec`,
];
