// Secrets Manager's versions and labels in memory, as strict as the service: what the store in AWS is tried on.
import { randomUUID } from 'node:crypto';
import { RunbookError } from '../../../lib/core/errors.ts';
import type { SecretRequests, Stage } from '../../../lib/secrets/aws-requests.ts';

interface Kept {
  readonly versions: Map<string, { readonly value: string; readonly stages: Set<string> }>;
}

export interface Memory {
  readonly requests: SecretRequests;
  readonly secrets: Map<string, Kept>;
  /** All requests, as "put gitea/inputs_key". */
  readonly seen: string[];
  /** Called before each request with its name; throws to have it fail. */
  before: (request: string) => void | Promise<void>;
}

const first = 'first-version';

export function memory(): Memory {
  const secrets = new Map<string, Kept>();
  const seen: string[] = [];
  const holder = (secret: Kept, stage: string) => [...secret.versions].find(([, { stages }]) => stages.has(stage));
  const label = (secret: Kept, stage: string, id: string) => {
    holder(secret, stage)?.[1].stages.delete(stage);
    secret.versions.get(id)!.stages.add(stage);
  };
  const add = (secret: Kept, id: string, value: string, stage: Stage) => {
    secret.versions.set(id, { value, stages: new Set() });
    // The first version of all is current, whatever it was meant to be.
    for (const each of new Set(secret.versions.size === 1 ? [stage, 'AWSCURRENT'] : [stage])) label(secret, each, id);
  };
  const asked = async (what: string, id: string) => {
    seen.push(`${what} ${id}`);
    await self.before(`${what} ${id}`);
    return secrets.get(id);
  };
  const self: Memory = {
    secrets,
    seen,
    before: () => {},
    requests: {
      async describe(id) {
        const secret = await asked('describe', id);
        if (!secret) throw new RunbookError('credentialsRefused', { what: `there is no secret ${id}`, next: 'deploy' });
        return {
          deleted: false,
          versions: Object.fromEntries([...secret.versions].map(([version, { stages }]) => [version, [...stages]])),
        };
      },
      async read(id, stage) {
        const secret = await asked(`read ${stage}`, id);
        const [, version] = (secret && holder(secret, stage)) ?? [];
        return version && { value: version.value, stages: [...version.stages] };
      },
      async putFirst(id, value) {
        const secret = await asked('putFirst', id);
        if (!secret) return 'noSecret';
        const known = secret.versions.get(first);
        if (known) return known.value === value ? 'kept' : 'taken';
        add(secret, first, value, 'AWSCURRENT');
        return 'kept';
      },
      async create(id, value) {
        const secret = await asked('create', id);
        if (secret) return secret.versions.get(first)?.value === value ? 'kept' : 'taken';
        const made: Kept = { versions: new Map() };
        secrets.set(id, made);
        add(made, first, value, 'AWSCURRENT');
        return 'kept';
      },
      async put(id, value, stage) {
        const secret = await asked(`put ${stage}`, id);
        add(secret!, randomUUID(), value, stage);
      },
      async move(id, stage, from, to) {
        const secret = await asked(`move ${stage}`, id);
        const has = holder(secret!, stage);
        if (from === to) throw new Error(`InvalidParameterException: ${stage} is on ${to} already`);
        if (has?.[0] !== from) throw new Error(`InvalidParameterException: ${stage} is on ${has?.[0]}, not on ${from}`);
        has?.[1].stages.delete(stage);
        if (to !== undefined) secret!.versions.get(to)!.stages.add(stage);
      },
    },
  };
  return self;
}
