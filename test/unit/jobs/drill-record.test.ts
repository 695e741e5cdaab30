// The record of the drills: what is written is read back, and what somebody has changed is told.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { Drill } from '../../../lib/core/drill.ts';
import { localHost } from '../../../lib/host/local.ts';
import { readDrills, recordDrill } from '../../../lib/jobs/drill/record.ts';

const host = localHost();
const drillOf = (at: string, more: Partial<Drill> = {}): Drill => ({
  ...{ format: 1, at, host: 'gitea', release: '0.1.0', from: 'remote', generation: '20261129T221503Z' },
  ...{ result: 'passed', problems: [], notes: ['ünïcode "quoted"'], rto: 41_000, rpo: 180_000, took: 60_000 },
  ...{ steps: { start: 1 }, checked: { repositories: 3 } },
  ...more,
});

function place(t: Pick<Test, 'testdir'>, name = 'key') {
  const folder = t.testdir({});
  const key = `${folder}/${name}`;
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'root@gitea', '-f', key]);
  return { path: `${folder}/drills.jsonl`, key };
}

async function three(t: Pick<Test, 'testdir'>) {
  const at = place(t);
  await recordDrill(host, at, drillOf('2026-11-01T04:40:00.000Z'));
  await recordDrill(host, at, drillOf('2026-11-08T04:40:00.000Z', { result: 'failed', problems: ['a repository'] }));
  await recordDrill(host, at, drillOf('2026-11-15T04:40:00.000Z'));
  return { at, lines: readFileSync(at.path, 'utf8').trimEnd().split('\n') };
}

t.test('what was recorded, in its order; nothing where nothing was', async (t) => {
  const { at } = await three(t);
  t.same(await readDrills(host, at), [
    { line: 1, drill: drillOf('2026-11-01T04:40:00.000Z') },
    { line: 2, drill: drillOf('2026-11-08T04:40:00.000Z', { result: 'failed', problems: ['a repository'] }) },
    { line: 3, drill: drillOf('2026-11-15T04:40:00.000Z') },
  ]);
  t.same(await readDrills(host, { ...at, path: `${at.path}.none` }), []);
});

t.test('a line that says something else now, and the one behind it', async (t) => {
  const { at, lines } = await three(t);
  writeFileSync(at.path, `${[lines[0], lines[1]!.replace('"failed"', '"passed"'), lines[2]].join('\n')}\n`);
  const found = await readDrills(host, at);
  t.match(
    found.map(({ line, trouble = '' }) => [line, trouble]),
    [
      [1, ''],
      [2, /signature is not one of this host/],
      [3, /the line before it is another one/],
    ],
  );
});

t.test('a line that was taken away, or one put before the first', async (t) => {
  const { at, lines } = await three(t);
  writeFileSync(at.path, `${[lines[0], lines[2]].join('\n')}\n`);
  t.match(await readDrills(host, at), [{ line: 1 }, { line: 2, trouble: /the line before it is another one/ }]);
  writeFileSync(at.path, `${[lines[1], lines[2]].join('\n')}\n`);
  t.match((await readDrills(host, at))[0], { trouble: /the line before it is another one/ });
});

t.test('a line that somebody else has signed', async (t) => {
  const { at } = await three(t);
  const key = `${at.key}.other`;
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  await recordDrill(host, { ...at, key }, drillOf('2026-11-22T04:40:00.000Z'));
  t.match((await readDrills(host, at)).at(-1), { line: 4, trouble: /signature is not one of this host/ });
});

t.test('half of a line stays one of its own, and is told', async (t) => {
  const { at, lines } = await three(t);
  writeFileSync(at.path, `${lines[0]}\n${lines[1]!.slice(0, 80)}`);
  await recordDrill(host, at, drillOf('2026-11-22T04:40:00.000Z'));
  const found = await readDrills(host, at);
  t.equal(found.length, 3);
  t.match(found[1], { line: 2, trouble: /no line of the record, or half of one/ });
  t.strictSame(found[2], { line: 3, drill: drillOf('2026-11-22T04:40:00.000Z') }, 'what comes after it is sound');
  writeFileSync(at.path, '{}\n[1]\n');
  t.match(await readDrills(host, at), [{ trouble: /no line of the record/ }, { trouble: /no line of the record/ }]);
});

t.test('without a key there is no record', async (t) => {
  const at = { path: `${t.testdir({})}/drills.jsonl`, key: '/nowhere/key' };
  await t.rejects(recordDrill(host, at, drillOf('2026-11-01T04:40:00.000Z')), { exitCode: 20, message: /signed/ });
});
