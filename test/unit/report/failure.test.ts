import t from 'tap';
import { RunbookError } from '../../../lib/core/errors.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { failureDocument, renderFailure } from '../../../lib/report/failure.ts';

const full = new RunbookError('changeFailed', {
  what: 'container not healthy after 60 s',
  where: 'root@203.0.113.10',
  cause: 'dial tcp: refused\npassword hush-hush\u001b[31m wrong\n',
  next: 'npx zx runbooks/doctor.mjs',
});

t.test('the four parts', async (t) => {
  t.equal(
    renderFailure(full, { secrets: [new Secret('password', 'hush-hush')] }),
    `Error: root@203.0.113.10: container not healthy after 60 s
    dial tcp: refused
    password <secret password>\\x1b[31m wrong
Next: npx zx runbooks/doctor.mjs`,
  );
});

t.test('no line is longer than somebody reads', async (t) => {
  const long = 'x'.repeat(5000);
  const error = new RunbookError('locked', { what: `a ${long}`, where: `/${long}`, cause: `b\n${long}`, next: long });
  const lines = renderFailure(error).split('\n');
  t.same(
    lines.map((line) => [line.slice(0, 9), line.length <= 1100, line.endsWith('...')]),
    [
      ['Error: /x', true, true],
      ['    b', true, false],
      ['    xxxxx', true, true],
      ['Next: xxx', true, true],
    ],
  );
  t.match(lines[0], /xxx\.\.\.: a xxx/);
});

t.test('only what and next', async (t) => {
  t.equal(
    renderFailure(new RunbookError('locked', { what: 'locked by alice', next: 'wait' })),
    'Error: locked by alice\nNext: wait',
  );
});

t.test('an unexpected error: no stack, unless asked for', async (t) => {
  const error = new TypeError('x is not a function', { cause: new Error('deeper') });
  t.match(renderFailure(error), /^Error: x is not a function\nNext: run the same command with --verbose[^\n]*$/);
  t.match(
    renderFailure(error, { verbose: true }),
    /^Error: x is not a function\n {4}TypeError: x[\s\S]*failure\.test\.ts[\s\S]*caused by Error: deeper[\s\S]*\nNext: /,
  );
});

t.test('an expected failure: its causes on request, and no stack; a fault behind it keeps its own', async (t) => {
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const middle = new RunbookError('hostUnreachable', { what: 'no connection', next: 'x' }, { cause: reset });
  const outer = new RunbookError(
    'changeFailed',
    { what: 'it failed', cause: 'no connection', next: 'y' },
    { cause: middle },
  );
  t.equal(renderFailure(outer), 'Error: it failed\n    no connection\nNext: y');
  t.equal(
    renderFailure(outer, { verbose: true }),
    'Error: it failed\n    no connection\n    caused by read ECONNRESET\nNext: y',
  );
  t.same(failureDocument(outer, { verbose: true }).error.causes, ['read ECONNRESET']);
  t.notOk('stack' in failureDocument(outer, { verbose: true }).error);
  const hiding = new RunbookError(
    'changeFailed',
    { what: 'it failed', next: 'y' },
    { cause: new TypeError('x is not') },
  );
  t.match(
    renderFailure(hiding, { verbose: true }),
    /caused by x is not\n {4}TypeError: x is not\n.* at .*failure\.test/,
  );
  t.notMatch(renderFailure(hiding), /caused by|TypeError/);
  const hushed = new RunbookError('locked', { what: 'w', next: 'n' }, { cause: new Error('wrong: hush-hush') });
  const secrets = [new Secret('password', 'hush-hush')];
  t.match(renderFailure(hushed, { verbose: true, secrets }), 'caused by wrong: <secret password>');
});

t.test('a cause that goes in a circle ends', async (t) => {
  const error = new Error('round');
  error.cause = error;
  t.match(renderFailure(error, { verbose: true }), /round/);
});

t.test('things that are not errors', async (t) => {
  t.match(renderFailure('just text'), /^Error: just text\n/);
  t.match(renderFailure(undefined), /^Error: something that is not an error was thrown: undefined\n/);
});

t.test('for scripts', async (t) => {
  t.same(failureDocument(full, { secrets: [new Secret('password', 'hush-hush')] }), {
    error: {
      kind: 'changeFailed',
      exitCode: 20,
      what: 'container not healthy after 60 s',
      where: 'root@203.0.113.10',
      cause: 'dial tcp: refused\npassword <secret password>\u001b[31m wrong\n',
      next: 'npx zx runbooks/doctor.mjs',
    },
  });
  t.match(failureDocument(new Error('boom')), {
    error: { kind: 'unexpected', exitCode: 1, what: 'boom', where: null, cause: null },
  });
  t.notOk('stack' in failureDocument(new Error('boom')).error);
  t.match(failureDocument(new Error('boom'), { verbose: true }).error.stack, /boom/);
});
