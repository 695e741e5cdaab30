import t, { type Test } from 'tap';
import { s3 } from '../../../lib/aws/clients.ts';
import { delegation } from '../../../lib/aws/delegation.ts';
import { clientOptions, ownTags } from '../../../lib/aws/settings.ts';
import { waitInSync } from '../../../lib/aws/zone-sync.ts';
import { findZone, suffixes, upsertAddress } from '../../../lib/aws/zones.ts';
import { errorAnswer } from '../../lab/wire.ts';
import { cloud, section, xml } from './cloud.ts';

interface FakeZone {
  readonly id: string;
  readonly name: string;
  readonly private?: boolean;
}

const zoneXml = ({ id, name, private: hidden = false }: FakeZone) =>
  `<HostedZone><Id>/hostedzone/${id}</Id><Name>${name}.</Name><Config><PrivateZone>${hidden}</PrivateZone></Config></HostedZone>`;

/** Lists as Route 53 does: from the asked name on, so that zones of other names come after those that are asked for. */
const zonesAt = (t: Test, zones: readonly FakeZone[]) =>
  cloud(t, (operation, asked) => {
    const { pathname, searchParams } = new URL(asked.url, 'http://localhost');
    const id = pathname.split('/').pop();
    const one = zones.find((zone) => zone.id === id);
    if (operation.includes('/hostedzonesbyname')) {
      const after = zones.filter(({ name }) => name === searchParams.get('dnsname')).concat(zones.slice(-1));
      const list = `<HostedZones>${after.map(zoneXml).join('')}</HostedZones>`;
      return xml(`<ListHostedZonesByNameResponse>${list}</ListHostedZonesByNameResponse>`);
    }
    if (!one) return errorAnswer(asked, 404, 'NoSuchHostedZone', 'no');
    const servers =
      '<NameServers><NameServer>NS-2.awsdns.test.</NameServer><NameServer>ns-1.awsdns.test</NameServer></NameServers>';
    return xml(
      `<GetHostedZoneResponse>${zoneXml(one)}<DelegationSet>${servers}</DelegationSet></GetHostedZoneResponse>`,
    );
  });

t.test('the zones that a domain can stand in', async (t) => {
  t.same(suffixes('git.corp.example.com'), ['git.corp.example.com', 'corp.example.com', 'example.com']);
  t.same(suffixes('Example.com.'), ['example.com']);
  t.same(suffixes('localhost'), []);
});

t.test('the zone with the longest name; private ones and other names do not count', async (t) => {
  const zones = [
    { id: 'ZSHORT', name: 'example.com' },
    { id: 'ZHIDDEN', name: 'git.corp.example.com', private: true },
    { id: 'ZLONG', name: 'corp.example.com' },
    { id: 'ZOTHER', name: 'xample.com' },
  ];
  const { aws } = await zonesAt(t, zones);
  t.same(await findZone(aws, 'git.corp.example.com'), { id: 'ZLONG', name: 'corp.example.com' });
  t.same(await findZone(aws, 'git.example.com'), { id: 'ZSHORT', name: 'example.com' });
  await t.rejects(findZone(aws, 'git.example.org'), {
    name: 'RunbookError',
    exitCode: 22,
    parts: { what: /no public hosted zone that git\.example\.org/, next: /--name example\.org .*aws\.dns: external/ },
  });
});

t.test('several zones of one name, and the one that the config names', async (t) => {
  const zones = [
    { id: 'Z1', name: 'example.com' },
    { id: 'Z2', name: 'example.com' },
    { id: 'ZPRIVATE', name: 'example.com', private: true },
    { id: 'ZELSE', name: 'example.org' },
  ];
  const { aws } = await zonesAt(t, zones);
  await t.rejects(findZone(aws, 'git.example.com'), {
    name: 'RunbookError',
    exitCode: 22,
    parts: { what: /2 hosted zones .*Z1, Z2/, next: /aws\.zoneId/ },
  });
  t.same(await findZone({ ...aws, zoneId: 'Z2' }, 'git.example.com'), { id: 'Z2', name: 'example.com' });
  for (const [zoneId, what] of [
    ['ZPRIVATE', /is a private one/],
    ['ZELSE', /is example\.org, to which git\.example\.com does not belong/],
    ['ZGONE', /no hosted zone ZGONE/],
  ] as const)
    await t.rejects(findZone({ ...aws, zoneId }, 'git.example.com'), {
      name: 'RunbookError',
      exitCode: 22,
      parts: { what, next: /aws\.zoneId/ },
    });
});

t.test('a zone that is delegated, elsewhere, nowhere', async (t) => {
  const { aws } = await zonesAt(t, [{ id: 'Z1', name: 'example.com' }]);
  const asked: string[] = [];
  const from =
    (...names: string[]) =>
    async (zone: string) => {
      asked.push(zone);
      return names;
    };
  const wanted = ['ns-1.awsdns.test', 'ns-2.awsdns.test'];
  t.same(await delegation(aws, 'Z1', from('ns-2.awsdns.test', 'NS-1.awsdns.test.')), {
    zone: { id: 'Z1', name: 'example.com' },
    wanted,
    found: wanted,
  });
  t.same((await delegation(aws, 'Z1', from('ns.registrar.test'))).found, ['ns.registrar.test']);
  t.same((await delegation(aws, 'Z1', from())).found, []);
  t.same(new Set(asked), new Set(['example.com']));
});

t.test('records are put once, A and AAAA, and only where they differ', async (t) => {
  const records = new Map<string, string>();
  const { aws, seen } = await cloud(t, (operation, asked) => {
    if (operation.startsWith('route53 POST')) {
      for (const [set = ''] of asked.body.matchAll(/<ResourceRecordSet>.*?<\/ResourceRecordSet>/g))
        records.set(/<Type>(\w+)/.exec(set)![1]!, set);
      return xml(
        '<ChangeResourceRecordSetsResponse><ChangeInfo><Id>/change/C1</Id></ChangeInfo></ChangeResourceRecordSetsResponse>',
      );
    }
    const sets = [...records.values()].join('');
    return xml(
      `<ListResourceRecordSetsResponse><ResourceRecordSets>${sets}</ResourceRecordSets></ListResourceRecordSetsResponse>`,
    );
  });
  const put = (addresses: string[], ttl?: number) => upsertAddress(aws, 'Z1', 'git.example.com', addresses, ttl);
  const writes = () => seen.filter((operation) => operation.startsWith('route53 POST')).length;
  t.equal(await put(['203.0.113.10', '2001:db8::1']), 'C1');
  t.match(records.get('A'), /<TTL>60<\/TTL>.*203\.0\.113\.10/);
  t.match(records.get('AAAA'), /2001:db8::1/);
  t.equal(await put(['2001:db8::1', '203.0.113.10']), undefined, 'so already');
  t.equal(writes(), 1);
  t.equal(await put(['203.0.113.11']), 'C1');
  t.match(records.get('AAAA'), /2001:db8::1/, 'the other family stays');
  t.equal(await put(['203.0.113.11'], 300), 'C1', 'another time to live');
  t.equal(writes(), 3);
});

t.test('a change that does not come through in time', async (t) => {
  let status = 'PENDING';
  const { aws } = await cloud(t, () =>
    xml(
      `<GetChangeResponse><ChangeInfo><Id>/change/C1</Id><Status>${status}</Status></ChangeInfo></GetChangeResponse>`,
    ),
  );
  await t.rejects(waitInSync(aws, 'C1', { limit: 0 }), {
    name: 'RunbookError',
    exitCode: 20,
    parts: { what: /C1 .* within 0 s/, next: /aws route53 get-change --id C1/ },
  });
  status = 'INSYNC';
  await waitInSync(aws, 'C1', { limit: 0 });
});

t.test('what every client is told', async (t) => {
  const { endpoint: _, ...options } = clientOptions(section());
  t.match(options, { region: 'eu-central-1', retryMode: 'standard', requestHandler: { throwOnRequestTimeout: true } });
  t.notOk('profile' in options, 'without a profile the usual places are searched');
  t.notOk('endpoint' in clientOptions(section()), 'the address of AWS is what the SDK knows');
  t.match(clientOptions(section({ profile: 'ops', endpoint: 'http://192.0.2.7:5000' })), {
    profile: 'ops',
    endpoint: 'http://192.0.2.7:5000',
  });
  const there = (await s3(section({ endpoint: 'http://cloud.example.com:5000' }))).config;
  t.equal(there.forcePathStyle, true, 'a bucket is no host name there');
  t.equal(await there.requestChecksumCalculation(), 'WHEN_REQUIRED');
  const { config } = await s3(section());
  t.notOk(config.forcePathStyle);
  t.equal(await config.requestChecksumCalculation(), 'WHEN_SUPPORTED');
  t.same(ownTags(section({ name: 'forge', tags: { team: 'platform' } })), [
    { Key: 'team', Value: 'platform' },
    { Key: 'Project', Value: 'gitea-runbooks' },
    { Key: 'Instance', Value: 'forge' },
    { Key: 'ManagedBy', Value: 'gitea-runbooks' },
  ]);
});
