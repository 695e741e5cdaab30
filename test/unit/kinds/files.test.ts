// Directories, links and files: asked, changed and asked again on this machine.
import { chmodSync, lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import type { DirectorySpec, FileSpec, SymlinkSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import { look } from './sandbox.ts';

const host = localHost();
const owner = { uid: process.getuid!(), gid: process.getgid!(), phase: 'p' };
const modeOf = (path: string) => (lstatSync(path).mode & 0o7777).toString(8);
const directorySpec = (path: string, more: Partial<DirectorySpec> = {}): DirectorySpec => ({
  ...{ kind: 'directory', id: `directory:${path}`, path, mode: '0750', ...owner, ...more },
});
const fileSpec = (path: string, more: Partial<FileSpec> = {}): FileSpec => ({
  ...{ kind: 'file', id: `file:${path}`, path, content: 'wanted\n', mode: '0640', ...owner, ...more },
});
const linkSpec = (path: string, target: string): SymlinkSpec => ({
  ...{ kind: 'symlink', id: `symlink:${path}`, phase: 'p', path, target },
});

t.test('a directory is made with its mode and owner, and what lies in it is left alone', async (t) => {
  const path = join(t.testdir(), 'a b');
  const spec = directorySpec(path);
  const first = await look(host, spec);
  t.strictSame(first.change, {
    ...{ id: spec.id, kind: 'directory', phase: 'p', action: 'create', title: `${path}/`, why: 'does not exist' },
    impact: 'none',
  });
  await first.apply();
  t.equal(modeOf(path), '750');
  t.equal((await look(host, spec)).change, undefined);
  writeFileSync(join(path, 'inside'), 'x', { mode: 0o600 });
  chmodSync(path, 0o755);
  const second = await look(host, spec);
  t.match(second.change, { action: 'update', title: `${path}/`, why: 'mode 755, wanted 0750' });
  await second.apply();
  t.equal(modeOf(path), '750');
  t.equal(modeOf(join(path, 'inside')), '600');
});

t.test('of a directory each difference is told; a mode is a number in base eight', async (t) => {
  const path = t.testdir({ file: '' });
  chmodSync(path, 0o700);
  const why = async (spec: DirectorySpec) => (await look(host, spec)).change?.why;
  t.equal(await why(directorySpec(path, { mode: '0700' })), undefined);
  t.equal(await why(directorySpec(path, { mode: '700' })), undefined);
  t.equal(await why(directorySpec(path, { mode: '0701' })), 'mode 700, wanted 0701');
  const [uid, gid] = [owner.uid + 1, owner.gid + 1];
  const has = `owner ${owner.uid}:${owner.gid}`;
  t.equal(await why(directorySpec(path, { mode: '0700', uid })), `${has}, wanted ${uid}:${owner.gid}`);
  t.equal(await why(directorySpec(path, { mode: '0700', gid })), `${has}, wanted ${owner.uid}:${gid}`);
  t.equal(
    await why(directorySpec(path, { mode: '0755', uid })),
    `mode 700, wanted 0755, ${has}, wanted ${uid}:${owner.gid}`,
  );
  chmodSync(join(path, 'file'), 0o750);
  t.equal(await why(directorySpec(join(path, 'file'))), 'is a regular empty file');
  symlinkSync(path, join(path, 'link'));
  t.equal(await why(directorySpec(join(path, 'link'), { mode: '0700' })), undefined, 'a link to one is one');
});

t.test('a directory that cannot be made says where to look', async (t) => {
  const path = join(t.testdir({ file: '' }), 'file', 'below');
  await t.rejects((await look(host, directorySpec(path))).apply(), {
    kind: 'changeFailed',
    message: new RegExp(`directory ${path} could not be made(.|\n)*ls -ld ${path}`),
  });
});

t.test('a link is set, set anew, and never taken for a file or a directory', async (t) => {
  const root = t.testdir({ file: 'file', folder: {} });
  const path = join(root, 'cur rent');
  const first = await look(host, linkSpec(path, '/a'));
  t.match(first.change, { action: 'create', title: path, why: 'is not a link' });
  await first.apply();
  t.equal(readlinkSync(path), '/a');
  t.equal((await look(host, linkSpec(path, '/a'))).change, undefined);
  const second = await look(host, linkSpec(path, '/a/b'));
  t.match(second.change, { action: 'update', why: 'points to /a, wanted /a/b' });
  await second.apply();
  t.equal(readlinkSync(path), '/a/b');
  // One that points to a directory is replaced, not filled.
  await (await look(host, linkSpec(path, join(root, 'folder')))).apply();
  await (await look(host, linkSpec(path, '/c'))).apply();
  t.equal(readlinkSync(path), '/c');
  t.match((await look(host, linkSpec(join(root, 'file'), '/a'))).change, { action: 'create', why: 'is not a link' });
  const folder = await look(host, linkSpec(join(root, 'folder'), '/a'));
  await t.rejects(folder.apply(), { kind: 'changeFailed', message: /link .* could not be set[\s\S]*moved away first/ });
  t.ok(lstatSync(join(root, 'folder')).isDirectory());
});

t.test('a file is written, told apart by content, mode and owner, and put right', async (t) => {
  const path = join(t.testdir(), "it's");
  const spec = fileSpec(path);
  const first = await look(host, spec);
  t.match(first.change, { action: 'create', title: path, why: 'does not exist', impact: 'none' });
  await first.apply();
  t.equal(readFileSync(path, 'utf8'), 'wanted\n');
  t.equal(modeOf(path), '640');
  t.equal((await look(host, spec)).change, undefined);

  writeFileSync(path, 'wanted');
  const second = await look(host, { ...spec, impact: 'reload' });
  t.match(second.change, { action: 'update', why: 'content differs', impact: 'reload' });
  await second.apply();
  t.equal(readFileSync(path, 'utf8'), 'wanted\n');

  chmodSync(path, 0o644);
  const { ino } = lstatSync(path);
  const third = await look(host, spec);
  t.match(third.change, { action: 'update', why: 'mode 644, wanted 0640' });
  await third.apply();
  t.equal(modeOf(path), '640');
  t.equal(lstatSync(path).ino, ino, 'what says the right thing is not written anew');
  t.match((await look(host, { ...spec, gid: owner.gid + 1 })).change, { why: /^owner \d+:\d+, wanted \d+:\d+$/ });
  t.match((await look(host, { ...spec, uid: owner.uid + 1, mode: '0600' })).change, { why: /^mode 640, .*, owner / });
});

t.test('an empty file is one; a directory in its place is told', async (t) => {
  const root = t.testdir({ empty: '', folder: {} });
  chmodSync(join(root, 'empty'), 0o640);
  t.equal((await look(host, fileSpec(join(root, 'empty'), { content: '' }))).change, undefined);
  t.match((await look(host, fileSpec(join(root, 'empty')))).change, { why: 'content differs' });
  t.match((await look(host, fileSpec(join(root, 'folder'), { mode: '0755' }))).change, { why: 'is a directory' });
});

t.test('what is written once keeps its content, what is bound to data is refused, a secret is not shown', async (t) => {
  const root = t.testdir({ file: 'own' });
  const path = join(root, 'file');
  chmodSync(path, 0o640);
  t.equal((await look(host, fileSpec(path, { keep: true }))).change, undefined);
  chmodSync(path, 0o600);
  const kept = await look(host, fileSpec(path, { keep: true }));
  await kept.apply();
  t.equal(readFileSync(path, 'utf8'), 'own');
  t.equal(modeOf(path), '640');
  t.match((await look(host, fileSpec(path, { protect: 'lost' }))).change, { impact: 'destroys-data', why: 'lost' });
  t.equal((await look(host, fileSpec(path, { protect: 'lost', content: 'own' }))).change, undefined);
  const content = new Secret('token', 'hush');
  t.match((await look(host, fileSpec(path, { content }))).change, { why: 'holds another value than <secret token>' });
  const settings = { hidden: [], inUse: { container: 'c', target: '/t' } };
  t.match((await look(host, fileSpec(path, { content, settings }))).change, { why: 'content differs' });
});

t.test('several at once: each is told its own', async (t) => {
  const root = t.testdir({ a: 'a', b: 'b' });
  mkdirSync(join(root, 'c'));
  for (const name of ['a', 'b']) chmodSync(join(root, name), 0o640);
  const specs = ['missing', 'a', 'b'].map((name) => fileSpec(join(root, name), { content: name }));
  const { file } = await import('../../../lib/kinds/files/file.ts');
  const { stdout } = await host.query({ script: file.snippet(specs) });
  const found = file.parse(stdout, specs);
  t.same(
    specs.map((spec) => file.diff(spec, found.get(spec.id))?.why),
    ['does not exist', undefined, undefined],
  );
});
