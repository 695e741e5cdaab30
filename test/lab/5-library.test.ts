// Another project's own script: the package packed, installed by npm, imported by name, at work on a real host.
import { execFile, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { convergedLab } from './suite.ts';

t.setTimeout(0);
const lab = await convergedLab();
const root = fileURLToPath(new URL('../..', import.meta.url));

t.test('npm pack, npm install, and the library does its work from there', async (t) => {
  const project = t.testdir({
    'package.json': '{ "name": "somebody-else", "private": true, "type": "module" }',
    'script.js': `import { connect, deploy, loadConfig, plan, status } from 'gitea-runbooks';
const { config } = loadConfig(process.argv[2]);
const host = await connect(config);
const { changes } = await plan(config, host);
const { outcome } = await deploy(config, host);
const { healthy } = await status(config, host);
await host.close();
console.log(JSON.stringify({ changes: changes.length, outcome, healthy }));
`,
    'right.mts': `import { type Config, connect, deploy, loadConfig } from 'gitea-runbooks';
const load: (path: string) => { readonly config: Config } = loadConfig;
const { config } = load('gitea.config.yaml');
const host = await connect(config);
const changes: number = (await deploy(config, host)).changes.length;
console.log(changes);
`,
    'wrong.mts': "import { loadConfig } from 'gitea-runbooks';\nconst x: number = loadConfig('x');\nconsole.log(x);\n",
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        ...{ strict: true, module: 'nodenext', moduleResolution: 'nodenext', target: 'es2023', noEmit: true },
        ...{ types: ['node'], typeRoots: [path.join(root, 'node_modules/@types')] },
      },
      files: ['right.mts', 'wrong.mts'],
    }),
  });
  const command = (file: string, ...words: string[]) => promisify(execFile)(file, words, { cwd: project });
  await command('npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', project, root);
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
  await command('npm', 'install', '--silent', '--no-audit', '--no-fund', path.join(project, tarball));
  const { stdout } = await command(process.execPath, 'script.js', lab.configPath);
  t.same(JSON.parse(stdout), { changes: 0, outcome: 'converged', healthy: true });

  const tsc = spawnSync(path.join(root, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: project, encoding: 'utf8' });
  const errors = tsc.stdout.split('\n').filter((line) => line.includes('error TS'));
  t.match(errors, [/^wrong\.mts\(2,7\): .*not assignable to type 'number'/], 'a wrong use does not compile');
  t.equal(errors.length, 1, 'and all else does');
});
