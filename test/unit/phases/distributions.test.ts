import t from 'tap';
import { distributionOf } from '../../../lib/phases/distributions.ts';

const of = (distribution: string, release: string) => distributionOf({ distribution, release, prettyName: '' });

t.test('every supported host has an engine, Compose 2 and security updates', async (t) => {
  for (const [id, release] of [
    ['debian', '12'],
    ['debian', '13'],
    ['ubuntu', '22.04'],
    ['ubuntu', '24.04'],
  ] as const) {
    const row = of(id, release);
    t.ok(row.engine.includes('docker.io'), row.name);
    t.ok(
      row.securityOrigins.every((origin) => origin.includes('security')),
      `${row.name}: security only`,
    );
  }
  t.equal(of('debian', '12').compose, 'docker-compose');
  t.same(of('debian', '12').composeMinimum, '2');
  t.equal(of('ubuntu', '24.04').compose, 'docker-compose-v2');
});

t.test('only an engine that is new enough for certain gets start_interval', async (t) => {
  t.equal(of('debian', '13').startInterval, true);
  t.equal(of('debian', '12').startInterval, false);
  t.equal(of('ubuntu', '22.04').startInterval, false);
});

t.test('any other host is refused with the list of those that will do', async (t) => {
  t.throws(() => distributionOf({ distribution: 'debian', release: '11', prettyName: 'Debian GNU/Linux 11' }), {
    kind: 'refused',
    message: /^Debian GNU\/Linux 11 is not supported\nNext: .*Debian 12.*Debian 13.*Ubuntu 22\.04.*Ubuntu 24\.04/,
  });
  t.throws(() => of('alpine', '3.20'), { kind: 'refused', message: /^alpine 3.20 is not supported/ });
});
