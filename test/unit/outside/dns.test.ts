import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import type { Aws } from '../../../lib/aws/settings.ts';
import type { CheckResult } from '../../../lib/core/event.ts';
import { perform } from '../../../lib/outside/check.ts';
import { dns } from '../../../lib/outside/dns.ts';
import { healthz } from '../../../lib/outside/healthz.ts';
import { openSite } from '../../../lib/outside/site.ts';
import { section } from '../aws/cloud.ts';
import { config } from './service.ts';

/** A DNS server that knows one name: the question comes back with its A records, or as "no such name". */
async function dnsServer(t: Test, answers: readonly string[]): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => socket.send(answer(question, answers), from.port, from.address));
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  t.teardown(() => socket.close());
  return `127.0.0.1:${(socket.address() as AddressInfo).port}`;
}

function answer(question: Buffer, answers: readonly string[]): Buffer {
  let end = 12;
  while (question[end] !== 0) end += (question[end] ?? 0) + 1;
  const type = question.readUInt16BE(end + 1);
  const asked = question.subarray(0, end + 5);
  const records = type === 1 ? answers : [];
  const head = Buffer.from(asked);
  head.writeUInt16BE(answers.length === 0 ? 0x8183 : 0x8180, 2);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  const data = records.map((ip) =>
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...ip.split('.').map(Number)]),
  );
  return Buffer.concat([head, ...data]);
}

async function look(t: Test, answers: readonly string[], address: string, aws?: Aws['dns']): Promise<CheckResult> {
  const verify = { dnsServer: await dnsServer(t, answers), pushSizeMiB: 1 };
  const { host, ...base } = config({ address, verify });
  const onAws = aws && { host: { ...host, provider: 'aws' as const }, aws: section({ dns: aws }) };
  const site = await openSite({ ...base, host, ...onAws });
  t.teardown(() => site.close());
  return perform(dns, site);
}

t.test('leads to the host', async (t) => {
  t.match(await look(t, ['203.0.113.10'], '203.0.113.10'), {
    status: 'pass',
    detail: /git\.example\.com is 203\.0\.113\.10 \(asked 127/,
  });
});
t.test('leads elsewhere', async (t) => {
  const result = await look(t, ['198.51.100.7'], '203.0.113.10');
  t.match(result, {
    status: 'fail',
    detail: /is 198\.51\.100\.7, host\.address is 203\.0\.113\.10/,
    next: /git\.example\.com\. A 203\.0\.113\.10, or correct host\.address; caches keep .* up to 60 s/,
  });
});
t.test('a host on AWS: nobody wrote its address, and the record is kept by infra or by hand', async (t) => {
  const detail = /is 198\.51\.100\.7, the host is 203\.0\.113\.10/;
  const made = await look(t, ['198.51.100.7'], '203.0.113.10', 'route53');
  t.match(made, { status: 'fail', detail, next: /infra\.mjs apply.*up to 60 s/ });
  t.match(await look(t, [], '203.0.113.10', 'route53'), { status: 'fail', next: /infra\.mjs apply/ });
  const byHand = await look(t, ['198.51.100.7'], '203.0.113.10', 'external');
  t.match(byHand, { status: 'fail', detail, next: /create the record: git\.example\.com\. A 203\.0\.113\.10; caches/ });
});
t.test('leads to the host and elsewhere', async (t) => {
  t.match(await look(t, ['203.0.113.10', '198.51.100.7'], '203.0.113.10'), {
    status: 'fail',
    detail: /but also 198\.51\.100\.7/,
  });
});
t.test('does not resolve', async (t) => {
  t.match(await look(t, [], '203.0.113.10'), {
    status: 'fail',
    detail: /does not resolve/,
    next: /create the record: git\.example\.com\. A 203/,
  });
});
t.test('a host behind a router', async (t) => {
  t.match(await look(t, ['198.51.100.7'], '10.0.0.5'), { status: 'warn', next: /forwards ports 80, 443 and 2222/ });
});
t.test('a host by name', async (t) => {
  t.match(await look(t, ['198.51.100.7'], 'host.example.com'), { status: 'pass' });
});
t.test('nobody answers at the DNS server', async (t) => {
  const server = await dnsServer(t, []);
  const closed = createSocket('udp4');
  await new Promise<void>((done) => closed.bind(0, '127.0.0.1', done));
  const port = (closed.address() as AddressInfo).port;
  await new Promise<void>((done) => closed.close(done));
  t.not(server, `127.0.0.1:${port}`);
  const site = await openSite(config({ verify: { dnsServer: `127.0.0.1:${port}`, pushSizeMiB: 1 } }));
  t.match(await perform(dns, site), { status: 'fail', detail: /could not be looked up/, next: /verify\.dnsServer/ });
});
t.test('the other checks skip where there is no address at all', async (t) => {
  const verify = { dnsServer: await dnsServer(t, []), pushSizeMiB: 1 };
  const site = await openSite(config({ address: 'host.example.com', verify }));
  t.match(await perform(healthz, site), { status: 'skip', detail: /does not resolve/ });
});
