import type { Host, Output } from '../../../host/port.ts';
import { users } from '../../../phases/layout.ts';
import { removeScript } from '../database/index.ts';

/** git out of Gitea's image, in a container that nobody else runs under the same name. */
export interface Git {
  readonly image: string;
  readonly container: string;
}

export interface GitCall {
  /** POSIX shell, as Gitea's user, who trusts every folder. */
  readonly script: string;
  readonly mounts: readonly { readonly source: string; readonly target: string; readonly writable?: boolean }[];
  readonly stdin?: string | Uint8Array;
  /** Seconds. */
  readonly timeout: number;
}

export const trusting = `git config --global safe.directory '*'`;

/** Runs it with nothing within reach but the mounts. What was left behind under the same name is ended first. */
export async function inGit(host: Host, { image, container }: Git, call: GitCall): Promise<Output> {
  const { script, mounts, stdin = '', timeout } = call;
  const words = [
    ...['docker', 'run', '--rm', '-i', '--name', container, '--pull', 'never', '--network', 'none'],
    ...['--user', `${users.gitea}:${users.gitea}`, '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true'],
    ...['--read-only', '--tmpfs', '/tmp:mode=1777', '-e', 'HOME=/tmp'],
    ...mounts.flatMap(({ source, target, writable }) => [
      '--mount',
      `type=bind,source=${source},target=${target}${writable ? '' : ',readonly'}`,
    ]),
    ...['--entrypoint', 'sh', image, '-c', `${trusting}\n${script}`],
  ];
  await host.run({ script: removeScript(container) });
  return host.run({ argv: words, stdin, timeout });
}
