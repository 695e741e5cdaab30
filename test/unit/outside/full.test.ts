import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { CheckResult } from '../../../lib/core/event.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { explain } from '../../../lib/outside/explain.ts';
import { lfs } from '../../../lib/outside/lfs.ts';
import { outsideChecks } from '../../../lib/outside/outside.ts';
import { cleanUp, makeRepository, prepareRepository, type Repository } from '../../../lib/outside/probe.ts';
import { openSite } from '../../../lib/outside/site.ts';
import { type Faults, type Forge, forge, token, username } from './forge.ts';
import { config, serve } from './service.ts';

// A temporary folder of its own: in the shared one other runs come and go.
const temporary = mkdtempSync(join(tmpdir(), 'full-'));
process.env.TMPDIR = temporary;
t.teardown(() => rmSync(temporary, { recursive: true, force: true }));

const leftovers = () => readdirSync(temporary).filter((name) => name.startsWith('gitea-probe-'));

interface Seen {
  readonly results: Map<string, CheckResult>;
  readonly there: Forge;
  readonly lines: readonly string[];
}

async function look(t: Test, faults: Faults = {}, given = token): Promise<Seen> {
  const there = await forge(t.testdir({}), faults);
  const service = await serve({ handler: there.handler });
  t.teardown(() => Promise.all([there.close(), service.close()]));
  const lines: string[] = [];
  const results = await outsideChecks({
    config: config({
      gitea: { sshPort: there.sshPort, requireSignIn: false, signIn: { passwordForm: true, sources: [] } },
    }),
    level: 'full',
    probe: { username, token: new Secret('probe token', given) },
    elsewhere: service.elsewhere,
    onLine: (line) => lines.push(line),
  });
  return { results: new Map(results.map((result) => [result.id.replace('outside.', ''), result])), there, lines };
}

t.test('everything works, and nothing is left', async (t) => {
  const { results, there, lines } = await look(t);
  t.same(
    [...results.values()].filter(({ status }) => status !== 'pass'),
    [],
  );
  t.match(results.get('git-ssh')?.detail, /host key ssh-rsa SHA256:[A-Za-z0-9+/]{43}$/);
  t.match(results.get('large-push')?.detail, /^3 MiB in \d+\.\d s, \d+ MiB\/s; the same content/);
  t.match(lines.join('\n'), /Writing objects: 100%/);
  t.same([...there.repositories], []);
  t.same([...there.keys], []);
  t.same(leftovers(), []);
  t.notMatch(JSON.stringify([...results]), token);
});

/** One step alone, with its own repository; what it does with git is seen above. */
async function alone<T>(t: Test, faults: Faults, work: (repository: Repository) => Promise<T>) {
  const there = await forge(t.testdir({}), faults);
  const service = await serve({ handler: there.handler });
  const site = await openSite(config(), undefined, service.elsewhere);
  t.teardown(async () => {
    site.close();
    there.close();
    await service.close();
  });
  const probe = { username, token: new Secret('probe token', token) };
  const repository = await prepareRepository(site, probe, t.testdir({}), undefined);
  await makeRepository(repository);
  return { there, result: await work(repository).catch((error: unknown) => explain(error, site.domain)) };
}

t.test('the LFS server sends clients elsewhere: no credential follows', async (t) => {
  const { result } = await alone(t, { lfsOrigin: 'https://elsewhere.example.com' }, lfs);
  t.match(result, { status: 'fail', detail: /elsewhere\.example\.com.*outside https:/, next: /ROOT_URL/ });
});

t.test('an LFS object that comes back different', async (t) => {
  t.match((await alone(t, { corruptLfs: true }, lfs)).result, { status: 'fail', detail: /differs from the uploaded/ });
});

t.test('a repository that cannot be deleted is named', async (t) => {
  const { result } = await alone(t, { keepRepository: true }, cleanUp);
  t.match(result, [/^\/repos\/probe\/probe-[0-9a-f]{12}: DELETE .* answers 500/]);
});

t.test('pushes are too large for the proxy, and the repository is deleted all the same', async (t) => {
  const { results, there } = await look(t, { tooLarge: true });
  t.match(results.get('git-https'), { status: 'fail', detail: /^git push ends with/, next: /proxy\.maxUploadSize/ });
  t.match(results.get('probe-cleanup'), { status: 'pass' });
  t.same([...there.repositories], []);
});

t.test('a token that is not valid', async (t) => {
  const { results, there } = await look(t, {}, 'wrong-token');
  t.match(results.get('probe-repository'), { status: 'fail', detail: /answers 401/, next: /token of probe/ });
  t.match(results.get('git-https'), { status: 'skip' });
  t.same([...there.repositories], []);
});

t.test('without a trusted certificate no secret is sent', async (t) => {
  const there = await forge(t.testdir({}));
  const service = await serve({ handler: there.handler, certificate: 'placeholder' });
  t.teardown(() => Promise.all([there.close(), service.close()]));
  const probe = { username, token: new Secret('probe token', token) };
  const results = await outsideChecks({ config: config(), level: 'full', probe, elsewhere: service.elsewhere });
  t.match(
    results.find(({ id }) => id === 'outside.probe-repository'),
    { status: 'fail', next: /certificate/ },
  );
  t.same(
    there.asked.filter((line) => line.startsWith('POST')),
    [],
  );
});

t.test('interrupted in the middle: cleaned up all the same', async (t) => {
  const there = await forge(t.testdir({}));
  const service = await serve({ handler: there.handler });
  t.teardown(() => Promise.all([there.close(), service.close()]));
  const controller = new AbortController();
  const checks = outsideChecks({
    config: config({
      gitea: { sshPort: there.sshPort, requireSignIn: false, signIn: { passwordForm: true, sources: [] } },
    }),
    level: 'full',
    probe: { username, token: new Secret('probe token', token) },
    elsewhere: service.elsewhere,
    signal: controller.signal,
    onLine: () => controller.abort(new Error('interrupted')),
  });
  await t.rejects(checks, { message: 'interrupted' });
  t.same([...there.repositories], []);
  t.ok(there.asked.some((line) => line.startsWith('DELETE /api/v1/repos/probe/')));
  t.same(leftovers(), []);
});
