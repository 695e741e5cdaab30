import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { Change } from '../../../lib/core/change.ts';
import { RunbookError } from '../../../lib/core/errors.ts';
import type { Spec } from '../../../lib/core/spec.ts';
import { lock } from '../../../lib/engine/lock.ts';
import { localHost } from '../../../lib/host/local.ts';
import { approved } from '../../../lib/jobs/converge/approved.ts';
import type { Look } from '../../../lib/jobs/converge/look.ts';

const lookWith = (...changes: Partial<Change>[]): Look => ({
  ...{ facts: {} as Look['facts'], specs: [], observations: new Map() },
  plan: {
    unchanged: 3,
    steps: changes.map((change, index) => ({
      spec: { kind: 'unit', id: `${index}` } as Spec,
      change: {
        ...{ id: `${index}`, kind: 'unit', phase: 'p', action: 'refresh', title: 'docker.service', why: 'is inactive' },
        ...{ impact: 'restart', ...change },
      } as Change,
      observed: undefined,
    })),
  },
});

async function theLock(test: Pick<typeof t, 'teardown'>) {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'approved-')));
  const patience = { door: 0, work: 0, waits: 1 };
  const take = (who: string) => lock(localHost(), { who, what: 'deploy', mode: 'exclusive', directory, patience });
  const held = await take('alice');
  test.teardown(async () => {
    await held.release();
    rmSync(directory, { recursive: true, force: true });
  });
  return { held, take };
}

t.test('nothing to do: nobody is asked, and the lock is kept all the time', async (t) => {
  const { held, take } = await theLock(t);
  const never = () => Promise.reject(new Error('asked'));
  const { seen, changes } = await approved(held, lookWith(), { onEvent: () => {}, ask: never, again: never });
  t.match({ changes, unchanged: seen.plan.unchanged }, { changes: [], unchanged: 3 });
  await t.rejects(take('bob'), { kind: 'locked', message: /alice/ });
});

t.test('nobody to ask: the plan is shown, and the first look counts', async (t) => {
  const { held } = await theLock(t);
  const events: unknown[] = [];
  const first = lookWith({});
  const { seen } = await approved(held, first, {
    onEvent: (event) => events.push(event),
    ask: undefined,
    again: () => Promise.reject(new Error('looked')),
  });
  t.equal(seen, first);
  t.match(events, [{ type: 'plan', unchanged: 3, changes: [{ title: 'docker.service' }] }]);
});

t.test('while a person thinks the host is free; the same plan goes on, with what was seen last', async (t) => {
  const { held, take } = await theLock(t);
  const second = lookWith({});
  const { seen } = await approved(held, lookWith({}), {
    onEvent: () => {},
    ask: async () => (await take('bob')).release(),
    again: async () => second,
  });
  t.equal(seen, second);
  await t.rejects(take('bob'), { name: 'RunbookError', exitCode: 11 }, 'it is held again');
});

t.test('a no ends it, and takes no lock again', async (t) => {
  const { held, take } = await theLock(t);
  const no = new RunbookError('refused', { what: 'not approved', next: 'x' });
  const again = () => Promise.reject(new Error('looked'));
  await t.rejects(approved(held, lookWith({}), { onEvent: () => {}, ask: () => Promise.reject(no), again }), no);
  await (await take('bob')).release();
});

t.test('a plan that has changed meanwhile is refused, with what differs', async (t) => {
  const cases: [string, Look, RegExp][] = [
    ['gone', lookWith(), /approved: ! docker\.service \(is inactive\)/],
    ['more', lookWith({}, { title: 'ssh.service' }), /now: ! ssh\.service/],
    ['another reason', lookWith({ why: 'is failed' }), /approved: .*inactive.*\n.*now: .*failed/],
    ['another impact', lookWith({ impact: 'downtime' }), /now: /],
    ['another content', lookWith({ diff: '+x' }), /now: /],
  ];
  for (const [name, then, message] of cases) {
    const { held } = await theLock(t);
    const run = approved(held, lookWith({}), { onEvent: () => {}, ask: async () => {}, again: async () => then });
    await t.rejects(run, { name: 'RunbookError', exitCode: 22, message }, name);
  }
});
