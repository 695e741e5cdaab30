/** Terraform's state (format 4) and its lock: in a bucket of the endpoint, or below DOUBLE_STATE_DIR where there is none. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Module } from './module.ts';

export const version = process.env.DOUBLE_VERSION ?? '1.14.2';

export interface Instance {
  index_key?: string | number;
  status?: 'tainted';
  schema_version: number;
  attributes: Record<string, unknown>;
  dependencies?: readonly string[];
}

export interface StateResource {
  module?: string;
  mode: 'managed';
  type: string;
  name: string;
  provider: string;
  instances: Instance[];
}

export interface State {
  version: 4;
  terraform_version: string;
  serial: number;
  lineage: string;
  outputs: Record<string, { value: unknown; type: unknown }>;
  resources: StateResource[];
}

export interface LockInfo {
  readonly ID: string;
  readonly Operation: string;
  readonly Info: string;
  readonly Who: string;
  readonly Version: string;
  readonly Created: string;
  readonly Path: string;
}

/** Where objects are kept. `put` with `fresh` fails with false when the object is there already (If-None-Match: *). */
interface Objects {
  bucketExists(): Promise<boolean>;
  get(key: string): Promise<string | undefined>;
  put(key: string, text: string, fresh?: boolean): Promise<boolean>;
  remove(key: string): Promise<void>;
}

export interface Store {
  bucketExists(): Promise<boolean>;
  read(): Promise<State>;
  /** Saves as the next serial. */
  save(state: State): Promise<void>;
  /** The lock, or who has it. */
  lock(operation: string): Promise<{ readonly unlock: () => Promise<void> } | { readonly holder: LockInfo }>;
  forceUnlock(id: string): Promise<boolean>;
}

const emptyState = (): State => ({
  version: 4,
  terraform_version: version,
  serial: 0,
  lineage: '',
  outputs: {},
  resources: [],
});

export function storeOf({ backend }: Module, cwd: string): Store {
  const settings = (backend?.settings ?? {}) as {
    bucket?: string;
    key?: string;
    path?: string;
    endpoints?: { s3?: string };
  };
  const local = backend?.type !== 's3';
  const key = local ? (settings.path ?? 'terraform.tfstate') : String(settings.key);
  const objects = local
    ? onDisk(cwd)
    : settings.endpoints?.s3 === undefined
      ? onDisk(join(String(process.env.DOUBLE_STATE_DIR), String(settings.bucket)))
      : inBucket(settings.endpoints.s3, String(settings.bucket));
  return {
    bucketExists: () => (local ? Promise.resolve(true) : objects.bucketExists()),
    async read() {
      const text = await objects.get(key);
      return text === undefined ? emptyState() : JSON.parse(text);
    },
    async save(state) {
      const next = { ...state, serial: state.serial + 1, lineage: state.lineage || randomUUID() };
      Object.assign(state, next);
      if (process.env.DOUBLE_SAVE === 'fails') throw new Error('the state cannot be put');
      await objects.put(key, `${JSON.stringify(next, null, 2)}\n`);
    },
    async lock(operation) {
      const info: LockInfo = {
        ID: randomUUID(),
        Operation: operation,
        Info: '',
        Who: `${userInfo().username}@${hostname()}`,
        Version: version,
        Created: new Date().toISOString(),
        Path: local ? key : `${settings.bucket}/${key}`,
      };
      const lockKey = `${key}.tflock`;
      if (await objects.put(lockKey, JSON.stringify(info), true)) return { unlock: () => objects.remove(lockKey) };
      return { holder: JSON.parse((await objects.get(lockKey)) ?? '{}') };
    },
    async forceUnlock(id) {
      const text = await objects.get(`${key}.tflock`);
      if (text === undefined || (JSON.parse(text) as LockInfo).ID !== id) return false;
      await objects.remove(`${key}.tflock`);
      return true;
    },
  };
}

function onDisk(folder: string): Objects {
  return {
    bucketExists: async () => existsSync(folder),
    get: async (key) => (existsSync(join(folder, key)) ? readFileSync(join(folder, key), 'utf8') : undefined),
    async put(key, text, fresh) {
      mkdirSync(dirname(join(folder, key)), { recursive: true });
      try {
        writeFileSync(join(folder, key), text, { flag: fresh ? 'wx' : 'w' });
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      }
    },
    remove: async (key) => rmSync(join(folder, key), { force: true }),
  };
}

function inBucket(endpoint: string, Bucket: string): Objects {
  const client = async () => {
    const { S3 } = await import('@aws-sdk/client-s3');
    const checksums = { requestChecksumCalculation: 'WHEN_REQUIRED' } as const;
    return new S3({ endpoint, region: process.env.AWS_REGION ?? 'us-east-1', forcePathStyle: true, ...checksums });
  };
  const unless =
    <T>(names: readonly string[], value: T) =>
    (error: Error): T => {
      if (names.includes(error.name)) return value;
      throw error;
    };
  return {
    bucketExists: async () =>
      (await client()).headBucket({ Bucket }).then(() => true, unless(['NotFound', 'NoSuchBucket'], false)),
    get: async (Key) =>
      (await client())
        .getObject({ Bucket, Key })
        .then(async ({ Body }) => Body?.transformToString(), unless(['NoSuchKey', 'NoSuchBucket'], undefined)),
    put: async (Key, Body, fresh) =>
      (await client())
        .putObject({ Bucket, Key, Body, ...(fresh ? { IfNoneMatch: '*' } : {}) })
        .then(() => true, unless(['PreconditionFailed'], false)),
    remove: async (Key) => {
      await (await client()).deleteObject({ Bucket, Key });
    },
  };
}

export function addressOf(
  { module, type, name }: Pick<StateResource, 'module' | 'type' | 'name'>,
  key?: string | number,
): string {
  return `${module ? `${module}.` : ''}${type}.${name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`;
}
