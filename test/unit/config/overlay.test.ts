import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { loadConfig, parseConfig } from '../../../lib/config/load.ts';
import { overlay as overlaySchema } from '../../../schema/overlay.ts';
import { good, lines } from './sample.ts';

/** The good file under one or more overlays, called o1.yaml, o2.yaml and so on. */
const under = (...texts: string[]) => over(good, ...texts);
const over = (base: string, ...texts: string[]) =>
  parseConfig(base, '/base/f.yaml', {
    home: '/home/me',
    overlays: texts.map((text, index) => ({ file: `/over/o${index + 1}.yaml`, text })),
  });
const problemsUnder = (...texts: string[]) => lines(under(...texts).problems);

t.test('merging', async (t) => {
  const plain = over(good).config;
  t.strictSame(plain, parseConfig(good, '/base/f.yaml', { home: '/home/me' }).config, 'no overlay, no difference');

  const staging = under('domain: staging.corp.test\nhost:\n  address: 10.0.0.2\n').config;
  t.equal(staging?.domain, 'staging.corp.test');
  t.strictSame(staging?.host, { ...plain?.host, address: '10.0.0.2' }, 'maps are merged key by key');
  t.strictSame(staging?.admin, plain?.admin, 'what it does not name stays');

  const base = `${good.replace('  address: git-host.corp.test', '  port: 22')}aws:
  accountId: "111122223333"
  region: eu-central-1
  sshFrom: [10.1.0.0/16, 10.2.0.0/16]
  tags: {team: a, cost: b}
`;
  const provider = 'host: {provider: aws}';
  const both = over(base, provider, 'aws: {sshFrom: [10.3.0.0/16], tags: {team: c}}').config;
  t.strictSame(both?.aws?.sshFrom, ['10.3.0.0/16'], 'lists are replaced as a whole');
  t.strictSame(both?.aws?.tags, { team: 'c', cost: 'b' }, 'free names are keys like others');
  t.equal(both?.host.provider, 'aws', 'rules between values see the merged ones');
  t.strictSame(over(base, provider, 'aws: {tags: {team: }}').config?.aws?.tags, { cost: 'b' });

  const twice = under('domain: one.corp.test\ngitea: {title: One}', 'domain: two.corp.test').config;
  t.strictSame([twice?.domain, twice?.gitea.title], ['two.corp.test', 'One'], 'the last one wins, key by key');
});

t.test('an empty value takes the key away', async (t) => {
  const base = `${good}gitea:\n  title: Base\n  sshPort: 2223\n`;
  t.equal(over(base, 'gitea:\n  title:\n').config?.gitea.title, 'Gitea', 'one key: the default applies');
  t.equal(over(base, 'gitea: {title: null}').config?.gitea.sshPort, 2223, 'its neighbours stay');
  t.equal(over(base, 'gitea: ~').config?.gitea.sshPort, 2222, 'a whole section');
  t.equal(
    over(base, 'gitea:', 'gitea: {title: Two}').config?.gitea.sshPort,
    2222,
    'and one laid over that begins anew',
  );
  t.strictSame(problemsUnder('proxy:\n  maxUploadSize:\n'), [], 'nothing there to take away: as wanted');
  t.match(lines(over(`${good}proxy:\n  maxUploadSize:\n`).problems)[0], /f\.yaml:10:17 proxy\.maxUploadSize: is empty/);
  t.equal(over(`${good}proxy:\n  maxUploadSize:\n`, 'proxy: {maxUploadSize: 1g}').config?.proxy.maxUploadSize, '1g');
});

t.test('a problem is shown where it is written', async (t) => {
  const cases: readonly (readonly [name: string, overlays: string[], first: RegExp])[] = [
    ['a wrong value in the overlay', ['domain: 1\n'], /^\/over\/o1\.yaml:1:9 domain: is the number 1/],
    ['of two overlays', ['host: {port: 1}', '\nhost: {port: 0}'], /^\/over\/o2\.yaml:2:14 host\.port: /],
    ['in the base', ['gitea: {title: x}'], /^\/base\/f\.yaml:2:12 host\.address: placeholder/],
    ['an unknown key', ['domian: x'], /^\/over\/o1\.yaml:1:1 domian: is not a known key.*did you mean "domain"\?/],
    ['an unknown key without a value', ['domian:'], /^\/over\/o1\.yaml:1:1 domian: is not a known key/],
    ['one called like a method', ['toString:'], /^\/over\/o1\.yaml:1:1 toString: is not a known key/],
    ['a required key taken away', ['tls:\n  email:\n'], /^\/over\/o1\.yaml:2:3 tls\.email: is missing/],
    ['a required section taken away', ['\ntls:\n'], /^\/over\/o1\.yaml:2:1 tls: is missing/],
    [
      'a key missing in a section of two files',
      ['aws: {region: eu-west-1}', 'aws: {name: a1}'],
      /^\/over\/o2\.yaml:1:1 aws\.accountId: is missing/,
    ],
    [
      'an item of a list',
      ['aws: {accountId: "111122223333", region: eu-west-1, sshFrom: [x]}'],
      /^\/over\/o1\.yaml:1:63 aws\.sshFrom\.0: /,
    ],
    ['a value where a section was', ['host: x'], /^\/over\/o1\.yaml:1:7 host: is the text "x", allowed is a section/],
    [
      'twice',
      ['domain: a.corp.test\ndomain: b.corp.test'],
      /^\/over\/o1\.yaml:2:1 domain: is written twice \(first at 1:1\)/,
    ],
    [
      'a rule between two files',
      ['gitea:\n  sshPort: 2022\n', 'host:\n  port: 2022\n'],
      /^\/over\/o1\.yaml:2:12 gitea\.sshPort: is 2022/,
    ],
    ['a rule against a default', ['host:\n  port: 2222\n'], /^\/over\/o1\.yaml:2:9 gitea\.sshPort: is 2222/],
    [
      'a default that came back with its section',
      ['gitea: {sshPort: 2022}', 'gitea:', 'host: {port: 2222}'],
      /^\/over\/o3\.yaml:1:14 gitea\.sshPort: is 2222/,
    ],
    [
      'a key that went with its section',
      ['tls:', '\ntls: {staging: true}'],
      /^\/over\/o2\.yaml:2:1 tls\.email: is missing/,
    ],
    [
      'a default that an overlay put back',
      ['gitea:\n  sshPort:\n', 'host:\n  port: 2222\n'],
      /^\/over\/o2\.yaml:2:9 gitea\.sshPort: is 2222/,
    ],
  ];
  for (const [name, overlays, first] of cases) {
    const base = name === 'in the base' ? good.replace('git-host.corp.test', '203.0.113.10') : good;
    t.match(lines(over(base, ...overlays).problems)[0], first, name);
  }
  t.strictSame(lines(over(good.replace('  address: git-host.corp.test', '  port: 23'), 'host: {user: me}').problems), [
    '/over/o1.yaml:1:1 host.address: is missing, allowed is an IP address or a host name that this machine can reach, not a loopback one, for example 203.0.113.10',
  ]);
});

t.test('errors of all files come at once, in the order of the files', async (t) => {
  const base = good.replace('domain: git.corp.test', 'domain: [1]\nfoo: 1');
  const found = lines(over(base, 'bar: 1\nhost: {port: x}\n', 'baz: 1').problems);
  t.strictSame(
    found.map((line) => line.split(': ')[0]),
    [
      '/base/f.yaml:3:9 domain',
      '/base/f.yaml:4:1 foo',
      '/over/o1.yaml:1:1 bar',
      '/over/o1.yaml:2:14 host.port',
      '/over/o2.yaml:1:1 baz',
    ],
  );
  const torn = lines(over(base, 'bar: [\n', '\0', 'baz: 1').problems);
  t.strictSame(
    torn.map((line) => line.replace(/^(\S+ [^ :]+).*/, '$1')),
    [
      '/base/f.yaml:3:9 domain',
      '/base/f.yaml:4:1 foo',
      '/over/o1.yaml:1:6 a',
      '/over/o2.yaml:1:1 the',
      '/over/o3.yaml:1:1 baz',
    ],
    'an overlay that is not YAML is one error among the others',
  );
  t.strictSame(
    lines(over('host: {port: 0}', 'tls: [').problems).map((line) => line.split(': ')[0]),
    [
      '/base/f.yaml:1:14 host.port',
      '/over/o1.yaml:1:6 a [ is opened here and not closed, allowed are pairs - write the closing ]',
    ],
    'what the torn file may well have had is not called missing',
  );
  t.match(lines(over('host: [', 'domain: 1').problems), [
    /^\/base\/f\.yaml:1:7 a \[ is opened here/,
    /^\/over\/o1\.yaml:1:9 domain/,
  ]);
});

t.test('an overlay that says nothing', async (t) => {
  for (const text of ['', '# nothing\n', '---\n', 'null'])
    t.strictSame(problemsUnder(text), [
      '/over/o1.yaml:1:1 the file is empty, allowed are the keys in which it differs from the file below it',
    ]);
  t.match(problemsUnder('- a'), [/^\/over\/o1\.yaml:1:1 the file is a list, allowed is a section with host, /]);
  t.match(problemsUnder('text'), [/^\/over\/o1\.yaml:1:1 the file is the text "text", allowed is a section/]);
  t.strictSame(under('{}').config, under().config, 'an empty map is one that changes nothing');
});

t.test('a relative path starts at the folder of the file that it is written in', async (t) => {
  const { config } = over(
    `${good}  caBundle: ca.pem\nsecrets: {file: s.yaml}\n`,
    'host: {identityFile: id, knownHosts: ../pins}\ntls: {email: x@corp.test}',
    'secrets: {file: ~/s.yaml}',
  );
  t.equal(config?.tls.caBundle, '/base/ca.pem');
  t.equal(config?.host.identityFile, '/over/id');
  t.equal(config?.host.knownHosts, '/pins');
  t.equal(config?.secrets.file, '/home/me/s.yaml');
  const reset = over(
    `${good}secrets: {file: /etc/s.yaml}\n`,
    'secrets: {file: }\naws: {accountId: "111122223333", region: eu-west-1}',
  ).config;
  t.equal(reset?.secrets.file, '/base/gitea.secrets.yaml', 'a default belongs to the base');
  t.equal(reset?.aws?.inventory, '/base/gitea.inventory.json');
});

t.test('files', async (t) => {
  const folder = t.testdir({
    'base.yaml': good,
    over: { 'staging.yaml': 'domain: staging.corp.test\nsecrets: {file: s.yaml}\n', 'bad.yaml': 'domain: 1\n' },
  });
  const base = join(folder, 'base.yaml');
  const fails = (overlays: string[], message: RegExp) =>
    t.throws(() => loadConfig(base, overlays), { name: 'RunbookError', exitCode: 10, message });
  const loaded = loadConfig(base, [join(folder, 'over/staging.yaml')]);
  t.equal(loaded.config.domain, 'staging.corp.test');
  t.equal(loaded.config.secrets.file, join(folder, 'over/s.yaml'));
  t.equal(loaded.file, base);
  t.equal(loadConfig(base).config.domain, 'git.corp.test');
  fails([join(folder, 'none.yaml')], /none\.yaml: there is no such file\nNext: write it there, or .* --overlay FILE/);
  mkdirSync(join(folder, 'dir'));
  fails([join(folder, 'dir')], /dir: is a directory, not a configuration file\nNext: --overlay takes/);
  fails(
    [join(folder, 'over/bad.yaml')],
    /base\.yaml: the configuration has an error\n {4}\S+over\/bad\.yaml:1:9 domain: .*\nNext: edit \S+over\/bad\.yaml and run/,
  );
  if (process.getuid?.() === 0) return;
  chmodSync(join(folder, 'over/bad.yaml'), 0);
  fails([join(folder, 'over/bad.yaml')], /may not be read by you/);
});

t.test('the editor takes in an overlay what the loader takes', async (t) => {
  const schema = {
    type: 'object',
    additionalProperties: false,
    required: ['a'],
    properties: {
      a: {
        type: 'object',
        required: ['b'],
        additionalProperties: false,
        properties: { b: { type: 'string', enum: ['x'] } },
      },
      tags: { type: 'object', additionalProperties: { type: 'string' } },
    },
  } as const;
  const valid = new Ajv2020({ allowUnionTypes: true }).compile(overlaySchema(schema));
  for (const value of [{}, { a: {} }, { a: null }, { a: { b: null } }, { a: { b: 'x' }, tags: { t: null } }])
    t.ok(valid(value), JSON.stringify(value));
  for (const value of [{ c: 1 }, { a: { b: 'y' } }, { a: { c: 'x' } }, { tags: { t: 1 } }, null])
    t.notOk(valid(value), JSON.stringify(value));
});
