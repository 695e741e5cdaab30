import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';

t.setTimeout(120_000);

// As another project would: pack, install the tarball beside its own code, import by name, compile against the types.
const root = new URL('../..', import.meta.url).pathname;

t.test('works from another project after npm pack and install, with types', async (t) => {
  const project = t.testdir({
    'package.json': '{ "name": "somebody-else", "private": true, "type": "module" }',
    'use.mts': `import { type Config, connect, deploy, exitCodes, loadConfig, plan, RunbookError, status } from 'gitea-runbooks';
const load: (path: string) => { readonly config: Config } = loadConfig;
const all: unknown[] = [connect, deploy, plan, status];
try {
  load('absent.yaml');
} catch (error) {
  if (!(error instanceof RunbookError)) throw error;
  console.log(error.exitCode, exitCodes.configInvalid, all.every((one) => typeof one === 'function'));
}
`,
    'wrong.mts': "import { loadConfig } from 'gitea-runbooks';\nconst x: number = loadConfig('x');\nconsole.log(x);\n",
  });
  const run = (file: string, ...words: string[]) =>
    execFileSync(file, words, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', project], { cwd: root });
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
  run('mkdir', '-p', 'node_modules/gitea-runbooks', 'node_modules/.bin');
  // Unpacked by hand and linked to the dependencies that are here: a test may not ask the registry for them.
  run('tar', '-xzf', tarball, '-C', 'node_modules/gitea-runbooks', '--strip-components=1');
  for (const name of [
    'yaml',
    'ssh2',
    'eta',
    'diff',
    'picocolors',
    '@clack',
    '@types',
    'zx',
    'asn1',
    'bcrypt-pbkdf',
    'safer-buffer',
    'tweetnacl',
    'undici-types',
  ]) {
    run('ln', '-s', join(root, 'node_modules', name), join('node_modules', name));
  }
  const packed = run('tar', '-tzf', tarball);
  t.match(packed, /package\/dist\/index\.js/);
  t.match(packed, /package\/dist\/host\.mjs/);
  t.match(packed, /package\/templates\/nginx/);
  t.match(packed, /package\/terraform\/user-data\.sh\.tftpl/);
  t.match(packed, /package\/runbooks\/deploy\.mjs/);
  t.notMatch(packed, /gitea\.secrets|known_hosts$|\.lab\//m, 'nothing of an operator');
  const compilerOptions = {
    strict: true,
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'es2023',
    outDir: 'out',
    types: ['node'],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.mts', 'wrong.mts'] }));
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: project, encoding: 'utf8' });
  const errors = stdout.split('\n').filter((line) => line.includes('error TS'));
  t.match(errors, [/^wrong\.mts\(2,7\): .*not assignable to type 'number'/], 'a wrong use does not compile');
  t.equal(errors.length, 1, 'and all else does');
  t.equal(run(process.execPath, 'out/use.mjs').trim(), '10 10 true');
});
