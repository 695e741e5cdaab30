import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { npmTarball } from '../../../lib/host/npm-tarball.ts';

const content = 'a tarball\n';
const integrity = (text: string, algorithm = 'sha512') =>
  `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`;

/** An npm whose registry has `serves`, or fails; and a cache that holds `cached`. */
function sandbox(t: Test, serves: string | undefined, cached?: string) {
  const folder = t.testdir({ bin: {}, cache: {} });
  const at = (path: string) => join(folder, path);
  if (serves !== undefined) writeFileSync(at('served'), serves);
  writeFileSync(
    at('bin/npm'),
    `#!/bin/sh\necho "$*" >> ${at('log')}\ncp ${at('served')} "$PWD/scope-node-1.2.3.tgz" || { echo 'E404 not found' >&2; exit 1; }\n`,
  );
  chmodSync(at('bin/npm'), 0o755);
  const path = at('cache/gitea-runbooks/npm/@scope-node-1.2.3.tgz');
  if (cached !== undefined) {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, cached);
  }
  const before = { PATH: process.env.PATH, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME };
  Object.assign(process.env, { PATH: `${at('bin')}:${before.PATH}`, XDG_CACHE_HOME: at('cache') });
  t.teardown(() => {
    process.env.PATH = before.PATH;
    if (before.XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before.XDG_CACHE_HOME;
  });
  return {
    get: async (pinned = integrity(content)) =>
      Buffer.from(await npmTarball('@scope/node', '1.2.3', pinned)).toString(),
    asked: () => (existsSync(at('log')) ? readFileSync(at('log'), 'utf8').trim().split('\n') : []),
    cached: () => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
  };
}

t.test('fetched once, and from the cache after that', async (t) => {
  const { get, asked, cached } = sandbox(t, content);
  t.equal(await get(), content);
  t.equal(cached(), content);
  t.equal(await get(), content);
  t.equal(await get(integrity(content, 'sha256')), content, 'by any algorithm that the pin names');
  t.same(asked(), ['pack --silent --ignore-scripts @scope/node@1.2.3']);
});

t.test('a cached file that is not the pinned one is never used, and replaced', async (t) => {
  for (const damaged of ['', 'a tarbalk\n', 'a tarball', `${content}\n`, 'another']) {
    const { get, asked, cached } = sandbox(t, content, damaged);
    t.equal(await get(), content, JSON.stringify(damaged));
    t.equal(asked().length, 1);
    t.equal(cached(), content);
  }
});

t.test('what npm gives and is not the pinned one is refused, and not kept', async (t) => {
  for (const other of ['a tarbalk\n', '']) {
    const { get, cached } = sandbox(t, other);
    await t.rejects(get(), { exitCode: 20, message: /@scope\/node@1\.2\.3 is not the one that is pinned here/ });
    t.equal(cached(), undefined);
  }
});

t.test('a registry that does not have it is told in its own words', async (t) => {
  await t.rejects(sandbox(t, undefined).get(), { exitCode: 20, message: /could not be fetched.*E404 not found/s });
});

t.test('a cache that cannot be written costs no more than its next time', async (t) => {
  const { get, asked } = sandbox(t, content);
  writeFileSync(join(process.env.XDG_CACHE_HOME!, 'gitea-runbooks'), 'a file in the way');
  t.equal(await get(), content);
  t.equal(await get(), content);
  t.equal(asked().length, 2);
});
