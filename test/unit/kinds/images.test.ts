// What references stand for, as Docker 20.10, 26 and 29 tell it, and what follows for images and for containers.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { RunbookError } from '../../../lib/core/errors.ts';
import type { ComposeSpec, ImagesSpec } from '../../../lib/core/spec.ts';
import { compose } from '../../../lib/kinds/containers/compose.ts';
import { imagesInUse } from '../../../lib/kinds/containers/compose-observed.ts';
import { images } from '../../../lib/kinds/containers/images.ts';
import { sandbox } from './sandbox.ts';

const digest = 'sha256:f456aa48801fe1b929414bb6c3603f92b7d1f69dbb663a957793b5f431338c54';
const config = 'sha256:cc363b4a7d8aff646b042fb00da5b0886f6a7d3a4ff8cd3a2f04bc0b3ea74efa';
const byTag = 'postgres:18.6';
const byDigest = `postgres@${digest}`;
const byBoth = `postgres:18.6@${digest}`;
const missing = 'nope:1';

interface Engine {
  readonly source: string;
  /** What `docker image inspect --format '{{.Id}}⇥{{range .RepoDigests}}{{.}} {{end}}'` prints for a reference. */
  readonly answers: Readonly<Record<string, string>>;
}

/** Ids that Docker gives to one and the same image, pulled from a registry by its tag or by its digest alone. */
const engines: Readonly<Record<string, Engine>> = {
  '20.10': {
    source: 'recorded: client and engine 20.10.24+dfsg1, Debian 12, after docker pull postgres@sha256:…',
    answers: { [byDigest]: `${config}\t${byDigest} `, [byBoth]: `${config}\t${byDigest} ` },
  },
  '26.1': {
    source: 'recorded: client and engine 26.1.5+dfsg1, Debian 13, after docker pull postgres:18.6',
    answers: {
      [byTag]: `${config}\t${byDigest} `,
      [byDigest]: `${config}\t${byDigest} `,
      [byBoth]: `${config}\t${byDigest} `,
    },
  },
  '29.1': {
    // With the containerd image store, the default of 29, the id is the digest of what the name points to, and the lookup by
    // digest ignores tags: `ImageInspect` and `resolveImage` in daemon/containerd/{image_inspect,image}.go of moby.
    source: 'from the source of moby, after docker pull postgres@sha256:…',
    answers: { [byDigest]: `${digest}\t${byDigest} `, [byBoth]: `${digest}\t${byDigest} ` },
  },
};

/** The real script against a `docker` that gives these answers, and like the real one fails when it lacks one. */
function ask(t: Test, script: string, answers: Readonly<Record<string, string>>, engine = true): string {
  const folder = t.testdir({ bin: {} });
  const docker = join(folder, 'bin/docker');
  const cases = Object.entries(answers).map(([ref, line]) => `'${ref}') printf '%s\\n' '${line}' ;;`);
  writeFileSync(
    docker,
    `#!/bin/sh
echo "$*" >> ${folder}/log
[ "$1" != version ] || exit ${engine ? 0 : 1}
[ "$1 $2 $3" = 'image inspect --format' ] || exit 64
[ "$4" = '{{.Id}}\t{{range .RepoDigests}}{{.}} {{end}}' ] || exit 64
shift 4; status=0
for ref in "$@"; do case "$ref" in
${cases.join('\n')}
*) echo "Error response from daemon: No such image: $ref" >&2; status=1 ;;
esac; done
exit $status
`,
  );
  chmodSync(docker, 0o755);
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
  const text = execFileSync('sh', ['-c', script], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  calls = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').length;
  return text;
}
let calls = 0;

const imagesSpec = (...refs: string[]): ImagesSpec => ({ kind: 'images', id: 'i', phase: 'p', refs });

for (const [version, { source, answers }] of Object.entries(engines)) {
  t.test(`Docker ${version} (${source}): what is there is not pulled again`, async (t) => {
    const there = Object.keys(answers);
    const diff = (spec: ImagesSpec) =>
      images.diff(spec, images.parse(ask(t, images.snippet([spec]), answers), [spec]).get('i'));
    t.equal(diff(imagesSpec(...there)), undefined, there.join(' '));
    t.equal(calls, 1, 'one call for all');
    t.match(diff(imagesSpec(missing, ...there)), { title: `images ${missing}`, why: 'not on the host yet' });
    t.match(diff(imagesSpec(...there, missing)), { title: `images ${missing}` });
    const absent = [byTag, byDigest, byBoth].filter((ref) => !there.includes(ref));
    for (const ref of absent)
      t.match(diff(imagesSpec(ref)), { title: `images ${ref}` }, 'a pull by digest gives no tag');
  });
}

t.test('without an engine every image is missing, and an answer that lacks one is no answer', async (t) => {
  const spec = imagesSpec(byTag, missing);
  const diff = (text: string) => images.diff(spec, images.parse(text, [spec]).get('i'));
  t.match(diff(ask(t, images.snippet([spec]), {}, false)), { title: `images ${byTag} ${missing}` });
  t.match(diff(ask(t, images.snippet([spec]), {})), { title: `images ${byTag} ${missing}` });
  t.match(diff(''), { action: 'create' });
});

t.test('a container whose reference stands for another image now is told with its own impact', async (t) => {
  const other = 'sha256:0d1f8cc3da5f4e3c5ec0bd8b5c1b8d4b5c60b3d4f7c3e2b6a4f8d0c1b2a39485';
  const observe = (ref: string, now: string | undefined, container: string, noted = container) => {
    const spec: ComposeSpec = {
      ...{ kind: 'compose', id: 'c', phase: 'p', project: 'gitea', text: 'services: {}\n', timeout: 60 },
      ...{ path: '/srv/gitea/compose.yaml', data: '/srv/gitea' },
      services: [
        { name: 'database', image: ref, impact: 'downtime' },
        { name: 'proxy', image: 'nginx:1.30', impact: 'restart' },
      ],
    };
    const rows = [
      ...['engine', 'image\tnginx:1.30\tsha256:p\t', 'project\tgitea', 'hash\tdatabase\ta', 'hash\tproxy\tb'],
      `container\tdatabase\ta\trunning\thealthy\t/srv/gitea/postgres|\t${ref}\t${container}\t${noted}`,
      'container\tproxy\tb\trunning\thealthy\t\tnginx:1.30\tsha256:p\tsha256:p',
      ...(now === undefined ? [] : [`image\t${ref}\t${now}\t${byDigest} `]),
    ];
    return { spec, observed: compose.parse(rows.join('\n'), [spec]).get('c')! };
  };
  const diff = (...given: Parameters<typeof observe>) => {
    const { spec, observed } = observe(...given);
    return compose.diff(spec, observed);
  };
  t.equal(diff(byTag, config, config), undefined);
  t.equal(diff(byBoth, digest, digest), undefined);
  const another = { title: 'container database', impact: 'downtime', action: 'update' };
  t.match(diff(byTag, config, other), { ...another, why: 'database: its image postgres:18.6 is another one now' });
  t.match(diff(byTag, config, other, config), another, 'by what it runs');
  t.match(diff(byTag, config, config, other), another, 'and by what Compose noted down, which is what Compose goes by');
  t.match(diff(byTag, config, config, ''), another);
  t.match(diff(byTag, undefined, config), {
    ...another,
    why: /its image postgres:18.6 is gone, and may be another one/,
  });
  t.equal(diff(byBoth, undefined, config), undefined, 'a digest is the same image wherever it is pulled from');
  t.same(
    imagesInUse(observe(byTag, config, config).observed),
    {
      database: { ref: byTag, id: config, digests: [byDigest] },
      proxy: { ref: 'nginx:1.30', id: 'sha256:p', digests: [] },
    },
    'what the record of a run says',
  );
  t.match(imagesInUse(observe(byTag, config, other).observed), { database: { id: other, digests: [] } });
});

t.test('only what is missing is pulled, and what cannot be had is named with its own reason', async (t) => {
  const pull = async (refs: readonly string[], bad: Readonly<Record<string, string>>) => {
    const folder = t.testdir();
    const cases = Object.entries(bad).map(([ref, said]) => `${ref}) echo '${said}' >&2; exit 1 ;;`);
    const { host, calls } = sandbox(folder, { docker: `case "$3" in ${cases.join(' ')} esac` });
    const [spec, lines] = [imagesSpec(...refs), [] as string[]];
    const present = images.parse('engine\nimage\there:1\tsha256:a\t\n', [spec]).get('i');
    const failure = await images
      .apply(spec, images.diff(spec, present)!, { host, progress: (line) => void lines.push(line) }, present)
      .then(
        () => undefined,
        (error: RunbookError) => ({ kind: error.kind, ...error.parts }),
      );
    return { failure, lines: lines.sort(), calls: calls().sort() };
  };
  t.strictSame(await pull(['here:1', 'a:1', 'b:1'], {}), {
    failure: undefined,
    lines: ['a:1 pulled', 'b:1 pulled'],
    calls: ['docker pull --quiet a:1', 'docker pull --quiet b:1'],
  });
  const one = await pull(['here:1', 'a:1', 'b:1'], { 'b:1': 'manifest unknown' });
  t.match(one.lines, ['a:1 pulled', 'b:1 failed']);
  t.match(one.failure, {
    kind: 'changeFailed',
    what: 'this image could not be pulled: b:1',
    cause: 'manifest unknown',
    next: /what ran before still runs/,
  });
  const both = await pull(['a:1', 'b:1'], { 'a:1': 'no route', 'b:1': 'manifest unknown' });
  t.match(both.failure, { what: 'these images could not be pulled: a:1, b:1', cause: 'no route\nmanifest unknown' });
});
