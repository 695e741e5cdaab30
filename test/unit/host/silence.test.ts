import { EventEmitter } from 'node:events';
import t, { type Test } from 'tap';
import { Connection, type Wire } from '../../../lib/host/ssh-connection.ts';

/** A connection whose signs of life come from here, one interval at a time. */
function connection(t: Test) {
  let tick = () => {};
  const { setInterval } = globalThis;
  globalThis.setInterval = ((work: () => void) => {
    tick = work;
    return { unref() {} };
  }) as unknown as typeof setInterval;
  t.teardown(() => {
    globalThis.setInterval = setInterval;
  });
  const wire = Object.assign(new EventEmitter(), {
    bytesRead: 0,
    destroyed: false,
    destroy: () => {
      wire.destroyed = true;
    },
  });
  const made = new Connection(new EventEmitter() as never, wire as unknown as Wire, 'root@203.0.113.10', 15);
  globalThis.setInterval = setInterval;
  return {
    made,
    lost: () => wire.destroyed,
    silence: (intervals: number) => {
      for (let n = 0; n < intervals; n++) tick();
    },
    byte: () => {
      wire.bytesRead += 1;
      tick();
    },
  };
}

t.test('four intervals of silence in a row are the end, three are not', async (t) => {
  const { made, silence, lost } = connection(t);
  silence(3);
  t.notOk(lost());
  silence(1);
  t.ok(lost());
  await t.rejects(made.exec('true', 'true'), { exitCode: 12, message: /no answer for 60 s/ });
});

t.test('a byte in between and the count begins anew, as often as there is one', async (t) => {
  const { silence, byte, lost } = connection(t);
  for (let pause = 0; pause < 20; pause++) {
    silence(3);
    byte();
    t.notOk(lost(), `pause ${pause}`);
  }
  silence(3);
  t.notOk(lost());
  silence(1);
  t.ok(lost());
});
