// What the tests of AWS share: a proxy that has bad days, instances of their own behind it, and a look at what was written.
import t from 'tap';
import { secretsManager } from '../../lib/aws/clients.ts';
import type { Aws } from '../../lib/aws/settings.ts';
import type { RunbookError } from '../../lib/core/errors.ts';
import { section } from '../unit/aws/cloud.ts';
import { type Faults, faultProxy } from './faults.ts';
import type { Lab } from './lab.ts';
import { theLab } from './suite.ts';

export interface AwsSuite {
  readonly lab: Lab;
  readonly faults: Faults;
  /** The section `aws` of an instance of that name, through the proxy. */
  instance(name: string, values?: Partial<Aws>): Aws;
  /** The requests so far that change something. */
  writes(): string[];
  /** Each secret of an instance with its versions and their labels, straight from the service. */
  versions(aws: Aws): Promise<Record<string, Record<string, string[]>>>;
}

const changing = /^s3 (PUT|POST|DELETE)|secretsmanager (?!Get|Describe|List)|route53 POST/;

/** The lab's AWS with nothing in it, and the faults gone before each test. */
export async function awsSuite(): Promise<AwsSuite> {
  const lab = await theLab();
  await lab.aws.reset();
  Object.assign(process.env, lab.aws.env);
  const faults = await faultProxy(lab.aws.endpoint);
  t.teardown(() => faults.close());
  t.beforeEach(() => faults.clear());
  return {
    lab,
    faults,
    instance: (name, values = {}) =>
      section({
        ...{ name, accountId: lab.aws.account, region: lab.aws.region, endpoint: faults.endpoint },
        stateBucket: `${name}-state-${lab.aws.account}`,
        ...values,
      }),
    writes: () => faults.seen.filter((operation) => changing.test(operation)),
    versions: async (aws) => versions({ ...aws, endpoint: lab.aws.endpoint }),
  };
}

/** What the work fails with; an error of its own when it does not fail. */
export const failure = (work: Promise<unknown>): Promise<RunbookError> =>
  work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error) => error,
  );

async function versions(aws: Aws): Promise<Record<string, Record<string, string[]>>> {
  const client = await secretsManager(aws);
  const Filters = [{ Key: 'name' as const, Values: [`${aws.name}/`] }];
  const { SecretList = [] } = await client.listSecrets({ Filters, IncludePlannedDeletion: true, MaxResults: 100 });
  const all = SecretList.map(async ({ Name = '' }) => {
    const { Versions = [] } = await client.listSecretVersionIds({ SecretId: Name, IncludeDeprecated: true });
    const labels = Versions.map(
      ({ VersionId = '', VersionStages = [] }) => [VersionId, [...VersionStages].sort()] as const,
    );
    return [Name, Object.fromEntries(labels)] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}
