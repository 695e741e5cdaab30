import t from 'tap';
import { schema } from '../../../lib/config/validate.generated.ts';
import { good, goodWith, problemsOf } from './sample.ts';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: object;
}

/** A config in which every value that the schema knows is this text, a line each; and their paths. */
function everywhere(text: string, { properties = {} }: Node, depth = 0, path = ''): { yaml: string; paths: string[] } {
  const parts = Object.entries(properties).map(([name, child]) => {
    const head = `${'  '.repeat(depth)}${name}:`;
    const here = path ? `${path}.${name}` : name;
    if (child.items) return { yaml: `${head} [${text}]\n`, paths: [`${here}.0`] };
    if (!child.properties) return { yaml: `${head} ${text}\n`, paths: [here] };
    const { yaml, paths } = everywhere(text, child, depth + 1, here);
    return { yaml: `${head}\n${yaml}`, paths };
  });
  return { yaml: parts.map(({ yaml }) => yaml).join(''), paths: parts.flatMap(({ paths }) => paths) };
}

t.test('nothing, written out, in the place of every value', async (t) => {
  const { yaml, paths } = everywhere('""', schema as Node);
  t.ok(paths.length > 60);
  const said = problemsOf(yaml).map((line) => /^f\.yaml:\d+:\d+ (\S+): is /.exec(line)?.[1] ?? line);
  t.strictSame(said, paths, 'each is told, once');
});

t.test('a list of networks with items that are none', async (t) => {
  for (const list of ['ssh', 'web', 'other'])
    t.match(problemsOf(goodWith(`network: {allow: {${list}: [7, 10.0.0.0/8, {}, x]}}`)).slice(-3), [
      new RegExp(`^f\\.yaml:9:\\d+ network\\.allow\\.${list}\\.0: is the number 7`),
      new RegExp(`^f\\.yaml:9:\\d+ network\\.allow\\.${list}\\.2: is a mapping`),
      new RegExp(`^f\\.yaml:9:\\d+ network\\.allow\\.${list}\\.3: is the text "x"`),
    ]);
});

t.test('a number is named as it is written, and quotes are proposed only where they help', async (t) => {
  const cases: readonly (readonly [text: string, ...said: RegExp[]])[] = [
    [goodWith('images: {gitea: 1.10}'), /9:17 images\.gitea: is the number 1\.10, .*rootless$/],
    [good.replace('git.corp.test', '1.10'), /3:9 domain: is the number 1\.10, .* for example git\.example\.com$/],
    [good.replace('git-host.corp.test', '010'), /2:12 host\.address: is the number 010, .*203\.0\.113\.10$/],
    [good.replace('gitadmin', '007'), /5:13 admin\.username: is the number 007, .* - put it in quotes: "007"$/],
    [
      goodWith('docker: {logMaxSize: 10}\nproxy: {maxUploadSize: 0x10}\nverify: {pushSizeMiB: 010}'),
      /9:22 docker\.logMaxSize: is the number 10, .* for example 10m$/,
      /10:24 proxy\.maxUploadSize: is the number 0x10, .* for example 512m$/,
    ],
    [
      goodWith('network: {allow: {ssh: [1.10, 8]}}'),
      /9:25 network\.allow\.ssh\.0: is the number 1\.10, .*\/24$/,
      /9:31 network\.allow\.ssh\.1: is the number 8, .*\/24$/,
    ],
    [goodWith('gitea: {sshPort: .inf}'), /9:18 gitea\.sshPort: is the number \.inf, .*65535$/],
    [
      goodWith('022: 1\n1.10: 2\n22: 3'),
      /9:1 022: is not a known key/,
      /10:1 "1\.10": is not a known key/,
      /11:1 22: is not a known key/,
    ],
  ];
  for (const [text, ...said] of cases) t.match(problemsOf(text), said, text);
  t.match(problemsOf(good.replace('  address', '  port: 022\n  address')), [/is the number 022, .*allowed is 22$/]);
});

t.test('a number that Gitea would get in another form than it is written in', async (t) => {
  const values = ['1.10', '007', '1e3', '0x1F', '1.0', '+5', '-0', '12345678901234567890'];
  for (const value of values) {
    const [said = '', ...more] = problemsOf(goodWith(`gitea: {settings: {ui: {KEY: ${value}}}}`));
    const start = `f.yaml:9:30 gitea.settings.ui.KEY: is the number ${value}, which would reach Gitea as `;
    t.equal(said.slice(0, start.length), start);
    t.ok(said.endsWith(`put it in quotes: "${value}"`), said);
    t.same(more, []);
  }
  t.same(problemsOf(goodWith('gitea: {settings: {ui: {A: 1.5, B: -3, C: 0, D: "1.10"}}}')), []);
});

t.test('versions and names that are none', async (t) => {
  const image = (name: string, reference: string) => problemsOf(goodWith(`images: {${name}: '${reference}'}`));
  t.match(image('gitea', '1.27.3-rootless'), [/9:17 images\.gitea: .*, a version alone, allowed is repository:tag/]);
  t.match(image('postgres', '18.6'), [/9:20 images\.postgres: .*, a version alone/]);
  for (const [name, reference] of [
    ['gitea', 'gitea/gitea:01.27.3-rootless'],
    ['postgres', 'postgres:018.6'],
    ['nginx', 'nginx:1.030.4'],
    ['certbot', 'certbot/certbot:v05.9.0'],
  ] as const)
    t.match(image(name, reference), [/whose tag ".*" is not a known form of version/]);
  t.match(problemsOf(good.replace('git-host.corp.test', '""')), [/host\.address: is empty, allowed is an IP address/]);
  t.match(problemsOf(goodWith('mail: {host: "", from: a@corp.test}')), [/mail\.host: is empty, allowed is the name/]);
});

t.test("what every object has is nobody's key", async (t) => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']) {
    const text = `${goodWith(`${name}: 1`)}secrets: {source: ${name}}
proxy: {${name}: {a: 1}}
images: {gitea: "gitea/gitea:${name}"}
tls2: ${name}
gitea: {settings: {${name}: 5, ui: {KEY: {${name}: x}}}}
`;
    const said = problemsOf(text);
    t.match(said, [
      new RegExp(`^f\\.yaml:9:1 ${name}: is not a known key, allowed are host, .*, verify$`),
      new RegExp(
        `^f\\.yaml:10:19 secrets\\.source: is the text "${name}", allowed is one of file, aws-secrets-manager$`,
      ),
      new RegExp(`^f\\.yaml:11:9 proxy\\.${name}: is not a known key, allowed here are .*restartPatience$`),
      new RegExp(`^f\\.yaml:12:17 images\\.gitea: .* tag "${name}" is not a known form of version`),
      /^f\.yaml:13:1 tls2: is not a known key, .* - did you mean "tls"\?$/,
      ...(name === '__proto__' ? [/^f\.yaml:14:20 gitea\.settings\.__proto__: is a section called "__proto__"/] : []),
      new RegExp(`^f\\.yaml:14:\\d+ gitea\\.settings\\.${name}: is the number 5, allowed is keys with values$`),
      /^f\.yaml:14:\d+ gitea\.settings\.ui\.KEY\.secret: is missing/,
      new RegExp(
        `^f\\.yaml:14:\\d+ gitea\\.settings\\.ui\\.KEY\\.${name}: is not a known key, allowed here are secret$`,
      ),
    ]);
  }
});
