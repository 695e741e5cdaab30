import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { sha256 } from '../../lib/core/hash.ts';
import { placeholderMark } from '../../lib/core/placeholder.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { OwnedSpec, Spec } from '../../lib/core/spec.ts';
import { localHost } from '../../lib/host/local.ts';
import type { Command, Reconnectable } from '../../lib/host/port.ts';
import { kinds } from '../../lib/kinds/index.ts';
import { cutting, Killed } from './cutting.ts';
import { bringAbout } from './one.ts';

/**
 * Each script of these kinds is run for real in a directory of its own and killed after its first command, its second and so
 * on. The next run must find the thing either as wanted or in need of a change, bring it about, and leave what a run that
 * was never cut leaves: nothing missing, nothing lying about.
 */
interface Case {
  readonly spec: (root: string) => Spec;
  /** What is there before. */
  readonly before?: (root: string) => void;
  /** Programs of the host that are played, by name. */
  readonly programs?: (root: string) => Readonly<Record<string, string>>;
  /** Files of the system that lie below the root instead. */
  readonly moved?: readonly string[];
  /** Of several scripts that follow each other the ones to cut; all by default, which never cuts a later one early. */
  readonly only?: RegExp;
  /** Files whose content is another one in each run. */
  readonly random?: RegExp;
  /** What is true at every moment. */
  readonly always?: (root: string) => boolean;
  /** How many commands the script has at least, so that a cut that never comes does not pass for a success. */
  readonly commands: number;
}

const [uid, gid] = [process.getuid!(), process.getgid!()];
const owner = { uid, gid, phase: 'p' };
const put = (root: string, path: string, text: string, mode = 0o644) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text, { mode });
  chmodSync(join(root, path), mode);
};
const text = (root: string, path: string) => readFileSync(join(root, path), 'utf8');
const said = (program: string, ...words: string[]) => execFileSync(program, words).toString();

const pair = (root: string, folder: string, subject: string) => {
  mkdirSync(join(root, folder), { recursive: true });
  const to = ['-keyout', join(root, folder, 'privkey.pem'), '-out', join(root, folder, 'fullchain.pem')];
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '90'];
  execFileSync(
    'openssl',
    [...words, '-subj', `/CN=${subject}`, '-addext', 'subjectAltName=DNS:git.example.com', ...to],
    {
      stdio: 'ignore',
    },
  );
};
/** Nginx can start: a certificate and the key that belongs to it. */
const isPair = (root: string, folder: string) =>
  said('openssl', 'x509', '-in', join(root, folder, 'fullchain.pem'), '-noout', '-pubkey') ===
  said('openssl', 'pkey', '-in', join(root, folder, 'privkey.pem'), '-pubout');

/** What the database says of a source, and when one was changed that Gitea has not read yet, in microseconds. */
const changedAt = Date.parse('2026-01-02T00:00:00Z') * 1000;
function sourceRow(secret: string, changed: number): string {
  const row = { id: 1, type: 6, name: 'company', active: true, policy: '', settings: {}, mark: 'company', changed };
  return Buffer.from(JSON.stringify({ ...row, secret: sha256(`1:${secret}`) })).toString('base64');
}

const node = '#!/bin/sh\necho v22.0.0\n';

const isText = (root: string, path: string, wanted: string) =>
  existsSync(join(root, path)) && text(root, path) === wanted;
const marked = (root: string, [type, path, value]: readonly string[]) => `${type}\t${join(root, path!)}\t${value}\t-\n`;
const ownedAt = (root: string): OwnedSpec => ({
  ...{ kind: 'owned', id: 'x', phase: 'p', path: join(root, 'state/marks'), kept: join(root, 'state/kept') },
  ...{ wanted: [], stays: [], header: 'Managed by somebody.', searched: [join(root, 'etc')] },
});

const cases: Readonly<Record<string, Case>> = {
  'a sign-in source with another secret, and the restart that goes with it': {
    spec: (root) => ({
      ...{ kind: 'sources', id: 'x', phase: 'p', gitea: 'gitea', database: 'database', timeout: 5 },
      sources: [{ name: 'company', secret: new Secret('s', 'new'), skipTwoFactor: false, settings: {} }],
      hold: {
        ...{ flag: `${root}.hold`, service: 'proxy', proxy: 'proxy', of: ['gitea'], address: '127.0.0.1', ports: [1] },
        ...{ endless: '/nowhere', health: 'http://127.0.0.1:1/', patience: 0 },
      },
    }),
    before: (root) => {
      put(root, 'row', sourceRow('old', 0));
      put(root, 'changed', '0');
      put(root, 'started', '2026-01-01T00:00:00Z');
    },
    // The statements are one transaction. Gitea runs with what it read when it was started.
    programs: (root) => ({
      docker: `cd '${root}'
case "$*" in
  'exec -i database psql '*) cat >/dev/null; printf %s '${sourceRow('new', changedAt)}' >row; printf %s ${changedAt} >changed ;;
  'exec database psql '*) for word; do case "$word" in
      '\\echo '*) printf '%s\\n' "$word" | sed 's/^.echo //; s/:ERROR$/false/' ;;
      *max*revision*) cat changed; echo ;;
      *"select 'source'"*) printf 'source\\t%s\\n' "$(cat row)" ;;
    esac; done ;;
  'restart gitea') printf 2026-01-03T00:00:00Z >started ;;
  *StartedAt*) cat started ;;
  *Health*) echo healthy ;;
  *Pid*) echo 0 ;;
esac`,
    }),
    commands: 12,
  },
  'a file in the place of another': {
    spec: (root) => ({ kind: 'file', id: 'x', path: join(root, 'f'), content: 'new\n', mode: '0640', ...owner }),
    before: (root) => put(root, 'f', 'old\n'),
    always: (root) => ['old\n', 'new\n'].includes(text(root, 'f')),
    commands: 12,
  },
  'a secret file that passes a check': {
    spec: (root) => ({
      ...{ kind: 'file', id: 'x', path: join(root, 'f'), content: new Secret('s', 'new'), mode: '0400', ...owner },
      validate: 'test -s "$1"',
    }),
    commands: 12,
  },
  'owner and mode of a file': {
    spec: (root) => ({ kind: 'file', id: 'x', path: join(root, 'f'), content: 'same', mode: '0400', ...owner }),
    before: (root) => put(root, 'f', 'same', 0o666),
    always: (root) => text(root, 'f') === 'same',
    commands: 2,
  },
  'a directory': {
    spec: (root) => ({ kind: 'directory', id: 'x', path: join(root, 'd'), mode: '0750', ...owner }),
    commands: 1,
  },
  'the mark of a directory that is ours': {
    spec: (root) => ({
      ...{ kind: 'claim', id: 'x', phase: 'p', path: join(root, 'data'), mark: '.ours', text: 'ours\n' },
      ...{ before: { file: 'compose.yaml', firstLine: 'old' }, key: 'host.dataPath' },
    }),
    before: (root) => mkdirSync(join(root, 'data')),
    commands: 12,
  },
  'a link that leads elsewhere': {
    spec: (root) => ({ kind: 'symlink', id: 'x', path: join(root, 'current'), target: 'b', phase: 'p' }),
    before: (root) => execFileSync('ln', ['-s', 'a', join(root, 'current')]),
    always: (root) => ['a', 'b'].includes(readlinkSync(join(root, 'current'))),
    commands: 2,
  },
  'files that nobody reads any more': {
    spec: (root) => ({ kind: 'leftovers', id: 'x', phase: 'p', directory: root, stems: ['key'], keep: ['key.2'] }),
    before: (root) => {
      for (const name of ['key', 'key.1', 'key.2', 'other']) put(root, name, name);
    },
    always: (root) => text(root, 'key.2') === 'key.2',
    commands: 1,
  },
  'a swap file': {
    spec: (root) => ({ kind: 'swap', id: 'x', phase: 'p', path: join(root, 'swapfile'), sizeMiB: 64 }),
    moved: ['/proc/swaps', '/etc/fstab'],
    before: (root) => {
      put(root, 'etc/fstab', 'UUID=1 / ext4 defaults 0 1\n');
      put(root, 'proc/swaps', 'Filename Type\n');
    },
    // What is half made is no swap, and what is in use cannot be taken into use again.
    programs: (root) => ({
      fallocate: 'echo empty >"$3"',
      mkswap: 'for last; do :; done; echo swap >"$last"',
      swapon: `grep -qx swap "$1" && ! grep -q "^$1 " ${root}/proc/swaps && echo "$1 file" >>${root}/proc/swaps`,
      'systemd-detect-virt': 'exit 1',
    }),
    random: /fstab$|swaps$/,
    always: (root) => /^UUID=1 \/ ext4 defaults 0 1\n(\S+ none swap sw 0 0\n)?$/.test(text(root, 'etc/fstab')),
    commands: 7,
  },
  'a file of ours that somebody has edited, and that is wanted no more': {
    spec: (root) => ownedAt(root),
    before: (root) => {
      put(root, 'etc/f', 'edited');
      put(
        root,
        'state/marks',
        [
          ['file', 'etc/f', 'x'],
          ['file', 'etc/f', 'y'],
        ]
          .map((one) => marked(root, one))
          .join(''),
      );
    },
    // Never away without a copy of it, and never away without a mark or the end of it.
    always: (root) => [`etc/f`, `state/kept${root}/etc/f`].some((path) => isText(root, path, 'edited')),
    commands: 14,
  },
  'a unit that is wanted no more': {
    spec: (root) => ownedAt(root),
    before: (root) => {
      put(root, 'etc/systemd/system/x.timer', 'ours');
      put(root, 'enabled', '');
      put(root, 'state/marks', marked(root, ['file', 'etc/systemd/system/x.timer', sha256('ours')]));
    },
    programs: (root) => ({ systemctl: `case "$1" in disable) rm -f ${root}/enabled ;; esac` }),
    // Its links are found by its file.
    always: (root) => existsSync(join(root, 'etc/systemd/system/x.timer')) || !existsSync(join(root, 'enabled')),
    commands: 12,
  },
  'a folder that is wanted no more': {
    spec: (root) => ownedAt(root),
    before: (root) => {
      mkdirSync(join(root, 'etc/d'), { recursive: true });
      put(root, 'state/marks', marked(root, ['directory', 'etc/d', '-']));
    },
    commands: 5,
  },
  'things that are as wanted, and marked': {
    spec: (root) => ({
      ...ownedAt(root),
      wanted: ['a', 'b'].map((name) => ({
        spec: name,
        mark: { type: 'file', name: join(root, name), value: sha256(name), readers: [] },
      })),
    }),
    before: (root) => put(root, 'state/marks', marked(root, ['file', 'a', sha256('a')])),
    always: (root) => text(root, 'state/marks').startsWith(marked(root, ['file', 'a', sha256('a')])),
    commands: 4,
  },
  'old versions of Node and of this library': {
    spec: (root) => ({
      ...{ kind: 'generations', id: 'x', phase: 'p', directory: join(root, 'node'), mark: '.integrity', keep: '4' },
    }),
    before: (root) => {
      for (const name of ['1', '2', '3', '4']) {
        put(root, `node/${name}/.integrity`, name);
        put(root, `node/${name}/bin/node`, name);
        execFileSync('touch', ['-d', `2020-01-0${name}`, join(root, `node/${name}/.integrity`)]);
      }
      put(root, 'node/3.tgz', '');
      put(root, 'node/somebody/else', '');
    },
    always: (root) => text(root, 'node/4/bin/node') === '4' && text(root, 'node/3/bin/node') === '3',
    commands: 6,
  },
  'rules of the firewall that were confirmed': {
    spec: (root) => ({
      ...{ kind: 'firewall', id: 'x', phase: 'p', path: join(root, 'etc/rules'), rules: 'new\n', ssh: undefined },
      unit: { name: 'fw.service', path: join(root, 'etc/fw.service'), content: 'unit\n' },
    }),
    only: /reload-or-restart/,
    moved: ['/run/gitea-runbooks'],
    before: (root) => {
      put(root, 'etc/rules', 'old\n');
      put(root, 'etc/fw.service', 'unit\n');
      for (const name of ['live', 'enabled', 'active']) put(root, `state/${name}`, 'old\n');
    },
    // A table is a file: the one in force, or that of a network where nobody is.
    programs: (root) => ({
      nft: `table=\${TABLE:-${root}/state/live}
case "$*" in
'-c -f '*) ;;
'-f -') cat >"$table" ;;
'-f '*) cat "$2" >"$table" ;;
*list*) cat "$table" ;;
*delete*) rm "$table" ;;
esac`,
      unshare: 'shift; TABLE=$(mktemp); export TABLE; "$@"; rm -f "$TABLE"',
      systemctl: `case "$1" in
is-enabled) echo enabled ;;
is-active) echo active ;;
reload-or-restart) nft -f ${root}/etc/rules ;;
esac`,
      'systemd-run': '',
    }),
    always: (root) => ['old\n', 'new\n'].includes(text(root, 'etc/rules')),
    commands: 10,
  },
  'the placeholder certificate': {
    spec: (root) => ({ kind: 'placeholder', id: 'x', phase: 'p', domain: 'git.example.com', directory: root, uid }),
    random: /\.pem$/,
    commands: 7,
  },
  'Node for the host': {
    spec: (root) => ({
      ...{ kind: 'runtime', id: 'x', phase: 'p', path: join(root, 'node/22.0.0'), packageName: 'node-test' },
      ...{ version: '22.0.0', integrity: integrityOf(join(root, '../../cache')) },
    }),
    before: (root) => {
      put(root, 'node/22.0.0/bin/node', 'broken', 0o755);
      put(root, 'node/22.0.0/.integrity', 'sha512-other');
    },
    commands: 9,
  },
  'a certificate': {
    spec: (root) => ({
      ...{
        kind: 'certificate',
        id: 'x',
        phase: 'p',
        domain: 'git.example.com',
        email: 'a@example.com',
        image: 'certbot',
      },
      ...{ uid, server: 'https://acme.example.com', profile: 'classic', network: 'n', webroot: join(root, 'acme') },
      ...{ stateDirectory: join(root, 'state'), directory: join(root, 'tls'), served: '127.0.0.1:443' },
      ...{ container: 'proxy', reload: ['reload'] },
    }),
    before: (root) => {
      pair(root, 'tls/oldest', 'oldest');
      execFileSync('touch', ['-d', '2020-01-01', join(root, 'tls/oldest')]);
      pair(root, 'tls/placeholder', placeholderMark);
      execFileSync('touch', ['-d', '2021-01-01', join(root, 'tls/placeholder')]);
      execFileSync('ln', ['-s', 'placeholder', join(root, 'tls/current')]);
      execFileSync('cp', [join(root, 'tls/placeholder/fullchain.pem'), join(root, 'served.pem')]);
      pair(root, 'issued', 'issued');
    },
    // certbot issues once; the proxy shows what it has loaded.
    programs: (root) => ({
      docker: `case "$*" in
run*) [ -e ${root}/state/live ] || { mkdir -p ${root}/state/live.next/git.example.com ${root}/state/renewal
  cp ${root}/issued/*.pem ${root}/state/live.next/git.example.com/
  echo 'server = https://acme.example.com' >${root}/state/renewal/git.example.com.conf
  mv -T ${root}/state/live.next ${root}/state/live; } ;;
exec*) cp ${root}/tls/current/fullchain.pem ${root}/served.pem ;;
esac`,
      openssl: `case "$1" in s_client) cat ${root}/served.pem ;; *) PATH=\${PATH#*:} exec openssl "$@" ;; esac`,
      sleep: '',
    }),
    // Names of generations are hashes of what was issued.
    random: /\.pem$|\/[0-9a-f]{16}(\/|$)|current$/,
    always: (root) => isPair(root, 'tls/current'),
    commands: 20,
  },
};

/** The package in the cache of this machine, as it would have come from the registry. */
function integrityOf(cache: string): string {
  const file = join(cache, 'gitea-runbooks/npm/node-test-22.0.0.tgz');
  mkdirSync(join(file, '..'), { recursive: true });
  try {
    return `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  } catch {
    put(cache, 'package/bin/node', node, 0o755);
    execFileSync('tar', ['-czf', file, '-C', cache, 'package']);
    return integrityOf(cache);
  }
}

/** Everything below a folder: type, mode, and content or target. */
function tree(root: string, random: RegExp | undefined, at = ''): string[] {
  // Each run has a root of its own, and some things are named after where they were.
  const rooted = (text: string) => text.replaceAll(join(root, '..'), '/RUN');
  const named = (path: string) => rooted(random ? `/${path}`.replace(/[0-9a-f]{16}/, 'HASH') : `/${path}`);
  return readdirSync(join(root, at))
    .map((name) => join(at, name))
    .sort((a, b) => named(a).localeCompare(named(b)))
    .flatMap((path) => {
      const stat = lstatSync(join(root, path));
      const mode = (stat.mode & 0o7777).toString(8);
      if (stat.isDirectory()) return [`${named(path)} ${mode}`, ...tree(root, random, path)];
      const content = stat.isSymbolicLink()
        ? readlinkSync(join(root, path))
        : sha256(rooted(readFileSync(join(root, path), 'latin1')));
      return [`${named(path)} ${mode} ${random?.test(`/${path}`) ? '' : content}`];
    });
}

/** This machine, but for some files of the system. */
function hostOf(root: string, moved: readonly string[] = []): Reconnectable {
  const local = localHost();
  const there = <C extends Command>(command: C): C => ({
    ...command,
    ...(command.script === undefined
      ? {}
      : { script: moved.reduce((script, path) => script.replaceAll(path, join(root, path)), command.script) }),
  });
  return {
    ...local,
    run: (command) => local.run(there(command)),
    query: (command) => local.query(there(command)),
    reconnect: async () => localHost(),
  };
}

function scene(folder: string, number: number, { before, programs, spec, moved }: Case) {
  const root = join(folder, `${number}`, 'root');
  mkdirSync(root, { recursive: true });
  for (const [name, script] of Object.entries(programs?.(root) ?? {})) {
    put(folder, `${number}/bin/${name}`, `#!/bin/sh\n${script}\n`, 0o755);
  }
  const { PATH } = process.env;
  process.env.PATH = `${join(folder, `${number}`, 'bin')}:${PATH}`;
  process.env.XDG_CACHE_HOME = join(folder, 'cache');
  before?.(root);
  return { root, host: hostOf(root, moved), spec: spec(root), leave: () => (process.env.PATH = PATH) };
}

/** Kinds whose script needs a real host: cut there, in CI (test/lab/8-cuts) or with the whole of a deploy (test/soak). */
const onHosts = {
  '8-cuts': ['compose', 'login', 'replication', 'sshd', 'volume'],
  soak: ['account', 'cluster', 'images', 'packages', 'reload', 'unit'],
};
const cutHere = new Set<string>();

for (const [name, one] of Object.entries(cases)) {
  t.test(`${name}, cut after each command of its script`, async (t) => {
    const folder = t.testdir();
    const whole = scene(folder, 0, one);
    cutHere.add(whole.spec.kind);
    t.ok(await bringAbout(whole.host, whole.spec), 'there is something to do');
    const wanted = tree(whole.root, one.random);
    t.notOk(await bringAbout(whole.host, whole.spec), 'and then nothing');
    whole.leave();
    let at = 1;
    for (; ; at++) {
      const { root, host, spec, leave } = scene(folder, at, one);
      const dying = cutting(host, (script) => ((one.only?.test(script) ?? true) ? at : undefined));
      const error = await bringAbout(dying, spec).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error && !(error instanceof Killed)) throw error;
      if (one.always && !one.always(root)) t.fail(`after command ${at} it is neither the old state nor the new one`);
      await bringAbout(host, spec);
      t.strictSame(tree(root, one.random), wanted, `cut after command ${at}`);
      if (await bringAbout(host, spec)) t.fail(`cut after command ${at}: something is left to do`);
      leave();
      if (!dying.wasCut()) break;
    }
    t.ok(at > one.commands, `${at - 1} commands`);
  });
}

t.test('there is no kind that nothing cuts', async (t) => {
  t.same([...cutHere, ...Object.values(onHosts).flat()].sort(), Object.keys(kinds).sort());
});
