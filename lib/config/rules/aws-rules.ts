import { operatorNetworkProblem, placeholderProblem } from '../grammar/index.ts';
import { cut, quoted } from '../problem.ts';
import { dotted, within } from '../reading/index.ts';
import { type Draft, error, type Finding } from './finding.ts';

/** Rules about the values of the section `aws`, each by itself. */
export function awsValues({ aws }: Draft, refusePlaceholders: boolean): Finding[] {
  if (!aws) return [];
  const found = [...machine(aws), ...operators(aws, refusePlaceholders), ...tags(aws)];
  if (refusePlaceholders && aws.accountId === '123456789012')
    found.push(
      error(
        'aws.accountId',
        'placeholder value left in: 123456789012, allowed is your own - `aws sts get-caller-identity` shows it',
      ),
    );
  return found;
}

/** Rules between values for a host on AWS. Each is silent while a value that it needs is missing or wrong by itself. */
export function awsTogether(draft: Draft): Finding[] {
  return [...provider(draft), ...place(draft), ...access(draft)];
}

type Aws = NonNullable<Draft['aws']>;

function provider({ host, aws, secrets }: Draft): Finding[] {
  if (host?.provider === undefined) return [];
  const found: Finding[] = [];
  if (secrets?.source === 'aws-secrets-manager' && aws === undefined) {
    found.push(
      error('secrets.source', 'is aws-secrets-manager, allowed together with a section aws (accountId and region)', {
        needs: 'aws',
      }),
    );
  }
  if (host.provider !== 'aws') return found;
  if (aws === undefined)
    found.push(
      error('host.provider', 'is aws, allowed together with a section aws (accountId, region and sshFrom)', {
        needs: 'aws',
      }),
    );
  for (const key of ['address', 'dataDevice'] as const) {
    if (host[key] === undefined) continue;
    found.push(
      error(
        `host.${key}`,
        'is set together with host.provider: aws, allowed is one of them - the inventory that `infra apply` writes knows it, remove the line',
      ),
    );
  }
  if (host.port !== undefined && host.port !== 22)
    found.push(error('host.port', `is ${host.port}, allowed for a host on AWS is 22, where its image listens`));
  return found;
}

/** Generations before Nitro show their disks under other names, and take no modern boot. */
const olderThanNitro = /^(t1|t2|m[1-4]|c[134]|r[34]|i2|d2|g[23]|p[23]|x1e?|h1|f1|hs1|cr1|cc2)[.]/;

function machine({ instanceType: type }: Aws): Finding[] {
  if (type === undefined) return [];
  if (/^[a-z]+\d+g[a-z]*\.|^a1\./.test(type))
    return [
      error('aws.instanceType', `is ${cut(type)}, an ARM machine, allowed are x86-64 ones, for example t3.medium`),
    ];
  if (/\.(nano|micro)$/.test(type))
    return [
      error(
        'aws.instanceType',
        `is ${cut(type)}, which has 1 GiB of memory at most, allowed are machines with 2 GiB or more, for example t3.small`,
      ),
    ];
  if (!olderThanNitro.test(type)) return [];
  return [
    error(
      'aws.instanceType',
      `is ${cut(type)}, of a generation without NVMe disks, allowed are newer ones, for example t3.medium`,
    ),
  ];
}

function place({ aws }: Draft): Finding[] {
  if (!aws) return [];
  const { region, availabilityZone: zone, stateBucket, backupBucket } = aws;
  const found: Finding[] = [];
  if (zone !== undefined && region !== undefined && !(zone.slice(0, -1) === region && /[a-z]$/.test(zone)))
    found.push(
      error(
        'aws.availabilityZone',
        `is ${cut(zone)}, which is not in ${cut(region)}, allowed is for example ${cut(region)}b`,
      ),
    );
  if (stateBucket !== undefined && stateBucket === backupBucket)
    found.push(
      error('aws.backupBucket', `is ${cut(backupBucket)}, the same as aws.stateBucket, allowed is a bucket of its own`),
    );
  return found;
}

function operators({ sshFrom = [] }: Aws, refusePlaceholders: boolean): Finding[] {
  return (sshFrom as readonly (string | undefined)[]).flatMap((network, index): Finding[] => {
    if (network === undefined) return [];
    const problem =
      operatorNetworkProblem(network) ??
      (refusePlaceholders ? placeholderProblem(network.slice(0, network.indexOf('/'))) : undefined);
    return problem === undefined ? [] : [error(`aws.sshFrom.${index}`, problem)];
  });
}

function access({ host, aws }: Draft): Finding[] {
  if (!aws || host?.provider !== 'aws') return [];
  const { access: way, sshFrom = [] } = aws;
  if (way === 'ssh' && sshFrom.length === 0)
    return [
      error(
        'aws.sshFrom',
        'names no network, so nobody could log in, allowed are the networks of your operators, for example ["198.51.100.0/24"] - or set aws.access: ssm',
        { other: 'aws.access' },
      ),
    ];
  if (way !== 'ssm' || sshFrom.length === 0) return [];
  const message = 'has no effect with aws.access: ssm, which closes port 22 - remove it';
  return [{ path: 'aws.sshFrom', severity: 'warning', message }];
}

/** Tags that the project sets itself. */
const own = ['Name', 'Project', 'Instance', 'ManagedBy'];

const mostTags = 40;

function tags({ tags: given }: Aws): Finding[] {
  const names = Object.keys(given ?? {});
  const found = names.flatMap((name): Finding[] => {
    const problem = tagProblem(name);
    if (problem === undefined) return [];
    const pointer = within('/aws/tags', name);
    return [error(dotted(pointer), `is a tag called ${quoted(name)}, ${problem}`, { pointer })];
  });
  if (names.length <= mostTags) return found;
  return [...found, error('aws.tags', `has ${names.length} tags, allowed are at most ${mostTags}`)];
}

function tagProblem(name: string): string | undefined {
  if (/^aws:/i.test(name)) return 'allowed are names that do not begin with "aws:"';
  if (own.includes(name)) return 'which the project sets itself, allowed is any other name';
  return /^[\p{L}\p{N} _.:/=+@-]{1,128}$/u.test(name)
    ? undefined
    : 'allowed are 1 to 128 letters, digits, spaces and _ . : / = + - @';
}
