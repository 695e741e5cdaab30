// The hooks run for real: git calls them, they call what lies in the folder beside them.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { batches } from '../../lab/standin/hook-cli.ts';
import { hookFiles, writeHooks } from '../../lab/standin/hooks.ts';
import { filePart } from '../../lab/standin/multipart.ts';

const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

/** A bare repository with hooks whose own programs are `body`, and a commit to push there. */
async function repository(t: Test, body: string) {
  const dir = t.testdir({ work: { file: 'text\n' } });
  const [bare, work] = [path.join(dir, 'bare.git'), path.join(dir, 'work')];
  const git = (...words: string[]) =>
    promisify(execFile)('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], { cwd: work, env });
  await git('init', '-q', '--bare', bare);
  writeHooks(bare, '/etc/gitea/app.ini');
  for (const name of ['pre-receive', 'update', 'post-receive'])
    writeFileSync(path.join(bare, 'hooks', `${name}.d`, 'gitea'), `#!/bin/sh\n${body}`, { mode: 0o755 });
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('commit', '-qm', 'one');
  const head = (await git('rev-parse', 'HEAD')).stdout.trim();
  return { bare, head, push: (...refs: string[]) => git('push', '-q', bare, ...refs) };
}

t.test('each names the program and its config by path', async (t) => {
  const files = hookFiles('/etc/gitea/app.ini');
  for (const [name, call] of [
    ['pre-receive.d/gitea', 'pre-receive'],
    ['update.d/gitea', 'update $1 $2 $3'],
    ['post-receive.d/gitea', 'post-receive'],
    ['proc-receive', 'proc-receive'],
  ] as const)
    t.match(files[name], `\n/usr/local/bin/gitea hook --config=/etc/gitea/app.ini ${call}\n`);
  t.match(hookFiles('/a b/$x')['pre-receive.d/gitea'], '--config="/a b/\\$x" ');
});

t.test('git runs them around a push, with the refs that it is about', async (t) => {
  const said =
    'name=$(basename "$(dirname "$0")"); { echo "$@"; [ "$name" = update.d ] || cat; } >>"$GIT_DIR/$name.said"';
  const { bare, head, push } = await repository(t, said);
  t.equal(statSync(path.join(bare, 'hooks/update')).mode & 0o777, 0o755);
  await push('main', 'main:deep/er');
  const zero = '0'.repeat(40);
  const lines = `${zero} ${head} refs/heads/main\n${zero} ${head} refs/heads/deep/er\n`;
  const read = (name: string) => readFileSync(path.join(bare, `${name}.d.said`), 'utf8');
  t.equal(read('pre-receive'), `\n${lines}`);
  t.equal(read('post-receive'), `\n${lines}`);
  t.equal(read('update'), `refs/heads/main ${zero} ${head}\nrefs/heads/deep/er ${zero} ${head}\n`);
});

t.test('one that says no keeps the push out', async (t) => {
  const { bare, push } = await repository(t, 'exit 3');
  await t.rejects(push('main'), /pre-receive hook declined/);
  t.notOk(existsSync(path.join(bare, 'refs/heads/main')));
});

t.test('the command sends the refs in batches', async (t) => {
  const input = ['a b refs/heads/x', 'c d refs/tags/y', 'no line', 'e f refs/heads/z'].join('\n');
  t.same(batches(input, 7, 2), [
    { OldCommitIDs: ['a', 'c'], NewCommitIDs: ['b', 'd'], RefFullNames: ['refs/heads/x', 'refs/tags/y'], UserID: 7 },
    { OldCommitIDs: ['e'], NewCommitIDs: ['f'], RefFullNames: ['refs/heads/z'], UserID: 7 },
  ]);
  t.same(batches('', 7), []);
});

t.test('a file comes out of a form as it went in', async (t) => {
  const content = Buffer.from([13, 10, 45, 45, 88, 0, 255, 13, 10]);
  const form = new FormData();
  form.set('other', 'text');
  form.set('attachment', new Blob([content]), 'a b.txt');
  const sent = new Response(form);
  const body = Buffer.from(await sent.arrayBuffer());
  const type = sent.headers.get('content-type')!;
  t.same(filePart(body, type, 'attachment'), { filename: 'a b.txt', content });
  t.equal(filePart(body, type, 'other'), undefined);
  t.equal(filePart(body, 'application/json', 'attachment'), undefined);
});
