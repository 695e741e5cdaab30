import t from 'tap';
import { memoryOf, nominalMemory } from '../../../lib/phases/memory.ts';

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
  t.same(memoryOf(3836), memoryOf(3931));
});

t.test('2, 4, 8 and 64 GiB', async (t) => {
  const limits = (mib: number) => {
    const { database, giteaLimitMiB, proxyLimitMiB } = memoryOf(mib);
    return [database.limitMiB, giteaLimitMiB, proxyLimitMiB];
  };
  t.same(limits(1963), [512, 768, 128]);
  t.same(limits(3924), [1024, 1536, 128]);
  t.same(limits(7936), [2048, 3072, 256]);
  t.same(limits(64300), [16384, 24576, 512]);
});

t.test('the limits together leave room, and PostgreSQL fits into its own', async (t) => {
  for (const mib of [1963, 3924, 7936, 15990, 64300, 250000]) {
    const { database, giteaLimitMiB, proxyLimitMiB } = memoryOf(mib);
    const certbot = 256;
    t.ok(database.limitMiB + giteaLimitMiB + proxyLimitMiB + certbot <= mib * 0.87, `${mib}: limits fit the host`);
    t.ok(
      database.sharedBuffersMiB + database.sharedMiB + database.maintenanceMiB * 3 < database.limitMiB,
      `${mib}: fixed parts`,
    );
    t.ok(database.effectiveCacheMiB < database.limitMiB, `${mib}: cache`);
  }
  t.equal(memoryOf(3924).database.sharedBuffersMiB, 256);
});
