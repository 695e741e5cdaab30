import t from 'tap';
import { tooSmall } from '../../../lib/phases/contributions.ts';
import { databaseMemory } from '../../../lib/phases/database.ts';
import { contributions } from '../../../lib/phases/index.ts';
import { leastMemory, nominalMemory, shareOut } from '../../../lib/phases/memory.ts';
import { input } from './input.ts';

const { memory } = contributions(input().config);

t.test('what the kernel reports is rounded up to what was bought', async (t) => {
  const cases = [
    [1963, 2048],
    [3836, 4096],
    [3924, 4096],
    [5950, 6144],
    [7936, 8192],
    [15990, 16384],
    [64300, 65536],
    [4096, 4096],
  ] as const;
  for (const [reported, nominal] of cases) t.equal(nominalMemory(reported), nominal, `${reported}`);
});

t.test('another kernel does not change the limits', async (t) => {
  t.same(shareOut(memory, 3836), shareOut(memory, 3931));
});

/** The limits as they have always been: to change one restarts the containers of every host that there is. */
t.test('the limits of database, Gitea and proxy on every host from 1 to 128 GiB', async (t) => {
  const clamp = (least: number, value: number, most: number) => Math.min(most, Math.max(least, Math.floor(value)));
  const { memory: alone } = contributions(input({ config: { backup: { enabled: false } } }).config);
  const wrong: number[] = [];
  for (let mib = 1024; mib <= 128 * 1024; mib++) {
    const nominal = nominalMemory(mib);
    const same = (given: ReturnType<typeof shareOut>, gitea = clamp(640, (nominal * 3) / 8, 24576)) =>
      given.get('database') === clamp(512, nominal / 4, 16384) &&
      given.get('gitea') === gitea &&
      given.get('proxy') === clamp(128, nominal / 32, 512);
    if (!same(shareOut(alone, mib))) wrong.push(mib);
    // On the smallest host that is accepted Gitea gives up some of what it has above its least for the backups.
    if (mib >= least && !same(shareOut(memory, mib), nominal === 2048 ? 724 : undefined)) wrong.push(mib);
  }
  t.same(wrong, []);
});

/** What all of it needs at least, MiB. */
const least = 1936;

t.test('the limits together leave room, and PostgreSQL fits into its own', async (t) => {
  for (const mib of [1963, 3924, 7936, 15990, 64300, 250000]) {
    const given = shareOut(memory, mib);
    const sumWithout = (...names: string[]) =>
      [...given].filter(([who]) => !names.includes(who)).reduce((sum, [, limit]) => sum + limit, 0);
    t.ok(
      sumWithout('system', 'backup') <= mib * 0.87,
      `${mib}: limits of what is always there, and a renewal, fit the host`,
    );
    // A backup is made for moments. Where the least of all takes up nearly the whole, there is no more room beside it.
    t.ok(sumWithout('system') <= mib * (mib < 2048 ? 0.93 : 0.87), `${mib}: and so does a backup`);
    const database = databaseMemory(given.get('database')!);
    t.ok(
      database.sharedBuffersMiB + database.sharedMiB + database.maintenanceMiB * 3 < database.limitMiB,
      `${mib}: fixed parts`,
    );
    t.ok(database.effectiveCacheMiB < database.limitMiB, `${mib}: cache`);
  }
  t.equal(databaseMemory(shareOut(memory, 3924).get('database')!).sharedBuffersMiB, 256);
});

t.test('whoever comes takes from what the others have above their least, and never below it', async (t) => {
  const more = [...memory, { who: 'metrics', least: 700, share: 1 / 8, most: 4096 }];
  for (let mib = 1024; mib <= 64 * 1024; mib += 7) {
    const given = shareOut(more, mib);
    const { fits } = leastMemory(more, mib);
    for (const { who, least, most } of more) {
      const limit = given.get(who)!;
      if (limit < least || limit > most || !Number.isInteger(limit)) t.fail(`${mib}: ${who} ${limit}`);
    }
    const all = [...given.values()].reduce((sum, limit) => sum + limit, 0);
    if (fits && all > nominalMemory(mib)) t.fail(`${mib}: ${all} MiB are given away`);
  }
  t.ok(shareOut(more, 2500).get('gitea')! < shareOut(memory, 2500).get('gitea')!, 'little: all give');
  t.equal(shareOut(more, 16384).get('gitea'), shareOut(memory, 16384).get('gitea'), 'plenty: nobody does');
});

t.test('a host that is too small is told the sum', async (t) => {
  const sum = 'database 512 + gitea 640 + wal 48 + proxy 128 + backup 128 + certbot 256 + system 224 = 1936 MiB';
  t.equal(tooSmall({ memory }, least - 1), `${sum}, the host has 1935 MiB`);
  t.equal(tooSmall({ memory }, least), undefined);
  t.equal(tooSmall({ memory }, 1963), undefined, 'one with 2 GiB is not');
});
