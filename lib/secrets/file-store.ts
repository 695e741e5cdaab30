import { lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { RunbookError } from '../core/errors.ts';
import { readRegularFile } from '../core/read-regular-file.ts';
import { nothingToReplace, type SecretStore } from './store.ts';

const head = `# The secrets of this Gitea, made by gitea-runbooks. Whoever has this file owns the instance:
# keep it out of version control and keep a copy in a safe place. Without gitea_secret_key a backup is worth little.
`;

type Values = Readonly<Record<string, string>>;

/** What stands in the file: the values, and under `pending` those that a rotation has staged. */
interface Content {
  readonly current: Values;
  readonly pending: Values;
}

/** Secrets in one YAML file, readable by its owner alone. Each change replaces the file as a whole: the old one or the new one. */
export function fileStore(path: string): SecretStore {
  const change = async (next: (content: Content) => Content) => write(path, next(await read(path)));
  return {
    label: path,
    howToAdd: (names) =>
      `add ${names.length === 1 ? 'the line' : 'the lines'} ${names.map((name) => `\`${name}: 'VALUE'\``).join(', ')} to ${path} (mode 0600)`,
    load: async () => (await read(path)).current,
    has: async (name) => Boolean((await read(path)).current[name]),
    save: (values) => change(({ current, pending }) => ({ current: { ...current, ...values }, pending })),
    pending: async () => (await read(path)).pending,
    stage: (values) =>
      change(({ current, pending }) => {
        const missing = Object.keys(values).find((name) => !current[name]);
        if (missing !== undefined) throw nothingToReplace(path, missing);
        return { current, pending: { ...pending, ...values } };
      }),
    promote: (names) =>
      change(({ current, pending }) => ({
        current: { ...current, ...pick(pending, (name) => names.includes(name)) },
        pending: pick(pending, (name) => !names.includes(name)),
      })),
    discard: (names) =>
      change(({ current, pending }) => ({ current, pending: pick(pending, (name) => !names.includes(name)) })),
  };
}

function pick(values: Values, wanted: (name: string) => boolean): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => wanted(name)));
}

async function read(path: string): Promise<Content> {
  const text = textOf(path);
  if (text === undefined) return { current: {}, pending: {} };
  await refuseIfOpen(path);
  return contentOf(path, text);
}

/** Undefined where there is no file yet. */
function textOf(path: string): string | undefined {
  try {
    return readRegularFile(path).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
}

async function write(path: string, { current, pending }: Content): Promise<void> {
  const staged = Object.keys(pending).length > 0 ? { pending } : {};
  try {
    // A link stays a link: what it leads to is replaced, in its own folder.
    const target = await targetOf(path);
    const next = `${target}.next`;
    await rm(next, { force: true });
    const file = await open(next, 'wx', 0o600);
    try {
      await file.writeFile(head + stringify({ ...current, ...staged }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, target);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Where the file really lies. A link that leads nowhere is an error: the values would be written to a place nobody chose. */
async function targetOf(path: string): Promise<string> {
  return realpath(path).catch(async (error: NodeJS.ErrnoException) => {
    const isLink = await lstat(path).then(
      (found) => found.isSymbolicLink(),
      () => false,
    );
    if (error.code !== 'ENOENT' || isLink) throw error;
    return path;
  });
}

async function refuseIfOpen(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  throw new RunbookError('credentialsRefused', {
    what: `others on this machine can read the secrets file (mode ${(mode & 0o777).toString(8)})`,
    where: path,
    next: `chmod 600 ${path}`,
  });
}

function contentOf(path: string, text: string): Content {
  let found: unknown;
  try {
    found = parse(text);
  } catch {
    // The parser's message quotes the line, and the line may hold a secret.
  }
  if (isRecord(found)) {
    const { pending = {}, ...current } = found;
    if (areValues(current) && areValues(pending)) return { current, pending };
  }
  throw new RunbookError('configInvalid', {
    what: 'the secrets file is not a list of `name: value` lines with text values',
    where: path,
    next: 'put back a good copy; do not delete it: a new SECRET_KEY cannot read what the old one encrypted',
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const areValues = (value: unknown): value is Values =>
  isRecord(value) && Object.values(value).every((each) => typeof each === 'string');

function unreadable(path: string, error: unknown): RunbookError {
  return new RunbookError(
    'credentialsRefused',
    {
      what: 'the secrets file cannot be read or written',
      where: path,
      cause: (error as Error).message,
      next: `check \`ls -l ${path}\` and the folder it lies in`,
    },
    { cause: error },
  );
}
