// A terminal of its own: what is typed goes through the library that asks, as in earnest.
import { PassThrough } from 'node:stream';
import t, { type Test } from 'tap';
import { askToEnd, confirm, confirmTyped } from '../../../lib/cli/prompts.ts';

/** Standard input and error as a terminal on which these keys are pressed once the question stands there. */
function terminal(t: Test, keys: readonly string[], question = 'Apply 3 changes?') {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  const before = { stdin: process.stdin, stderr: process.stderr };
  const put = (streams: object) => {
    for (const [name, value] of Object.entries(streams))
      Object.defineProperty(process, name, { value, configurable: true });
  };
  put({ stdin: input, stderr: output });
  t.teardown(() => put(before));
  let said = '';
  let pressed = false;
  output.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (pressed || !said.includes(question)) return;
    pressed = true;
    for (const key of keys) setImmediate(() => input.write(key));
  });
}

const [enter, left, right, esc, ctrlC] = ['\r', '\u001b[D', '\u001b[C', '\u001b', '\u0003'];
const ask = () => confirm('Apply 3 changes?', { yes: false });

t.test('Enter approves nothing', async (t) => {
  terminal(t, [enter]);
  await t.rejects(ask(), { exitCode: 22, message: /not approved/ });
});

t.test('a yes approves: by its letter, or chosen', async (t) => {
  for (const keys of [['y'], [left, enter], [left, right, left, enter]])
    await t.test(JSON.stringify(keys), async (t) => {
      terminal(t, keys);
      await t.resolves(ask());
    });
});

t.test('everything else does not', async (t) => {
  for (const keys of [['n'], [left, right, enter], ['x', enter], ['\r\n']])
    await t.test(JSON.stringify(keys), async (t) => {
      terminal(t, keys);
      await t.rejects(ask(), { exitCode: 22, message: /not approved/ });
    });
  for (const keys of [[ctrlC], [esc]])
    await t.test(JSON.stringify(keys), async (t) => {
      terminal(t, keys);
      await t.rejects(ask(), { exitCode: 130, message: /interrupted at the question/ });
    });
});

t.test('words that must be typed: those, and Enter alone is none', async (t) => {
  for (const [keys, good] of [
    [['host', enter], true],
    [[enter], false],
    [['hos', enter], false],
    [['y', enter], false],
  ] as const)
    await t.test(JSON.stringify(keys), async (t) => {
      terminal(t, keys);
      const asked = confirmTyped('Apply 3 changes?', 'host', {});
      await (good ? t.resolves(asked) : t.rejects(asked, { exitCode: 22, message: /other words were typed/ }));
    });
});

t.test('what runs on the host ends with a yes alone, and goes on where nobody can be asked', async (t) => {
  for (const [keys, ends] of [
    [['y'], true],
    [[left, enter], true],
    [[enter], false],
    [['n'], false],
    [[ctrlC], false],
  ] as const)
    await t.test(JSON.stringify(keys), async (t) => {
      terminal(t, keys, 'End it there as well?');
      t.equal(await askToEnd(), ends);
    });
  const before = process.stdin;
  Object.defineProperty(process, 'stdin', { value: new PassThrough(), configurable: true });
  t.teardown(() => Object.defineProperty(process, 'stdin', { value: before, configurable: true }));
  t.equal(await askToEnd(), false);
});
