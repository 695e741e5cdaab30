import type { Aws } from '../aws/settings.ts';
import { RunbookError } from '../core/errors.ts';
import { secretNames } from '../core/secrets.ts';
import { type SecretRequests, secretRequests } from './aws-requests.ts';
import { nothingToReplace, type SecretStore } from './store.ts';

const isOwn = (name: string) => (secretNames as readonly string[]).includes(name);

/**
 * Secrets in AWS Secrets Manager, one for each name, called `<aws.name>/<name>`. `load` and `pending` speak of the
 * instance's own secrets, `load` also of those that it is asked for; others, such as a first password, are kept there for
 * people to read. What was read is not
 * asked for again. Throws `credentialsRefused` before anything is changed when AWS refuses.
 */
export function awsStore(aws: Aws, requests: SecretRequests = secretRequests(aws)): SecretStore {
  const label = `AWS Secrets Manager (${aws.name}/*, ${aws.region})`;
  const idOf = (name: string) => `${aws.name}/${name}`;
  const current = new Map<string, string>();
  /** Names that had no value when this run looked last. */
  const absent = new Set<string>();

  const currentOf = async (name: string): Promise<string | undefined> => {
    const known = current.get(name);
    if (known !== undefined) return known;
    const found = (await requests.read(idOf(name), 'AWSCURRENT'))?.value;
    if (found !== undefined) current.set(name, found);
    return found;
  };

  const keep = async (name: string, value: string): Promise<void> => {
    const known = await currentOf(name);
    if (known === value) return;
    if (known === undefined && (await putFirst(requests, idOf(name), value))) {
      current.set(name, value);
      absent.delete(name);
      return;
    }
    if (isOwn(name)) {
      // An instance has one SECRET_KEY: whoever was first has made it, and everybody goes on with that one.
      if (known === undefined || absent.has(name)) return;
      throw wouldReplace(label, name);
    }
    await requests.put(idOf(name), value, 'AWSCURRENT');
    current.set(name, value);
  };

  const staged = async (names: readonly string[]) => {
    const found = await Promise.all(names.map((name) => requests.read(idOf(name), 'AWSPENDING')));
    return names.flatMap((name, index) => {
      const version = found[index];
      // Cut off in the middle of a promotion, a value is both: it is current.
      return version && !version.stages.includes('AWSCURRENT') ? [[name, version.value] as const] : [];
    });
  };

  return {
    label,
    howToAdd: (names) =>
      names
        .map(
          (name) =>
            `aws secretsmanager create-secret --region ${aws.region} --name ${idOf(name)} --secret-string file://FILE`,
        )
        .join('; ')
        .concat(', with the value alone in FILE'),
    async load(more = []) {
      const [values] = await Promise.all([Promise.all(secretNames.map(currentOf)), Promise.all(more.map(currentOf))]);
      for (const [index, name] of secretNames.entries()) {
        if (values[index] === undefined) absent.add(name);
        else absent.delete(name);
      }
      return Object.fromEntries(current);
    },
    has: async (name) => Boolean(await currentOf(name)),
    async save(values) {
      for (const [name, value] of Object.entries(values)) await keep(name, value);
    },
    pending: async () => Object.fromEntries(await staged(secretNames)),
    async stage(values) {
      const names = Object.keys(values);
      const known = await Promise.all(names.map(currentOf));
      const missing = names.find((_, index) => known[index] === undefined);
      if (missing !== undefined) throw nothingToReplace(label, missing);
      const before = new Map(await staged(names));
      for (const [name, value] of Object.entries(values)) {
        if (before.get(name) !== value) await requests.put(idOf(name), value, 'AWSPENDING');
      }
    },
    async promote(names) {
      for (const name of names) {
        const { from, to } = await labelled(requests, idOf(name));
        if (to === undefined) continue;
        if (to !== from) await requests.move(idOf(name), 'AWSCURRENT', from, to);
        current.delete(name);
        await requests.move(idOf(name), 'AWSPENDING', to);
      }
    },
    async discard(names) {
      for (const name of names) {
        const { to } = await labelled(requests, idOf(name));
        if (to !== undefined) await requests.move(idOf(name), 'AWSPENDING', to);
      }
    },
  };
}

/** False when somebody else has put a first value meanwhile. */
async function putFirst(requests: SecretRequests, id: string, value: string): Promise<boolean> {
  const put = await requests.putFirst(id, value);
  if (put !== 'noSecret') return put === 'kept';
  if ((await requests.create(id, value)) === 'kept') return true;
  return (await requests.putFirst(id, value)) === 'kept';
}

/** Ids of the versions that are current and staged. */
async function labelled(requests: SecretRequests, id: string): Promise<{ from?: string; to?: string }> {
  const versions = Object.entries((await requests.describe(id)).versions);
  const [from, to] = ['AWSCURRENT', 'AWSPENDING'].map((stage) => versions.find(([, stages]) => stages.includes(stage)));
  return { ...(from && { from: from[0] }), ...(to && { to: to[0] }) };
}

function wouldReplace(label: string, name: string): RunbookError {
  return new RunbookError('refused', {
    where: label,
    what: `${name} has another value there, and is in use`,
    next: 'npx zx runbooks/rotate-secrets.mjs replaces a secret without a failed login; SECRET_KEY can never be replaced',
  });
}
