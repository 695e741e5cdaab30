import t from 'tap';
import { inNetworks, isLoopback, networksOf } from '../../../lib/core/network.ts';

t.test('an address in one of the networks: the first and last of each, and their neighbours', (t) => {
  const networks = ['198.51.100.64/26', '2001:db8:1::/48', '203.0.113.7/32'];
  const inside = ['198.51.100.64', '198.51.100.127', '2001:db8:1::', '2001:db8:1:ffff::1', '203.0.113.7'];
  const outside = [
    '198.51.100.63',
    '198.51.100.128',
    '2001:db8:2::',
    '2001:db8:0:ffff::1',
    '203.0.113.6',
    '203.0.113.8',
  ];
  for (const address of inside) t.ok(inNetworks(networks, address), address);
  for (const address of [...outside, '', 'localhost', '198.51.100', '198.51.100.64/26']) {
    t.notOk(inNetworks(networks, address), address);
  }
  t.notOk(inNetworks([], '198.51.100.64'));
  t.ok(inNetworks(['0.0.0.0/0'], '8.8.8.8'));
  t.notOk(inNetworks(['0.0.0.0/0'], '::1'));
  t.end();
});

t.test('the machine itself', (t) => {
  for (const address of ['127.0.0.1', '127.255.255.255', '::1']) t.ok(isLoopback(address), address);
  for (const address of ['126.255.255.255', '128.0.0.0', '::2', '::', '10.0.0.1'])
    t.notOk(isLoopback(address), address);
  t.end();
});

t.test('the networks of one family', (t) => {
  const networks = ['10.0.0.0/8', 'fd00::/8', '192.0.2.0/24'];
  t.same(networksOf(4, networks), ['10.0.0.0/8', '192.0.2.0/24']);
  t.same(networksOf(6, networks), ['fd00::/8']);
  t.end();
});
