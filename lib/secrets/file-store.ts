import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { RunbookError } from '../core/errors.ts';
import type { SecretStore } from './store.ts';

const head = `# The secrets of this Gitea, made by gitea-runbooks. Whoever has this file owns the instance:
# keep it out of version control and keep a copy in a safe place. Without gitea_secret_key a backup is worth little.
`;

/** Secrets in one YAML file, readable by its owner alone. */
export function fileStore(path: string): SecretStore {
  return {
    label: path,
    load: async () => {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw unreadable(path, error);
      });
      if (text === undefined) return {};
      await refuseIfOpen(path);
      return valuesOf(path, text);
    },
    save: async (values) => {
      const next = `${path}.next`;
      await rm(next, { force: true });
      try {
        const file = await open(next, 'wx', 0o600);
        try {
          await file.writeFile(head + stringify(values));
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(next, path);
      } catch (error) {
        throw unreadable(path, error);
      }
    },
  };
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

function valuesOf(path: string, text: string): Record<string, string> {
  let found: unknown;
  try {
    found = parse(text);
  } catch {
    // The parser's message quotes the line, and the line may hold a secret.
  }
  const isRecord = typeof found === 'object' && found !== null && !Array.isArray(found);
  if (isRecord && Object.values(found as object).every((value) => typeof value === 'string')) {
    return found as Record<string, string>;
  }
  throw new RunbookError('configInvalid', {
    what: 'the secrets file is not a list of `name: value` lines with text values',
    where: path,
    next: 'put back a good copy; do not delete it: a new SECRET_KEY cannot read what the old one encrypted',
  });
}

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
