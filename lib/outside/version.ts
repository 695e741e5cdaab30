import type { Check } from './check.ts';
import { fail, pass, skip } from './verdict.ts';

/** What runs is what the configuration names. */
export const version: Check = {
  id: 'outside.version',
  title: 'Version of Gitea',
  async look(site) {
    const { images, gitea } = site.config;
    const wanted = versionOf(images.gitea);
    if (wanted === undefined) return skip(`${images.gitea} names no version`);
    const { status, body } = await site.page('/api/v1/version');
    if (status === 403 && gitea.requireSignIn)
      return skip('not shown to people who are not signed in (gitea.requireSignIn)');
    const running = /"version"\s*:\s*"([^"]+)"/.exec(body.toString())?.[1];
    if (status !== 200 || running === undefined)
      return fail(`/api/v1/version answers ${status}`, 'npx zx runbooks/status.mjs');
    // Builds add what they were made of behind a plus sign.
    if (running.split('+')[0] !== wanted)
      return fail(`${running} runs, ${wanted} is configured`, 'npx zx runbooks/plan.mjs shows why');
    return pass(running);
  },
};

/** "1.27.3" of "gitea/gitea:1.27.3-rootless@sha256:…". */
function versionOf(image: string): string | undefined {
  return /:v?(\d+(?:\.\d+)+(?:-rc\d+)?)(?:-rootless)?(?:@|$)/.exec(image)?.[1];
}
