import { operatorNetworkProblem } from './cidr.ts';
import type { Draft, Finding } from './finding.ts';
import { placeholderProblem } from './placeholder.ts';
import { quoted } from './problem.ts';

/** Rules about a host on AWS, and about the section `aws`. Each is silent while a value that it needs is missing or wrong by itself. */
export function awsFindings(draft: Draft, refusePlaceholders: boolean): Finding[] {
  return [
    ...provider(draft),
    ...place(draft, refusePlaceholders),
    ...access(draft, refusePlaceholders),
    ...tags(draft),
  ];
}

function provider({ host, aws, secrets }: Draft): Finding[] {
  if (host?.provider === undefined) return [];
  const found: Finding[] = [];
  if (secrets?.source === 'aws-secrets-manager' && aws === undefined) {
    found.push(
      error('secrets.source', 'is aws-secrets-manager, allowed together with a section aws (accountId and region)'),
    );
  }
  if (host.provider !== 'aws') return found;
  if (aws === undefined)
    found.push(error('host.provider', 'is aws, allowed together with a section aws (accountId, region and sshFrom)'));
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

function place({ aws }: Draft, refusePlaceholders: boolean): Finding[] {
  if (!aws) return [];
  const { region, availabilityZone: zone, instanceType: type, stateBucket, backupBucket, accountId } = aws;
  const found: Finding[] = [];
  if (refusePlaceholders && accountId === '123456789012')
    found.push(
      error(
        'aws.accountId',
        'placeholder value left in: 123456789012, allowed is your own - `aws sts get-caller-identity` shows it',
      ),
    );
  if (zone !== undefined && region !== undefined && !new RegExp(`^${region}[a-z]$`).test(zone))
    found.push(
      error('aws.availabilityZone', `is ${zone}, which is not in ${region}, allowed is for example ${region}b`),
    );
  if (type !== undefined && /^[a-z]+\d+g[a-z]*\.|^a1\./.test(type))
    found.push(error('aws.instanceType', `is ${type}, an ARM machine, allowed are x86-64 ones, for example t3.medium`));
  if (type !== undefined && olderThanNitro.test(type))
    found.push(
      error(
        'aws.instanceType',
        `is ${type}, of a generation without NVMe disks, allowed are newer ones, for example t3.medium`,
      ),
    );
  if (stateBucket !== undefined && stateBucket === backupBucket)
    found.push(
      error('aws.backupBucket', `is ${backupBucket}, the same as aws.stateBucket, allowed is a bucket of its own`),
    );
  return found;
}

function access({ host, aws }: Draft, refusePlaceholders: boolean): Finding[] {
  if (!aws) return [];
  const { access: way, sshFrom = [] } = aws;
  const found: Finding[] = sshFrom.flatMap((network, index): Finding[] => {
    const problem =
      operatorNetworkProblem(network) ??
      (refusePlaceholders ? placeholderProblem(network.slice(0, network.indexOf('/'))) : undefined);
    return problem === undefined ? [] : [error(`aws.sshFrom.${index}`, problem)];
  });
  if (host?.provider !== 'aws') return found;
  if (way === 'ssh' && sshFrom.length === 0 && aws.accountId !== undefined)
    found.push(
      error(
        'aws.sshFrom',
        'names no network, so nobody could log in, allowed are the networks of your operators, for example ["198.51.100.0/24"] - or set aws.access: ssm',
        'aws.access',
      ),
    );
  if (way === 'ssm' && sshFrom.length > 0)
    found.push({
      path: 'aws.sshFrom',
      severity: 'warning',
      message: 'has no effect with aws.access: ssm, which closes port 22 - remove it',
    });
  return found;
}

/** Tags that the project sets itself. */
const own = ['Name', 'Project', 'Instance', 'ManagedBy'];

function tags({ aws }: Draft): Finding[] {
  const names = Object.keys(aws?.tags ?? {});
  const found = names.flatMap((name): Finding[] => {
    const is = `is a tag called ${quoted(name)}`;
    if (/^aws:/i.test(name)) return [error('aws.tags', `${is}, allowed are names that do not begin with "aws:"`)];
    if (own.includes(name))
      return [error('aws.tags', `${is}, which the project sets itself, allowed is any other name`)];
    if (!/^[\p{L}\p{N} _.:/=+@-]{1,128}$/u.test(name))
      return [error('aws.tags', `${is}, allowed are 1 to 128 letters, digits, spaces and _ . : / = + - @`)];
    return [];
  });
  return found
    .slice(0, 1)
    .concat(names.length > 40 ? [error('aws.tags', `has ${names.length} tags, allowed are at most 40`)] : [])
    .slice(0, 1);
}

function error(path: string, message: string, other?: string): Finding {
  return { path, severity: 'error', message, ...(other === undefined ? {} : { other }) };
}
