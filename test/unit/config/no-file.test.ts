// Every file of the operator's that is read: what is no regular file is refused at once, and nothing is read of it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readInventory } from '../../../lib/config/beside/inventory.ts';
import { loadConfig } from '../../../lib/config/load.ts';
import { loadCredentials } from '../../../lib/host/identity.ts';
import { readPins } from '../../../lib/host/trust.ts';
import { fileStore } from '../../../lib/secrets/file-store.ts';
import { good } from './sample.ts';

const folder = t.testdir({ 'good.yaml': good, large: '' });
const [pipe, directory, large] = ['pipe', 'directory', 'large'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
execFileSync('mkfifo', ['-m', '600', pipe]);
mkdirSync(directory);
truncateSync(large, 40 * 1024 * 1024 * 1024);

const readers: Readonly<Record<string, readonly [exitCode: number, read: (path: string) => unknown]>> = {
  config: [10, (path) => loadConfig(path)],
  overlay: [10, (path) => loadConfig(join(folder, 'good.yaml'), [path])],
  inventory: [10, (path) => readInventory(path)],
  'login key': [14, (path) => loadCredentials(path)],
  'known hosts': [13, (path) => readPins({ address: '192.0.2.1', port: 22, knownHostsFile: path })],
  'secrets file': [14, (path) => fileStore(path).load()],
};

for (const [name, [exitCode, read]] of Object.entries(readers)) {
  t.test(name, async (t) => {
    const refused = async (path: string, message: RegExp) =>
      t.rejects(async () => read(path), { name: 'RunbookError', exitCode, message }, path);
    for (const path of [pipe, '/dev/zero', '/dev/tty', '/dev/null']) await refused(path, /is not a regular file/);
    await refused(directory, /is a directory/);
    await refused(large, /is 40960\.0 MiB large, allowed is at most 1 MiB/);
  });
}
