import type { Config } from '../config/config.types.ts';

/** The section `aws` of a resolved configuration. */
export type Aws = NonNullable<Config['aws']>;

/**
 * How long anything may take. Times are milliseconds. A request that stays without an answer, or stops in the middle of
 * one, is tried again; `call` bounds all attempts together.
 */
export const limits = { connect: 5_000, answer: 6_000, call: 45_000, attempts: 5 } as const;

/** The options of every client: where, as whom, and how long to wait. Credentials are found as the AWS tools find them. */
export function clientOptions({ region, endpoint, profile }: Aws) {
  return {
    region,
    maxAttempts: limits.attempts,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: limits.connect,
      requestTimeout: limits.answer,
      throwOnRequestTimeout: true,
      // Runs on while an answer is read, where `requestTimeout` has ended.
      socketTimeout: limits.answer,
    },
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  } as const;
}

/** For messages: "AWS account 123456789012, eu-central-1", with the address where it is not AWS's own. */
export function placeOf({ accountId, region, endpoint }: Aws): string {
  return `AWS account ${accountId}, ${region}${endpoint === undefined ? '' : ` (${endpoint})`}`;
}

/** The tags of everything that the SDK makes for an instance; what Terraform makes carries ManagedBy=terraform. */
export function ownTags({ name, tags }: Aws): { Key: string; Value: string }[] {
  const all = { ...tags, Project: 'gitea-runbooks', Instance: name, ManagedBy: 'gitea-runbooks' };
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
}
