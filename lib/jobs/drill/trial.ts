import type { Drill } from '../../core/drill.ts';
import { RunbookError } from '../../core/errors.ts';
import type { Host } from '../../host/port.ts';
import { ask } from '../../kinds/database/index.ts';
import { lastLines } from '../../kinds/text.ts';
import { containers } from '../../phases/layout.ts';
import type { Place, Restic } from '../backup/index.ts';
import { bring, databaseNow, find, fits, type Work } from '../restore/index.ts';
import type { Findings } from './findings.ts';
import { keptFiles } from './kept-files.ts';
import { repositories } from './repositories.ts';
import { mustHaveMemory, startStack } from './stack.ts';
import { clone, download, signIn } from './visit.ts';

/** What is known of a drill as it goes on, for the case that it goes no further. */
export type Facts = { -readonly [K in 'generation' | 'rto' | 'rpo']?: Drill[K] & {} };

/** Does a part of the work under a name that people see. */
export type Step = <T>(name: string, work: () => Promise<T>) => Promise<T>;

interface Trial {
  readonly began: Date;
  readonly from: Place;
  /** For all that is made; whoever calls takes it away, and the containers as well. */
  readonly folder: string;
  readonly facts: Facts;
  readonly findings: Findings;
  readonly step: Step;
}

/**
 * The newest generation of a place in a Gitea of its own, and a look at everything that can be looked at. What is found to be
 * wrong is in the findings; what there is no way on from is thrown.
 */
export async function trial(work: Work, { began, from, folder, facts, findings, step }: Trial): Promise<void> {
  const { config, host } = work;
  const who = 'drill';
  mustHaveMemory(host);
  const own: Work = { ...work, restic: apart(work.restic) };
  const found = await step('finding the newest generation', () => find(own.restic, from, { kind: 'latest' }));
  const { manifest } = found;
  facts.generation = manifest.id;
  facts.rpo = began.getTime() - Date.parse(manifest.database.point.at);
  for (const text of fits(config, manifest, await databaseNow(host))) findings.note(text);
  const brought = await step(`bringing ${manifest.id} about beside what is in use`, () =>
    bring(own, { found, from, folder, who }),
  );
  const running = await step('starting Gitea on it, in a network that leads nowhere', () =>
    startStack(work, { who, folder, brought, rootUrl: 'http://gitea:3000/' }),
  );
  const visitor = await step('signing in', () => signIn(host, running));
  facts.rto = Date.now() - began.getTime();
  const askInUse = (sql: string) => inUse(host, sql);
  await step('looking at all repositories', () =>
    repositories({ host, who, image: config.images.gitea, brought, manifest, askInUse }, findings),
  );
  await step('looking at LFS objects, attachments and packages', () =>
    keptFiles({ data: brought.data, ask: running.ask, askInUse }, findings),
  );
  await step('cloning, and downloading an LFS object', async () => {
    const { missing } = brought;
    await clone(host, { running, visitor, image: config.images.gitea, folder: `${folder}/clone`, missing }, findings);
    await download(running, visitor, findings);
  });
}

/** Under names of its own: somebody may look at the backups meanwhile. */
const apart =
  (restic: Restic): Restic =>
  (call) =>
    restic({ ...call, what: `drill-${call.what}` });

async function inUse(host: Host, sql: string): Promise<readonly string[]> {
  const output = await host.query({ script: ask(containers.database, sql), timeout: 120 });
  if (output.code === 0) return output.stdout.split('\n').filter((line) => line !== '');
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: 'the database in use did not answer',
    cause: lastLines(output),
    next: 'npx zx runbooks/doctor.mjs',
  });
}
