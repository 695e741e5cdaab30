import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer as httpServer } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { HoldSpec } from '../../../lib/core/spec.ts';
import { held } from '../../../lib/kinds/containers/held.ts';

/** The script on this machine, which plays the proxy as well: connections of this very process are what is under way. */
async function stage(t: Test, patience = 0) {
  const folder = t.testdir({ bin: {} });
  writeFileSync(join(folder, 'bin', 'docker'), `#!/bin/sh\necho ${process.pid}\n`);
  // Patience is counted in naps.
  writeFileSync(join(folder, 'bin', 'sleep'), `#!/bin/sh\n[ "$1" != 0.5 ] || set -- 0.03\nexec /bin/sleep "$1"\n`);
  for (const program of ['docker', 'sleep']) chmodSync(join(folder, 'bin', program), 0o755);
  const gitea = createServer().listen(0, '127.0.0.1');
  // A socket's path has room for about a hundred characters.
  const short = mkdtempSync(join(tmpdir(), 'held-'));
  const events = join(short, 'events.sock');
  const tabs = createServer().listen(events);
  const state = { health: 200, asked: 0 };
  const health = httpServer((_request, response) => {
    state.asked++;
    // 0: too slow for whoever asks.
    if (state.health > 0) response.writeHead(state.health).end();
  }).listen(0, '127.0.0.1');
  await Promise.all([gitea, tabs, health].map((server) => server.listening || once(server, 'listening')));
  const port = (server: typeof gitea | typeof health) => (server.address() as AddressInfo).port;
  const open: { destroy(): void }[] = [];
  t.teardown(() => {
    for (const one of open) one.destroy();
    health.closeAllConnections();
    for (const server of [gitea, tabs, health]) server.close();
    rmSync(short, { recursive: true, force: true });
  });
  const spec: HoldSpec = {
    ...{ flag: join(folder, 'hold'), service: 'proxy', proxy: 'gitea-proxy-1', of: ['gitea'], address: '127.0.0.1' },
    ...{ ports: [port(gitea)], endless: events, health: `http://127.0.0.1:${port(health)}/`, patience },
  };
  const mark = (name: string) => join(folder, name);
  return {
    spec,
    state,
    mark,
    held: () => existsSync(spec.flag),
    async busy(to: 'gitea' | 'tabs' = 'gitea') {
      const socket = to === 'tabs' ? connect(spec.endless) : connect(port(gitea), '127.0.0.1');
      open.push(socket);
      await once(socket, 'connect');
      return socket;
    },
    start(command: string) {
      const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
      const child = spawn('sh', ['-c', held(spec, command)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      return { child, ended: once(child, 'close').then(([code]) => code as number | null) };
    },
    async until(what: () => boolean) {
      while (!what()) await new Promise((next) => setTimeout(next, 20));
    },
  };
}

t.test('the flag is there while the command runs, for a time of its own, and gone after it', async (t) => {
  const { spec, mark, start, held } = await stage(t);
  const { ended } = start(`stat -c %Y '${spec.flag}' > '${mark('seen')}'; exit 7`);
  t.equal(await ended, 7, "the command's own exit code");
  const left = Number(readFileSync(mark('seen'), 'utf8')) - Date.now() / 1000;
  t.ok(left > 60 && left < 121, `holds for ${left} s`);
  t.notOk(held());
});

t.test('the command waits for what is under way, and not for what never ends', async (t) => {
  const { mark, start, busy, held, until } = await stage(t);
  const request = await busy();
  // Each open tab is a connection to Gitea and one of its own way.
  await busy();
  await busy('tabs');
  const { ended } = start(`touch '${mark('ran')}'`);
  await until(held);
  await new Promise((next) => setTimeout(next, 1500));
  t.notOk(existsSync(mark('ran')), 'nothing is stopped yet');
  request.destroy();
  t.equal(await ended, 0);
  t.ok(existsSync(mark('ran')));
});

t.test('what takes long puts the restart off, and nobody is kept waiting for it', async (t) => {
  const { mark, start, busy, held, until } = await stage(t, 3600);
  const upload = await busy();
  await busy();
  await busy('tabs');
  const { child, ended } = start(`touch '${mark('ran')}'`);
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await until(() => said !== '');
  t.equal(said, '1 requests or git sessions take long: the restart waits for them, up to 3600 s in all\n');
  t.notOk(held(), 'the others go on');
  // Who came a moment ago is no reason to put it off, and is waited for afterwards.
  const page = await busy();
  upload.destroy();
  await until(held);
  t.notOk(existsSync(mark('ran')));
  page.destroy();
  t.equal(await ended, 0);
});

t.test('patience has an end, and who has outlived it is not waited for again', async (t) => {
  const { mark, start, busy, held } = await stage(t, 31);
  await busy();
  const { child, ended } = start(`touch '${mark('ran')}'`);
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  t.equal(await ended, 0);
  t.ok(existsSync(mark('ran')));
  t.match(said, /the restart waits/);
  t.match(said, /^1 requests or git sessions are still under way and are cut$/m);
  t.notOk(held());
});

t.test('whoever waits is let go on with the first good answer, not with the end of the command', async (t) => {
  const { mark, start, held, state, until } = await stage(t);
  const { ended } = start(`touch '${mark('away')}'; until [ -e '${mark('end')}' ]; do sleep 0.1; done`);
  await until(() => existsSync(mark('away')));
  await new Promise((next) => setTimeout(next, 600));
  t.ok(held(), 'that it still answers means nothing');
  state.health = 0;
  const asked = state.asked;
  await until(() => state.asked > asked + 1);
  state.health = 200;
  const before = state.asked;
  await until(() => state.asked > before + 2);
  t.ok(held(), 'nor that it was slow for a moment');
  state.health = 424;
  await new Promise((next) => setTimeout(next, 600));
  t.ok(held());
  state.health = 200;
  await until(() => !held());
  writeFileSync(mark('end'), '');
  t.equal(await ended, 0);
});

t.test('a program that is ended lets go; one that is killed has set an end beforehand', async (t) => {
  const { spec, mark, start, held, until } = await stage(t);
  const gone = start(`touch '${mark('one')}'; sleep 1`);
  await until(() => existsSync(mark('one')));
  gone.child.kill('SIGTERM');
  await gone.ended;
  t.notOk(held());
  const killed = start(`touch '${mark('two')}'; sleep 1`);
  await until(() => existsSync(mark('two')));
  killed.child.kill('SIGKILL');
  await killed.ended;
  t.ok(held());
  t.ok(statSync(spec.flag).mtimeMs <= Date.now() + 121_000);
  rmSync(spec.flag);
});
