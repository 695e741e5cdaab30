import { RunbookError } from '../../core/errors.ts';
import { sha256 } from '../../core/hash.ts';
import { quote } from '../../core/quote.ts';
import { Secret } from '../../core/secret.ts';
import type { SignInSource, SourcesSpec } from '../../core/spec.ts';
import { held } from '../containers/index.ts';
import { ask, inOneStep, psql } from '../database/index.ts';
import type { Kind } from '../kind.ts';
import { changeOf, lastLines, must, rows } from '../text.ts';
import { bringAbout, found, lastChange, oauth2, readOnce } from './sources-sql.ts';

/** A source as it is in the database. */
interface Row {
  readonly id: number;
  readonly type: number;
  readonly name: string;
  readonly active: boolean;
  /** null before Gitea 1.24, where it is one of the settings. */
  readonly policy: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secret: string | null;
  /** Its name in the config, and when it was last changed so that Gitea has to start anew; null where it is not ours. */
  readonly mark: string | null;
  readonly changed: number | null;
}

interface Observed {
  /** undefined while the database does not answer, or Gitea has not set it up yet. */
  readonly rows: readonly Row[] | undefined;
  /** When Gitea was started, in microseconds since 1970; undefined where it does not run. */
  readonly started: number | undefined;
}

/** When the container was started, as a shell's number; nothing where it does not run. */
const startOf = (container: string) =>
  `$(docker inspect -f '{{if .State.Running}}{{.State.StartedAt}}{{end}}' ${quote(container)} 2>/dev/null | xargs -r -I {} date -d {} +%s%6N)`;

/** OAuth2 and OpenID Connect as ways to sign in: rows of Gitea's database, marked there as ours (docs/adr/0030). */
export const sources: Kind<'sources', Observed> = {
  kind: 'sources',
  snippet: ([spec]) => `printf 'started\\t%s\\n' "${startOf(spec!.gitea)}"`,
  question: ([spec]) => ({ database: spec!.database, sql: found }),
  parse: (text, specs) => {
    const lines = rows(text);
    const reachable = lines.some(([word]) => word === 'reachable');
    const all = lines.flatMap(([word, row]) => (word === 'source' && row ? [readRow(row)] : []));
    const started = lines.find(([word]) => word === 'started')?.[1];
    const observed: Observed = {
      rows: reachable ? all : undefined,
      started: started ? Number(started) : undefined,
    };
    return new Map(specs.map(({ id }) => [id, observed]));
  },
  diff: (spec, { rows, started }) => {
    if (!rows) {
      if (spec.sources.length === 0) return undefined;
      const why = 'the database does not answer yet';
      return changeOf(spec, 'create', titleOf(spec.sources.map(({ name }) => name)), why);
    }
    const judged = [...spec.sources.map((source) => judge(source, rows, started)), ...leftOver(spec, rows)];
    const needed = judged.filter(({ why }) => why.length > 0);
    if (needed.length === 0) return undefined;
    const actions = new Set(needed.map(({ action }) => action));
    const [only] = actions.size === 1 ? actions : [];
    const why = needed.map(({ name, why }) => (needed.length === 1 ? why.join(', ') : `${name} ${why.join(', ')}`));
    const impact = needed.some(({ restart }) => restart) && started !== undefined ? 'restart' : 'none';
    return changeOf(spec, only ?? 'update', titleOf(needed.map(({ name }) => name)), why.join('; '), impact);
  },
  apply: async (spec, _change, { host, progress }) => {
    const stdin = new Secret('statements', inOneStep(bringAbout(spec.sources)));
    const output = await host.run({ argv: psql(spec.database), stdin });
    if (output.code !== 0) {
      throw new RunbookError('changeFailed', {
        what: 'the sign-in sources could not be brought about',
        where: host.label,
        cause: lastLines(output),
        next: `nothing was changed; on the host: docker logs --tail 30 ${spec.database}`,
      });
    }
    await must(host, restartIfDue(spec), {
      what: 'Gitea did not become healthy after the restart for its sign-in sources',
      next: `on the host: docker logs --tail 50 ${spec.gitea}`,
      timeout: spec.timeout + spec.hold.patience + 120,
      onLine: progress,
    });
  },
};

const titleOf = (names: readonly string[]) => `sign-in source${names.length === 1 ? '' : 's'} ${names.join(', ')}`;

const readRow = (text: string) => JSON.parse(Buffer.from(text, 'base64').toString()) as Row;

interface Judged {
  readonly name: string;
  readonly action: 'create' | 'update' | 'refresh' | 'remove';
  readonly why: readonly string[];
  readonly restart?: boolean;
}

/** The row that stands for a source: the one of its name, or the one that was made for it and has another name by now. */
const rowOf = ({ name }: SignInSource, rows: readonly Row[]) =>
  rows.find((row) => row.name === name) ?? rows.find(({ mark }) => mark === name);

function judge(source: SignInSource, rows: readonly Row[], started: number | undefined): Judged {
  const { name } = source;
  const row = rowOf(source, rows);
  if (!row) return { name, action: 'create', why: ['does not exist'] };
  if (row.type !== oauth2) throw takenName(name);
  const other = differing(source, row);
  const renamed = row.name === name ? [] : [`is called ${JSON.stringify(row.name)}`];
  const inactive = row.active ? [] : ['is inactive'];
  const why = [...renamed, ...inactive, ...other.map(([, words]) => words), ...(row.mark === null ? [taken] : [])];
  const once = new Set<string>([...readOnce, 'ClientSecret']);
  if (why.length > 0) {
    const restart = renamed.length > 0 || inactive.length > 0 || other.some(([key]) => once.has(key));
    return { name, action: 'update', why, restart };
  }
  // What was changed while Gitea ran, by a deploy that was cut off before the restart.
  const stale = started !== undefined && (row.changed ?? 0) > started;
  const again = ['was changed since Gitea was started, which reads it then'];
  return { name, action: 'refresh', why: stale ? again : [], restart: stale };
}

const taken = 'was not made by a deploy, and belongs to the config from now on';

/** Every setting that is another one, with what is said of it. */
function differing(source: SignInSource, row: Row): [key: string, words: string][] {
  const { settings, secret, skipTwoFactor } = source;
  const skips = row.policy === null ? row.settings.SkipLocalTwoFA === true : row.policy === 'skip';
  return [
    ...Object.entries(settings).flatMap(([key, value]): [string, string][] =>
      same(row.settings[key], value) ? [] : [[key, `has another ${key} (${shown(row.settings[key])})`]],
    ),
    ...(row.secret === sha256(`${row.id}:${secret.reveal()}`)
      ? []
      : ([['ClientSecret', `has another secret than ${secret}`]] as [string, string][])),
    ...(skips === skipTwoFactor
      ? []
      : ([['two factors', skips ? "skips Gitea's second factor" : "asks for Gitea's second factor"]] as [
          string,
          string,
        ][])),
  ];
}

/** Short, and on one line whatever it is. */
function shown(value: unknown): string {
  const text = same(value, null) ? 'none' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Gitea's form, its command and what is written here leave out in different ways what there is none of. */
function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));
}

function ordered(value: unknown): unknown {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.length === 0 ? '' : value;
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, each]) => each !== '');
  return entries.length === 0 ? '' : entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What is ours and wanted no more. */
function leftOver(spec: SourcesSpec, rows: readonly Row[]): Judged[] {
  const wanted = new Set(spec.sources.map((source) => rowOf(source, rows)?.id));
  return rows
    .filter(({ id, mark }) => mark !== null && !wanted.has(id))
    .map(({ name }) => ({
      name,
      action: 'remove',
      why: ['is wanted no more: it becomes inactive, its accounts stay'],
    }));
}

const takenName = (name: string) =>
  new RunbookError('refused', {
    what: `Gitea has a source called ${name} already, which is neither OAuth2 nor OpenID Connect`,
    next: 'nothing was changed. Choose another name in gitea.signIn.sources, or rename that one under Site Administration, Authentication Sources',
  });

/** Requests wait for it as for any restart. A Gitea that does not run reads everything when it starts. */
function restartIfDue({ database, gitea, hold, timeout }: SourcesSpec): string {
  const container = quote(gitea);
  const restart = `docker restart ${container} >/dev/null || exit 1
end=$(($(date +%s) + ${timeout}))
until [ "$(docker inspect -f '{{.State.Health.Status}}' ${container})" = healthy ]; do
  [ "$(date +%s)" -lt "$end" ] || { docker logs --tail 15 ${container} 2>&1; exit 1; }
  sleep 0.5
done`;
  return `started=${startOf(gitea)}
changed=$(${ask(database, lastChange)}) || exit 1
[ -n "$started" ] && [ "$changed" -gt "$started" ] || exit 0
${held(hold, restart)}`;
}
