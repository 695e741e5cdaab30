import { type IniLine, iniText } from '../core/ini.ts';
import { Secret } from '../core/secret.ts';
import type { DirectorySpec, FileSpec, LeftoversSpec } from '../core/spec.ts';
import { appIniLines } from './app-ini-lines.ts';
import { containers, dataPaths, users } from './layout.ts';
import type { DesiredInput } from './phase.ts';
import { specsOf } from './specs.ts';

/** The folder in its container where Gitea finds it. */
export const appIniTarget = '/etc/gitea';

const head = `# Managed by gitea-runbooks: changes made here are overwritten by the next deploy.
# What the config has no key for goes to \`gitea.settings\` there.`;

/** app.ini as a whole: what it says, where it lies on the host, and a keyed hash of it. */
export function appIni(input: DesiredInput) {
  const lines = appIniLines(input);
  const text = iniText(
    head,
    lines.map(
      ({ value, ...line }): IniLine =>
        value instanceof Secret ? { ...line, value: value.reveal(), secret: true } : { ...line, value },
    ),
  );
  const content = new Secret('app.ini', text);
  const hash = content.fingerprint(input.secrets.inputs_key);
  const hidden = lines.flatMap(({ section, key, value }) => (value instanceof Secret ? [`${section}.${key}`] : []));
  const folder = `${dataPaths(input.config).giteaConfig}/${nameOf(hash)}`;
  return { content, hash, hidden, folder, path: `${folder}/app.ini` };
}

/**
 * A folder for each version, under a name that follows from what it says: a container that Docker starts again by itself
 * in the middle of a change, or that is brought back because its successor failed, reads what it was made for.
 */
const nameOf = (hash: string) => `app.ini.${hash.slice(0, 12)}`;

/** What the container reads when it starts. */
export function appIniRead(input: DesiredInput): { readonly path: string; readonly content: Secret } {
  const { path, content } = appIni(input);
  return { path, content };
}

/** The file in its folder. Gitea gets it read-only, so that nothing but a deploy can change what it says. */
export function appIniFile(input: DesiredInput, phase: string): (DirectorySpec | FileSpec)[] {
  const { folder, path, content, hidden } = appIni(input);
  const file: FileSpec = {
    kind: 'file',
    id: 'file:app.ini',
    phase,
    path,
    content,
    mode: '0400',
    uid: users.gitea,
    gid: users.gitea,
    settings: { hidden, inUse: { container: containers.gitea, target: appIniTarget } },
  };
  return [specsOf(phase).directory(folder, '0700', users.gitea), file];
}

/** What ran before: versions of before a change, and the file that older releases had Gitea itself write. */
export function oldAppInis(input: DesiredInput, phase: string): LeftoversSpec {
  const { hash } = appIni(input);
  const directory = dataPaths(input.config).giteaConfig;
  return {
    kind: 'leftovers',
    id: `leftovers:${directory}`,
    phase,
    directory,
    stems: ['app.ini'],
    keep: [nameOf(hash)],
  };
}
