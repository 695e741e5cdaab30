import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadConfig } from '../../../lib/config/load.ts';
import { good } from './sample.ts';

const folder = t.testdir({ 'over.yaml': 'docker: {}\n', id: 'a key\n' });
const config = join(folder, 'f.yaml');
const load = (more: string, known: string) => {
  writeFileSync(config, `${good.replace('domain:', `  knownHosts: ${known}\n  identityFile: id\ndomain:`)}${more}\n`);
  return loadConfig(config, [join(folder, 'over.yaml')]);
};
mkdirSync(join(folder, 'real'));
symlinkSync('real', join(folder, 'link'));
symlinkSync('f.yaml', join(folder, 'other.yaml'));
writeFileSync(config, good);
linkSync(config, join(folder, 'hard.yaml'));

t.test('what is written has a file of its own, by any spelling', async (t) => {
  t.ok(load('', 'known').config);
  t.ok(load('secrets: {file: link/secrets}', 'real/known').config, 'neither is there yet');
  for (const [more, known, message] of [
    ['', 'f.yaml', /host\.knownHosts is .*, the same file as the configuration/],
    ['', './real/../f.yaml', /host\.knownHosts is .*, the same file as the configuration/],
    ['', 'other.yaml', /host\.knownHosts is .*, the same file as the configuration/],
    ['', 'hard.yaml', /host\.knownHosts is .*, the same file as the configuration/],
    ['', 'link/../over.yaml', /host\.knownHosts is .*, the same file as an overlay/],
    ['', 'id', /host\.knownHosts is .*, the same file as host\.identityFile/],
    ['secrets: {file: ./f.yaml}', 'known', /secrets\.file is .*, the same file as the configuration/],
    ['secrets: {file: over.yaml}', 'known', /secrets\.file is .*, the same file as an overlay/],
    ['secrets: {file: link/new}', 'real/new', /secrets\.file is .*, the same file as host\.knownHosts/],
    ['secrets: {file: link/a/new}', 'real/a/new', /secrets\.file is .*, the same file as host\.knownHosts/],
  ] as const)
    t.throws(() => load(more, known), { name: 'RunbookError', exitCode: 10, message }, `${more} ${known}`);
});

t.test('what is there and is no file is refused before anything is connected to', async (t) => {
  symlinkSync('round', join(folder, 'round'));
  for (const [name, path, message] of [
    ['secrets: {file: PATH}', 'real', /secrets\.file is \S+real, a directory/],
    ['secrets: {file: PATH}', '/dev/zero', /secrets\.file is \/dev\/zero, no regular file/],
    ['secrets: {file: PATH}', 'round', /secrets\.file is \S+round, a link that leads back to itself/],
    ['secrets: {file: PATH}', 'id/x', /secrets\.file is \S+id\/x, below something that is no directory/],
    ['  caBundle: PATH', 'real', /tls\.caBundle is \S+real, a directory/],
  ] as const)
    t.throws(() => load(name.replace('PATH', path), 'known'), { name: 'RunbookError', exitCode: 10, message }, path);
  t.ok(load('secrets: {file: id-of-its-own}', 'known').config, 'one that is not there yet is made');
});
