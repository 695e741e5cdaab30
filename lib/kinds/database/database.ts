import { databaseName, databaseSuperuser } from '../../core/database-roles.ts';
import { quote } from '../../core/quote.ts';
import type { DatabasePlace } from '../../core/spec.ts';
import type { Host } from '../../host/port.ts';
import { must } from '../text.ts';

/** Seconds that a database which is on its way up gets. Its first start also sets it up. */
const startLimit = 180;

/** Over the socket inside the container, which lets the superuser in without a password, and nobody else. */
export const psql = (container: string, ...words: readonly string[]) => [
  ...['docker', 'exec', '-i', container, 'psql', '-U', databaseSuperuser, '-d', databaseName, '-XqtA', ...words],
];

/** The same as shell that only looks: rows with tabs between the fields, or a failure where nothing answers. */
export const ask = (container: string, sql: string) => look(container, [sql]);

const look = (container: string, commands: readonly string[]) =>
  psql(container, '-F', '\t', ...commands.flatMap((command) => ['-c', command]))
    .filter((word) => word !== '-i')
    .map(quote)
    .join(' ');

/**
 * Several queries in one session, as shell that only looks. Each answer stands between the line `begin NAME` and the line
 * `end NAME false`; `true` where PostgreSQL refused this query, which does not spoil the others.
 */
export function askAll(
  container: string,
  queries: readonly { readonly name: string; readonly sql: string }[],
  { begin, end }: { readonly begin: string; readonly end: string },
): string {
  const commands = queries.flatMap(({ name, sql }) => [`\\echo ${begin} ${name}`, sql, `\\echo ${end} ${name} :ERROR`]);
  return look(container, commands);
}

/** All or nothing, and neither in the server's log nor in an error message of psql, whatever happens. */
export const inOneStep = (statements: readonly string[]) =>
  [
    ...['\\set ON_ERROR_STOP on', '\\set VERBOSITY terse', 'begin;', 'set local client_min_messages = warning;'],
    ...['set local log_min_error_statement = panic;', 'set local log_min_duration_statement = -1;'],
    ...['set local log_statement = none;', ...statements, 'commit;', ''],
  ].join('\n');

/** The database alone, where it does not run yet: on a fresh host its roles must be there before Gitea is. */
export async function start(host: Host, { database, project, composeFile }: DatabasePlace): Promise<void> {
  const directory = composeFile.slice(0, composeFile.lastIndexOf('/')) || '/';
  const compose = `docker compose -p ${quote(project)} --project-directory ${quote(directory)} -f ${quote(composeFile)} --ansi never`;
  await must(
    host,
    `[ "$(docker inspect -f '{{.State.Running}}' ${quote(database)} 2>/dev/null)" = true ] ||
  ${compose} up -d --no-build --pull never database || exit 1
end=$(($(date +%s) + ${startLimit}))
until docker exec ${quote(database)} pg_isready -q -h 127.0.0.1 -d ${databaseName}; do
  [ "$(date +%s)" -lt "$end" ] || { docker logs --tail 15 ${quote(database)} 2>&1; exit 1; }
  sleep 1
done`,
    {
      what: 'the database did not start',
      next: `on the host: docker logs --tail 50 ${database}`,
      timeout: startLimit + 60,
    },
  );
}
