import { isIPv4, isIPv6 } from 'node:net';
import type { Config } from '../config.types.ts';
import { dataDeviceProblem, localPathProblem } from '../grammar/index.ts';
import { inFileOrder, type Problem, show } from '../problem.ts';
import { decode, dotted, isMap, type Parsed, type Plain, parseText, within } from '../reading/index.ts';
import { allowed, schemaAt } from '../schema.ts';
import { didYouMean, nearest } from '../shape/index.ts';

/**
 * What `infra apply` made on AWS, as it stands in the file `aws.inventory`: all that the other runbooks need to know of
 * it. It holds no secret and no time, so it can be committed and changes only when the infrastructure does.
 */
export interface Inventory {
  readonly version: 1;
  readonly accountId: string;
  readonly region: string;
  /** `aws.name` of the instance. */
  readonly name: string;
  /** Elastic IPv4 address of the host. */
  readonly address: string;
  readonly ipv6Address?: string;
  /** Account of the image to log in as. */
  readonly user: string;
  /** Private key that `infra` made for the login, relative to the inventory; absent where the config names one. */
  readonly identityFile?: string;
  readonly instanceId: string;
  readonly dataVolumeId: string;
  /** Path of the data volume on the host, by a name that stays. */
  readonly dataDevice: string;
  readonly backupBucket: string;
  readonly zoneId?: string;
}

type Key = Exclude<keyof Inventory, 'version'>;

interface Field {
  /** What may stand there, in words. */
  readonly allowed: string;
  /** What is wrong with a text, or undefined; empty where that it is not `allowed` says it all. */
  readonly problem: (value: string) => string | undefined;
  readonly optional?: true;
}

const notAllowed = '';
const form = (pattern: RegExp, words: string): Field => ({
  allowed: words,
  problem: (value) => (pattern.test(value) ? undefined : notAllowed),
});

/** The grammar of a key of the configuration holds here as well. */
function asConfigured(pointer: string, more: Field['problem'] = () => undefined): Field {
  const schema = schemaAt(pointer) ?? {};
  const pattern = new RegExp(schema.pattern ?? '', 'u');
  return { allowed: allowed(schema), problem: (value) => (pattern.test(value) ? more(value) : notAllowed) };
}

const fields: Readonly<Record<Key, Field>> = {
  accountId: asConfigured('/aws/accountId'),
  region: asConfigured('/aws/region'),
  name: asConfigured('/aws/name'),
  address: { allowed: 'an IPv4 address', problem: (value) => (isIPv4(value) ? undefined : notAllowed) },
  ipv6Address: {
    allowed: 'an IPv6 address',
    problem: (value) => (isIPv6(value) ? undefined : notAllowed),
    optional: true,
  },
  user: asConfigured('/host/user'),
  identityFile: { ...asConfigured('/host/identityFile', localPathProblem), optional: true },
  instanceId: form(/^i-[0-9a-f]{1,32}$/, "an instance's id, for example i-0123456789abcdef0"),
  dataVolumeId: form(/^vol-[0-9a-f]{1,32}$/, "a volume's id, for example vol-0123456789abcdef0"),
  dataDevice: asConfigured('/host/dataDevice', dataDeviceProblem),
  backupBucket: asConfigured('/aws/backupBucket'),
  zoneId: { ...asConfigured('/aws/zoneId'), optional: true },
};

const known = ['version', ...Object.keys(fields)];

/** What must be the same here as in the configuration, or it is the inventory of something else. */
const identity = ['accountId', 'region', 'name'] as const;

export interface InventoryResult {
  /** There when there is no problem. */
  readonly inventory?: Inventory;
  /** In the order of the file. */
  readonly problems: readonly Problem[];
  /** It is well-formed, and of another account, region or instance than the configuration speaks of. */
  readonly other: boolean;
}

/** Checks the text of an inventory, as a configuration is checked. Never throws, whatever the bytes are. */
export function parseInventory(bytes: Uint8Array, file: string, aws?: Config['aws']): InventoryResult {
  const decoded = decode(bytes);
  if ('problem' in decoded) return { problems: [{ file, ...decoded.problem }], other: false };
  const text = parseText(decoded.text, file, decoded.offsets);
  const broken = [...decoded.problems.map((problem) => ({ file, ...problem })), ...text.problems];
  const { value } = text;
  if (value === undefined || (broken.length > 0 && !isMap(value))) return { problems: broken, other: false };
  if (!isMap(value)) {
    const message = `the file is ${show(value)}, allowed is a section with ${known.join(', ')}`;
    return { problems: [{ severity: 'error', file, line: 1, column: 1, path: '', message }], other: false };
  }
  const wrong = fieldProblems(value, text);
  const problems = inFileOrder([...broken, ...wrong], [file]);
  if (problems.length > 0) return { problems, other: false };
  const inventory = { ...value } as unknown as Inventory;
  const others = aws ? otherInstance(inventory, aws, text) : [];
  return others.length > 0 ? { problems: others, other: true } : { inventory, problems: [], other: false };
}

function fieldProblems(value: { readonly [key: string]: Plain }, text: Parsed): Problem[] {
  const found: Problem[] = [];
  const object = (key: string, part: 'key' | 'value', message: string) => {
    const pointer = within('', key);
    if (text.refused.includes(dotted(pointer))) return;
    found.push({ severity: 'error', ...text.locate(pointer, part), path: dotted(pointer), message });
  };
  const guessed = new Set<string>();
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const meant = nearest(key, known);
    if (meant !== undefined) guessed.add(meant);
    object(key, 'key', `is not a known key, allowed are ${known.join(', ')}${didYouMean(key, known)}`);
  }
  const has = (key: string) => Object.hasOwn(value, key);
  if (!has('version') && !guessed.has('version')) object('version', 'key', 'is missing, allowed is 1');
  if (has('version') && value.version !== 1)
    object('version', 'value', `is ${show(value.version)}, allowed is 1, which is what this release reads`);
  for (const [key, field] of Object.entries(fields)) {
    if (!has(key)) {
      if (!field.optional && !guessed.has(key)) object(key, 'key', `is missing, allowed is ${field.allowed}`);
      continue;
    }
    const message = messageOf(value[key], field);
    if (message) object(key, 'value', message);
  }
  return found;
}

function messageOf(value: Plain | undefined, field: Field): string | undefined {
  const refusal = `is ${show(value)}, allowed is ${field.allowed}`;
  if (typeof value !== 'string') return refusal;
  const problem = field.problem(value);
  return problem === notAllowed ? refusal : problem;
}

function otherInstance(inventory: Inventory, aws: NonNullable<Config['aws']>, text: Parsed): Problem[] {
  return identity
    .filter((key) => aws[key] !== inventory[key])
    .map((key) => ({
      ...{ severity: 'error' as const, ...text.locate(within('', key), 'value'), path: key },
      message: `is ${inventory[key]}, and aws.${key} in the configuration is ${aws[key]}`,
    }));
}
