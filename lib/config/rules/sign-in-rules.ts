import { compareVersions, parseGiteaVersion, parseImage } from '../grammar/index.ts';
import { type Draft, error, type Finding } from './finding.ts';

/** Keys of `gitea.signIn` that an older Gitea does not know, and would pass over without a word. */
export function signInTogether({ gitea, images }: Draft): Finding[] {
  const tag = images?.gitea === undefined ? undefined : parseImage(images.gitea)?.tag;
  const version = tag === undefined ? undefined : parseGiteaVersion(tag);
  if (!version) return [];
  const { twoFactor, passwordForm } = gitea?.signIn ?? {};
  const since = (path: string, value: unknown, minor: number): Finding[] =>
    compareVersions(version.numbers, [minor]) >= 0
      ? []
      : [
          error(
            path,
            `is ${value}, which Gitea knows from 1.${minor} on, allowed is that with a newer images.gitea (${tag})`,
          ),
        ];
  return [
    ...(twoFactor === 'required' ? since('gitea.signIn.twoFactor', twoFactor, 24) : []),
    ...(passwordForm === false ? since('gitea.signIn.passwordForm', passwordForm, 23) : []),
  ];
}
