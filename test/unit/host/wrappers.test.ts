import t from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import type { FilePut, Reconnectable } from '../../../lib/host/port.ts';
import { type Call, readOnly, recording } from '../../../lib/host/wrappers.ts';
import { fails } from './support.ts';

/** A host as a class, whose methods a spread would lose, and which writes down what reaches it. */
class FakeHost implements Reconnectable {
  readonly label = 'fake';
  readonly calls: string[] = [];
  #answer(name: string) {
    this.calls.push(name);
    return Promise.resolve({ code: 7, stdout: 'output', stderr: '' });
  }
  query() {
    return this.#answer('query');
  }
  run() {
    return this.#answer('run');
  }
  async put() {
    await this.#answer('put');
  }
  async hold() {
    await this.#answer('hold');
    return { firstLine: '', lost: Promise.resolve(), release: async () => {} };
  }
  async close() {
    await this.#answer('close');
  }
  async reconnect() {
    await this.#answer('reconnect');
    return this;
  }
}

const file: FilePut = { path: '/etc/thing', content: new Secret('password', 'hidden'), mode: '0600', uid: 0, gid: 0 };

t.test('read-only: asks, and cannot do anything else', async (t) => {
  const fake = new FakeHost();
  const host = readOnly(fake);
  t.equal(host.label, 'fake');
  t.match(await host.query({ argv: ['id'] }), { stdout: 'output' });
  const refused = { kind: 'refused', exitCode: 22 };
  await fails(t, host.run({ argv: ['rm', '/x'] }), { ...refused, message: /rm \/x/ });
  await fails(t, host.put(file), { ...refused, message: /writing \/etc\/thing/ });
  await fails(t, host.hold('flock'), refused);
  await host.close();
  t.strictSame(fake.calls, ['query', 'close'], 'only these reach the machine');
  t.strictSame(
    Object.keys(host).sort(),
    ['close', 'hold', 'label', 'put', 'query', 'run'],
    'and there is no other way, such as reconnect',
  );
});

t.test('recording: tells of each change, without any content', async (t) => {
  const fake = new FakeHost();
  const told: Call[] = [];
  const host = recording(fake, (call) => told.push(call));
  await host.query({ argv: ['id'] });
  await host.run({ argv: ['systemctl', 'restart', 'x y'], stdin: new Secret('token', 'hidden') });
  await host.run({ script: '# why\nset -eu\necho first\necho second' });
  await host.put(file);
  await host.hold('x');
  await host.reconnect();
  await host.close();
  t.match(told, [
    { type: 'run', what: "systemctl restart 'x y'", ok: true, code: 7 },
    { type: 'run', what: 'echo first', ok: true, code: 7 },
    { type: 'put', what: '/etc/thing', bytes: 6, ok: true },
  ]);
  t.ok(told.every((call) => Number.isInteger(call.took) && call.took >= 0));
  t.notMatch(JSON.stringify(told), 'hidden');
  t.notMatch(JSON.stringify(told), 'output');
  t.strictSame(fake.calls, ['query', 'run', 'run', 'put', 'hold', 'reconnect', 'close']);
});

t.test('recording: tells of a failure and passes it on', async (t) => {
  const fake = new FakeHost();
  fake.run = () => Promise.reject(new Error('lost'));
  const told: Call[] = [];
  await fails(t, recording(fake, (call) => told.push(call)).run({ argv: ['x'] }), { message: 'lost' });
  t.match(told, [{ type: 'run', what: 'x', ok: false }]);
});

t.test('recording a host that cannot reconnect', async (t) => {
  t.notOk('reconnect' in recording(readOnly(new FakeHost()), () => {}));
});
