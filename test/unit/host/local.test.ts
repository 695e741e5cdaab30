import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { localHost } from '../../../lib/host/local.ts';
import { contract } from './contract.ts';
import { contractPut } from './contract-put.ts';
import { alive, fails, until } from './support.ts';

const dir = t.testdir();
const fakes = `${dir}-fakes`;
mkdirSync(fakes, { recursive: true });
t.teardown(() => rmSync(fakes, { recursive: true }));
process.env.PATH = `${fakes}:${process.env.PATH}`;
const host = localHost();

t.test('contract', (t) => contract(t, { host, dir, fakes }));

t.test('contract of put', (t) => contractPut(t, { host, dir, fakes }));

t.test('a time limit ends what the program has started as well', async (t) => {
  const pid = join(dir, 'grandchild');
  const argv = ['sh', '-c', 'sleep 30 & echo $! >"$1"; wait', 'sh', pid];
  await fails(t, host.run({ argv, timeout: 0.5 }), { message: /limit of 0.5 s/ });
  await until(() => !alive(Number(readFileSync(pid, 'utf8'))));
});

t.test('names itself and closes', async (t) => {
  t.equal(host.label, 'this machine');
  await host.close();
});
