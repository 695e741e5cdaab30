// What a file of an inventory may hold. It reaches command lines, so it is held to the same rules as a configuration.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readInventory } from '../../../lib/config/beside/inventory.ts';
import { parseInventory } from '../../../lib/config/beside/inventory-rules.ts';
import { formatProblem } from '../../../lib/config/problem.ts';
import type { RunbookError } from '../../../lib/index.ts';

const good = {
  version: 1,
  accountId: '210987654321',
  region: 'eu-central-1',
  name: 'gitea',
  address: '203.0.113.10',
  ipv6Address: '2001:db8::7',
  user: 'ubuntu',
  identityFile: 'gitea.id_ed25519',
  instanceId: 'i-0123456789abcdef0',
  dataVolumeId: 'vol-0123456789abcdef0',
  dataDevice: '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0',
  backupBucket: 'gitea-backup-210987654321-eu-central-1',
  zoneId: 'Z0123456789ABCDEFGHIJ',
};
const aws = { accountId: good.accountId, region: good.region, name: good.name } as Parameters<typeof parseInventory>[2];

const parsed = (text: string | Uint8Array) => parseInventory(Buffer.from(text), 'i.json', aws);
const problems = (text: string | Uint8Array) => parsed(text).problems.map(formatProblem);
const withValues = (values: object) => problems(JSON.stringify({ ...good, ...values }, null, 2));
const without = (...keys: string[]) =>
  problems(JSON.stringify(Object.fromEntries(Object.entries(good).filter(([key]) => !keys.includes(key)))));

t.test('one that `infra` writes has no problem', async (t) => {
  t.same(parsed(JSON.stringify(good, null, 2)), { inventory: good, problems: [], other: false });
  t.same(without('ipv6Address', 'identityFile', 'zoneId'), []);
});

t.test('every value has its grammar: none can become an option, a second line or another path', async (t) => {
  const hostile: Readonly<Record<string, readonly unknown[]>> = {
    accountId: [210987654321, '21098765432', '2109876543210', '', '２１０９８７６５４３２１'],
    region: ['eu-central', '--endpoint-url', 'eu-central-1\n', '.*', `${'a'.repeat(100_000)}-1`],
    name: ['-x', 'a', 'Gitea', 'a/b', 'gitea '],
    address: ['::1', 'host.example', '-oProxyCommand=x', '203.0.113.10\n', '0x7f.1', '203.0.113.010', '1.2.3'],
    ipv6Address: ['203.0.113.10', 'fe80::1%eth0; id', ''],
    user: ['root x', '-l', 'Ubuntu', 'a\u0000', '$(id)', 'u'.repeat(33)],
    identityFile: ['', 'a\nb', 'a\u0007', '/'.padEnd(5000, 'x'), ['x']],
    instanceId: ['--document-name', 'i-', 'i-xyz', 'i-0a;id', 'I-0abc', null],
    dataVolumeId: ['vol-', 'i-0abc', 'vol-0abc\n'],
    dataDevice: ['/dev/sda', '/dev/disk/../sda', '/dev/disk/by-id/../../x', 'x', '/dev/disk/by-id/a b'],
    backupBucket: ['b', 'A-b-c', 'b/../x', 'bucket\r', {}],
    zoneId: ['z0', 'Z0/..', '', true],
  };
  for (const [key, values] of Object.entries(hostile))
    for (const value of values) {
      const found = withValues({ [key]: value });
      t.equal(found.length, 1, `${key}: ${JSON.stringify(value).slice(0, 40)}: ${found.join(' | ').slice(0, 200)}`);
      t.match(
        found[0],
        new RegExp(`^i\\.json:${Object.keys(good).indexOf(key) + 2}:\\d+ ${key}: .*allowed (is|are) `, 'u'),
      );
      t.notMatch(found[0], /[\p{Cc}]/u, 'on one line');
      t.ok(found[0]!.length < 500, `${found[0]!.length} characters`);
    }
  for (const version of [2, '1', 0, 1.5, null, true])
    t.match(withValues({ version }), [/^i\.json:2:14 version: is .*, allowed is 1, which is what this release reads$/]);
});

t.test('all errors at once, in the order of the file, and none that follows from another', async (t) => {
  t.same(
    problems(`{
  "version": 1,
  "accountId": 5,
  "region": "eu-central-1",
  "name": "gitea",
  "adress": "203.0.113.10",
  "user": "ubuntu",
  "user": "root",
  "instanceId": "i-0abc",
  "dataDevice": "/dev/sda",
  "backupBucket": "corp-backup",
  "constructor": "x"
}`),
    [
      "i.json:1:1 dataVolumeId: is missing, allowed is a volume's id, for example vol-0123456789abcdef0",
      'i.json:3:16 accountId: is the number 5, allowed is 12 digits, in quotes, for example 123456789012',
      'i.json:6:3 adress: is not a known key, allowed are version, accountId, region, name, address, ipv6Address, user, identityFile, instanceId, dataVolumeId, dataDevice, backupBucket, zoneId - did you mean "address"?',
      'i.json:8:3 user: is written twice (first at 7:3), allowed is once - remove one of the two',
      'i.json:10:17 dataDevice: is the text "/dev/sda", allowed is a path below /dev/disk/, for example /dev/disk/by-id/scsi-0DO_Volume_gitea',
      'i.json:12:3 constructor: is not a known key, allowed are version, accountId, region, name, address, ipv6Address, user, identityFile, instanceId, dataVolumeId, dataDevice, backupBucket, zoneId',
    ],
  );
});

t.test('what is no such file at all', async (t) => {
  for (const text of [
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '{"a": [',
    '{"a": &x 1}',
    '\u0000',
    'x'.repeat(2 ** 20 + 1),
    '[['.repeat(5000),
  ])
    t.ok(problems(text).length > 0, text.slice(0, 20));
  t.match(problems(Buffer.from([0x7b, 0xff, 0x7d])), [/^i\.json:1:2 the file holds bytes that are not UTF-8/]);
  t.match(problems('[]'), [/the file is a list, allowed is a section with version, accountId/]);
});

t.test('of another account, region or instance: each is named, where it stands', async (t) => {
  t.same(withValues({ accountId: '210987654320', name: 'gitea2' }), [
    'i.json:3:16 accountId: is 210987654320, and aws.accountId in the configuration is 210987654321',
    'i.json:5:11 name: is gitea2, and aws.name in the configuration is gitea',
  ]);
  t.equal(parsed(JSON.stringify({ ...good, name: 'gite' })).other, true, 'the neighbouring name is another one');
});

t.test('the failure says what to do, and that is not what has just failed', async (t) => {
  const folder = t.testdir({ 'i.json': '{}' });
  const path = join(folder, 'i.json');
  const failure = () => {
    try {
      readInventory(path, aws);
    } catch (error) {
      return error as RunbookError;
    }
    return undefined;
  };
  t.match(failure()?.parts, {
    what: /^the inventory has 10 errors$/,
    where: path,
    cause: new RegExp(`^${path}:1:1 version: is missing`),
    next: `move it away (mv ${path} ${path}.old), then npx zx runbooks/infra.mjs output, which writes it anew from the Terraform state`,
  });
  writeFileSync(path, JSON.stringify({ ...good, region: 'us-east-1' }));
  t.match(failure()?.parts, { what: /another instance/, next: /aws\.inventory/ });
  t.equal(readInventory(join(folder, 'none.json'), aws), undefined);
});
