import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import * as library from '../../lib/index.ts';
import * as door from '../../lib/start.ts';

t.setTimeout(120_000);

// As another project would: pack, unpack beside its own code, import by name. With npm and types: test/lab/5-library.
const root = new URL('../..', import.meta.url).pathname;

t.test('works from another project after npm pack', async (t) => {
  const project = t.testdir({
    'package.json': '{ "name": "somebody-else", "private": true, "type": "module" }',
    'use.mjs': `import { connect, deploy, exitCodes, loadConfig, plan, RunbookError, status } from 'gitea-runbooks';
try {
  loadConfig('absent.yaml');
} catch (error) {
  if (!(error instanceof RunbookError)) throw error;
  console.log(error.exitCode, exitCodes.configInvalid, [connect, deploy, plan, status].every((one) => typeof one === 'function'));
}
`,
  });
  const run = (file: string, ...words: string[]) => execFileSync(file, words, { cwd: project, encoding: 'utf8' });
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', project], { cwd: root });
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
  run('mkdir', '-p', 'node_modules/gitea-runbooks');
  // Unpacked by hand, with the dependencies that are here: a test may not ask the registry for them.
  run('tar', '-xzf', tarball, '-C', 'node_modules/gitea-runbooks', '--strip-components=1');
  run('ln', '-s', join(root, 'node_modules'), 'node_modules/gitea-runbooks/node_modules');
  const packed = run('tar', '-tzf', tarball);
  t.match(packed, /package\/dist\/index\.js/);
  t.match(packed, /package\/dist\/host\.mjs/);
  t.match(packed, /package\/templates\/nginx/);
  t.match(packed, /package\/terraform\/user-data\.sh\.tftpl/);
  t.match(packed, /package\/runbooks\/deploy\.mjs/);
  t.notMatch(packed, /gitea\.secrets|known_hosts$|\.lab\//m, 'nothing of an operator');
  t.equal(run(process.execPath, 'use.mjs').trim(), '10 10 true');
});

t.test('the licence of every package whose code is in dist goes along', (t) => {
  const files = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.m?js$/.test(name),
  );
  const code = files.filter((name) => name !== 'lab.js').map((name) => readFileSync(join(root, 'dist', name), 'utf8'));
  // esbuild writes above each module where it is from.
  const from = code.flatMap((text) => [...text.matchAll(/^ *\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)]);
  const bundled = [...new Set(from.map(([, name]) => name!))].sort();
  t.ok(bundled.includes('yaml'), 'seen where it is known to be');
  const page = readFileSync(join(root, 'docs/reference/bundled.md'), 'utf8');
  const told = [...page.matchAll(/^## (.*)$/gm)].map(([, name]) => name!);
  t.same(bundled, told);
  for (const name of bundled)
    t.ok(page.includes(readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8').trim()), name);
  t.end();
});

t.test('the built door gives what the library gives', async (t) => {
  t.same(Object.keys(door).sort(), Object.keys(library).sort());
});

t.test('a runbook runs where nothing can be kept for the next time', (t) => {
  const cases = [{ XDG_CACHE_HOME: '/dev/null/cache' }, { XDG_CACHE_HOME: '', HOME: '/nonexistent' }];
  for (const env of cases) {
    const options = { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } } as const;
    t.match(execFileSync(process.execPath, ['runbooks/deploy.mjs', '--help'], options), /^Bring the host/);
  }
  t.end();
});
