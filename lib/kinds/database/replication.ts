import { RunbookError } from '../../core/errors.ts';
import { scramMatches, scramVerifier } from '../../core/scram.ts';
import { Secret } from '../../core/secret.ts';
import type { ReplicationSpec } from '../../core/spec.ts';
import type { Kind } from '../kind.ts';
import { changeOf, lastLines, rows } from '../text.ts';
import { inOneStep, psql, start } from './database.ts';
import { withoutMemberships } from './login.ts';

interface Observed {
  readonly reachable: boolean;
  /** Undefined where there is no such role. */
  readonly role: { readonly open: boolean; readonly verifier: Secret; readonly plain: boolean } | undefined;
  /** How PostgreSQL says that it stands; undefined where there is no such slot. */
  readonly slot: string | undefined;
}

const sqlOf = ({ role, slot }: ReplicationSpec) =>
  `select 'role', rolcanlogin::text, coalesce(rolpassword, ''), (rolreplication and not (rolsuper or rolcreatedb or rolcreaterole or rolbypassrls) and not exists (select from pg_auth_members m where m.member = r.oid))::text from pg_authid r where rolname = '${role}'
union all select 'slot', coalesce(wal_status, 'reserved'), '', '' from pg_replication_slots where slot_name = '${slot}'`;

/** The role and the slot of whoever keeps the database's log. A slot whose log is gone is made anew: what it missed stays missing. */
export const replication: Kind<'replication', Observed> = {
  kind: 'replication',
  snippet: () => '',
  question: ([spec]) => ({ database: spec!.database, sql: sqlOf(spec!) }),
  parse: (text, specs) => {
    const found = rows(text);
    const role = found.find(([word]) => word === 'role');
    const observed: Observed = {
      reachable: found.some(([word]) => word === 'reachable'),
      role: role && {
        open: role[1] === 'true',
        verifier: new Secret('verifier', role[2] ?? ''),
        plain: role[3] === 'true',
      },
      slot: found.find(([word]) => word === 'slot')?.[1],
    };
    return new Map(specs.map(({ id }) => [id, observed]));
  },
  diff: (spec, observed) => (spec.password ? wantedDiff(spec, spec.password, observed) : unwantedDiff(spec, observed)),
  apply: async (spec, _change, { host }) => {
    if (spec.password) await start(host, spec);
    const sql = spec.password ? allow(spec, scramVerifier(spec.password).reveal()) : refuse(spec);
    const roles = await host.run({ argv: psql(spec.database), stdin: new Secret('statements', inOneStep(sql)) });
    // A slot is made outside of any transaction that has written.
    const slots = roles.code === 0 ? await host.run({ argv: psql(spec.database), stdin: slotSql(spec) }) : roles;
    if (slots.code === 0) return;
    throw new RunbookError('changeFailed', {
      what: `the stream of the database's log could not be ${spec.password ? 'set up' : 'ended'}`,
      where: host.label,
      cause: lastLines(slots),
      next: `on the host: docker logs --tail 30 ${spec.database}`,
    });
  },
};

const title = "stream of the database's log";

function wantedDiff(spec: ReplicationSpec, password: Secret, { reachable, role, slot }: Observed) {
  if (!reachable) return changeOf(spec, 'create', title, 'the database does not answer yet');
  const reasons = [
    ...(role ? [] : [`the role ${spec.role} does not exist`]),
    ...(role && !role.open ? [`${spec.role} may not log in`] : []),
    ...(role && !scramMatches(role.verifier.reveal(), password) ? [`has another password than ${password}`] : []),
    ...(role && !role.plain ? [`${spec.role} may more or less than stream`] : []),
    ...(slot === undefined ? [`the slot ${spec.slot} does not exist`] : []),
    ...(slot === 'lost' ? [`the slot ${spec.slot} has lost its place: the log has a gap`] : []),
  ];
  if (reasons.length === 0) return undefined;
  return changeOf(spec, role && slot ? 'update' : 'create', title, reasons.join(', '));
}

function unwantedDiff(spec: ReplicationSpec, { role, slot }: Observed) {
  const open = role && (role.open || role.verifier.reveal() !== '');
  if (!open && slot === undefined) return undefined;
  return changeOf(spec, 'update', title, 'nothing keeps it any more');
}

function allow({ role }: ReplicationSpec, verifier: string): string[] {
  return [
    `select 'create role ${role}' where to_regrole('${role}') is null \\gexec`,
    `alter role ${role} login nosuperuser nocreatedb nocreaterole replication nobypassrls password '${verifier}';`,
    ...withoutMemberships(role),
  ];
}

const refuse = ({ role }: ReplicationSpec) => [
  `select 'alter role ${role} nologin noreplication password null' where to_regrole('${role}') is not null \\gexec`,
];

/** Whoever streams from it is cut off first: a slot in use cannot be dropped. */
const drop = (slot: string, which = '') => [
  `select pg_terminate_backend(active_pid, 10000) from pg_replication_slots where slot_name = '${slot}' and active${which};`,
  `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '${slot}'${which};`,
];

function slotSql({ slot, password }: ReplicationSpec): string {
  const statements = password
    ? [
        ...drop(slot, " and wal_status = 'lost'"),
        `select pg_create_physical_replication_slot('${slot}', true) where not exists (select from pg_replication_slots where slot_name = '${slot}');`,
      ]
    : drop(slot);
  return ['\\set ON_ERROR_STOP on', ...statements, ''].join('\n');
}
