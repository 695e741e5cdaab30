import type { CheckResult } from '../core/event.ts';
import { perform } from './check.ts';
import { gitOverHttps, largePush } from './git-https.ts';
import { gitOverSsh } from './git-ssh.ts';
import type { Probe } from './gitea-api.ts';
import { lfs } from './lfs.ts';
import { cleanUp, makeRepository, prepareRepository, type Repository } from './probe.ts';
import type { Site } from './site.ts';
import { fail, pass, skip, type Verdict } from './verdict.ts';
import { inTemporary } from './workspace.ts';

interface Step {
  readonly id: string;
  readonly title: string;
  readonly work: (repository: Repository) => Promise<Verdict>;
}

const make: Step = {
  id: 'outside.probe-repository',
  title: 'Probe repository',
  async work(repository) {
    await makeRepository(repository);
    return pass(`${repository.fullName} made`);
  },
};

const uses: readonly Step[] = [
  { id: 'outside.git-https', title: 'Clone and push over HTTPS', work: gitOverHttps },
  { id: 'outside.git-ssh', title: 'Clone and push over SSH', work: gitOverSsh },
  { id: 'outside.lfs', title: 'LFS', work: lfs },
  { id: 'outside.large-push', title: 'Large push', work: largePush },
];

const clean: Step = {
  id: 'outside.probe-cleanup',
  title: 'Clean-up',
  async work(repository) {
    const left = await cleanUp(repository);
    if (left.length === 0) return pass('everything that was made for the checks is deleted');
    return fail(`still there: ${left.join('; ')}`, `delete it by hand, signed in as ${repository.probe.username}`);
  },
};

export interface FullOptions {
  readonly probe: Probe;
  readonly onResult?: ((result: CheckResult) => void) | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
}

/** What a developer does all day, with a repository of its own that is deleted again, also after a failure. */
export async function fullChecks(site: Site, { probe, onLine, onResult }: FullOptions): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const add = async ({ id, title }: Step, look: () => Promise<Verdict>) => {
    const result = await perform({ id, title, look }, site);
    results.push(result);
    onResult?.(result);
    return result.status === 'pass';
  };
  await inTemporary(async (directory) => {
    let repository: Repository | undefined;
    const ready = await add(make, async () => {
      repository = await prepareRepository(site, probe, directory, onLine);
      return make.work(repository);
    });
    const known = repository as Repository | undefined;
    for (const step of uses) {
      if (site.signal?.aborted) break;
      await add(step, async () =>
        ready && known ? step.work(known) : skip('not tried: there is no probe repository'),
      );
    }
    if (known) await add(clean, () => clean.work(known));
  });
  return results;
}
