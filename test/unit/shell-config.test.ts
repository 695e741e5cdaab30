import t from 'tap';
import type { Config } from '../../lib/config/config.types.ts';
import { namesGiven } from '../../lib/config/rules/secret-names.ts';
import { Secret } from '../../lib/core/secret.ts';
import { secretNames } from '../../lib/core/secrets.ts';
import type { Spec } from '../../lib/core/spec.ts';
import { lock } from '../../lib/engine/lock.ts';
import { appendRecord } from '../../lib/engine/record.ts';
import { collectPasswords } from '../../lib/jobs/deploy/accounts.ts';
import { preflightScript } from '../../lib/jobs/doctor/preflight-script.ts';
import { status } from '../../lib/jobs/status/index.ts';
import { desiredState } from '../../lib/phases/index.ts';
import type { DesiredInput } from '../../lib/phases/phase.ts';
import { leaves, replaced } from './shell/leaves.ts';
import { recorder } from './shell/recorder.ts';
import { compare, expected, inputs, scriptsOf } from './shell/walk.ts';

/** Scripts that belong to no spec. */
async function jobScripts({ config, assets }: DesiredInput, specs: readonly Spec[]): Promise<string[]> {
  const { host, scripts } = recorder();
  const text = config.admin.username;
  const held = await lock(host, { who: text, what: text, mode: 'exclusive' });
  await lock(host, { who: text, what: text, mode: 'shared' });
  await appendRecord(host, [{ event: 'end', run: text, at: text, who: text, runbook: text, outcome: text }]);
  await collectPasswords(held, specs, { label: '' } as never);
  await status(config, host, {}).catch(expected);
  return [...scripts, preflightScript(config, assets.caBundle ?? '')];
}

/** Of these a part is taken as numbers, or chooses among words of our own: no text of theirs is passed on. */
const numbers = [
  'network.subnet',
  'host.provider',
  'host.swap',
  'secrets.source',
  'tls.profile',
  'mail.tls',
  'gitea.signIn.accountLinking',
  'gitea.signIn.username',
  'backup.objectives.database',
  'backup.objectives.repositories',
  'backup.objectives.restore',
];

const onOneLine = (text: string) => text.replace(/\p{Cc}/gu, ' ');

const eachOnOneLine = <T extends object>(of: T, keys: readonly (keyof T)[]) =>
  Object.fromEntries(keys.map((key) => [key, onOneLine(String(of[key]))]));

t.test('no text of a config is read by a shell', async (t) => {
  const folder = t.testdir();
  for (const one of inputs) {
    const paths = leaves(one.config).filter((path) => !numbers.includes(path.join('.')));
    const build = async (some: readonly string[][], text: string) => {
      const secrets = Object.fromEntries(secretNames.map((name) => [name, new Secret(name, onOneLine(text))]));
      const config = replaced<Config>(one.config, some, text);
      const given = Object.fromEntries(namesGiven(config).map((name) => [name, new Secret('given', onOneLine(text))]));
      const changed = {
        ...one,
        // These also go into app.ini, which refuses a line break wherever it comes from.
        config: {
          ...config,
          domain: onOneLine(config.domain),
          // No directory is wanted twice.
          backup: { ...config.backup, local: { path: `${config.backup.local.path}-b` } },
          gitea: { ...config.gitea, title: onOneLine(config.gitea.title) },
          mail: { ...config.mail!, ...eachOnOneLine(config.mail!, ['host', 'from', 'user']) },
        },
        secrets: { ...secrets, given } as never,
        assets: { ...one.assets, caBundle: text },
      };
      const specs = desiredState(changed).filter(({ kind }) => kind !== 'runtime');
      return [...(await Promise.all(specs.map(scriptsOf))).flat(), ...(await jobScripts(changed, specs))];
    };
    for (const some of [...paths.map((path) => [path]), paths]) {
      await compare(t, folder, some === paths, some.join(' '), (text) => build(some, text));
    }
  }
});
