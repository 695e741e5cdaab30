import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../../../lib/config/config.types.ts';
import type { Manifest } from '../../../lib/core/generation.ts';
import type { Host, Output } from '../../../lib/host/port.ts';
import type { Restic, ResticCall } from '../../../lib/jobs/backup/store/restic.ts';
import { backupPaths, dataPaths } from '../../../lib/phases/layout.ts';
import { input } from '../phases/input.ts';

/** A config whose host has its data and its backups below a folder, and the folders of the backups. */
export function configIn(root: string, backup: Partial<Config['backup']> = {}): Config {
  const { config } = input({
    config: { host: { dataPath: `${root}/data` }, backup: { local: { path: `${root}/backups` }, ...backup } },
  });
  const paths = backupPaths(config);
  for (const path of [...Object.values(paths), dataPaths(config).giteaData]) mkdirSync(path, { recursive: true });
  return config;
}

export const remote = { repository: 's3:https://s3.example.com/backup', environment: {} };

export const fine: Output = { code: 0, stdout: '', stderr: '' };
export const says = (stdout: string): Output => ({ ...fine, stdout });
export const fails = (stderr: string, code = 1): Output => ({ code, stdout: '', stderr });

/** A host that answers each command, as one text, by `answer`, and remembers them all. */
export function played(answer: (command: string) => Output = () => fine) {
  const commands: string[] = [];
  const call: Host['run'] = async ({ argv, script, onLine }) => {
    const command = argv?.join(' ') ?? script ?? '';
    commands.push(command);
    const output = answer(command);
    for (const line of output.stdout.split('\n').filter(Boolean)) onLine?.(line);
    return output;
  };
  const not = () => Promise.reject(new Error('not played'));
  const host: Host = { label: 'host', run: call, query: call, put: not, hold: not, close: async () => {} };
  return { host, commands };
}

/** restic that answers each call by `answer`, and remembers them all. */
export function resticThat(answer: (call: ResticCall) => Output = () => fine) {
  const calls: ResticCall[] = [];
  const restic: Restic = async (call) => {
    calls.push(call);
    return answer(call);
  };
  return { restic, calls };
}

/** `20261129T221503Z` as ISO 8601. */
export const momentOf = (id: string) =>
  id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z');

export const baseOf = (name: string, lsn = '0/2000028', timeline = 1) => ({ name, sha256: 'ab', lsn, timeline });

/** A generation: a whole one, or one of changes since `full`. */
export function manifestOf(id: string, full = id, changes: Partial<Manifest> = {}): Manifest {
  return {
    ...{ format: 1, id, full, kind: id === full ? 'full' : 'partial', domain: 'git.example.com', release: '0.1.0' },
    images: { gitea: 'gitea/gitea:1.27.3-rootless gitea/gitea@sha256:12', postgres: 'postgres:18.6 unknown' },
    tree: `tree-${id}`,
    database: {
      ...{ system: '7001', postgres: '18.6', gitea: 338, bases: [baseOf('one')] },
      point: { name: `generation_${id}`, lsn: '0/3000060', timeline: 1, at: momentOf(id) },
      wal: { first: '000000010000000000000002', last: '000000010000000000000003' },
    },
    files: {
      ...{ repositories: 3, refs: '', rows: '', queues: false },
      moved: { renamed: [], deleted: [], made: [] },
    },
    ...{ secrets: [], began: momentOf(id), ended: momentOf(id), added: 2048, degraded: [] },
    ...changes,
  } satisfies Manifest;
}

/** A file with its folders. */
export function put(path: string, text = ''): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
