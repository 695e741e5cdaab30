import t from 'tap';
import { addressesOf } from '../../../lib/phases/addresses.ts';

t.test('fixed addresses below, dynamic ones above', async (t) => {
  t.same(addressesOf('172.31.250.0/24'), {
    subnet: '172.31.250.0/24',
    gateway: '172.31.250.1',
    proxy: '172.31.250.2',
    gitea: '172.31.250.3',
    dynamicRange: '172.31.250.128/25',
  });
  t.equal(addressesOf('192.168.9.240/28').dynamicRange, '192.168.9.248/29');
  t.equal(addressesOf('10.0.0.0/8').dynamicRange, '10.128.0.0/9');
  t.equal(addressesOf('223.255.255.0/24').proxy, '223.255.255.2');
});

t.test('what is not such a network is refused', async (t) => {
  for (const subnet of [
    '172.31.250.1/24',
    '172.31.250.0',
    '172.31.250.0/29',
    '300.0.0.0/8',
    'fd00::/64',
    '',
    '10.0.0.0/0',
  ]) {
    t.throws(() => addressesOf(subnet), { kind: 'configInvalid', message: /network\.subnet/ }, subnet);
  }
});
