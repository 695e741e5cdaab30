// The script runs for real; apt and dpkg are played.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { PackagesSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import { packages } from '../../../lib/kinds/system/packages.ts';
import { sandbox as box, look } from './sandbox.ts';

const spec: PackagesSpec = { kind: 'packages', id: 'packages', phase: 'system', names: ['curl'] };

/** Programs that fail so many times, with these words on standard error. */
function sandbox(t: Test, failures: Readonly<Record<'dpkg' | 'apt-get update' | 'apt-get install', [number, string]>>) {
  const folder = t.testdir({ bin: {} });
  const at = (name: string) => join(folder, name);
  const program = (name: string, script: string) => {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${script}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  };
  const failing = (word: string, [times, text]: [number, string]) => {
    writeFileSync(at(`${word}.text`), text);
    return `echo '${word}' >> ${at('log')}; n=$(cat ${at(`${word}.count`)} 2>/dev/null || echo 0); echo $((n + 1)) > ${at(`${word}.count`)}
if [ "$n" -lt ${times} ]; then cat ${at(`${word}.text`)} >&2; exit 100; fi; echo "${word} is done${word === 'install' ? ', $DEBIAN_FRONTEND $NEEDRESTART_SUSPEND $NEEDRESTART_MODE' : ''}"`;
  };
  program('dpkg', failing('dpkg', failures.dpkg));
  program(
    'apt-get',
    `case "$*" in *" update") ${failing('update', failures['apt-get update'])} ;; *) ${failing('install', failures['apt-get install'])} ;; esac`,
  );
  program('sleep', 'true');
  const { PATH } = process.env;
  process.env.PATH = `${at('bin')}:${PATH}`;
  t.teardown(() => {
    process.env.PATH = PATH;
  });
  const lines: string[] = [];
  const change = packages.diff(spec, new Set())!;
  const install = () =>
    packages.apply(spec, change, { host: localHost(), progress: (line) => void lines.push(line) }, new Set());
  return { install, lines, told: () => readFileSync(at('log'), 'utf8').trim().split('\n') };
}

const fine: [number, string] = [0, ''];

t.test('each lock of the package manager is waited for, with a line that says so', async (t) => {
  const { install, lines, told } = sandbox(t, {
    dpkg: [2, 'dpkg: error: dpkg frontend lock was locked by another process with pid 812'],
    'apt-get update': [1, 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 812 (apt-get)'],
    'apt-get install': [
      1,
      'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?',
    ],
  });
  await install();
  t.same(told(), ['dpkg', 'dpkg', 'dpkg', 'update', 'update', 'install', 'install']);
  t.equal(lines.filter((line) => /^waiting, at most \d+ s in all: /.test(line)).length, 4);
  t.match(lines.at(-1), /^install is done/);
});

t.test('nothing asks, and needrestart restarts nothing under way', async (t) => {
  const { install, lines } = sandbox(t, { dpkg: fine, 'apt-get update': fine, 'apt-get install': fine });
  await install();
  t.match(lines, ['dpkg is done', 'update is done', 'install is done, noninteractive 1 l']);
});

t.test('what fails for another reason fails at once, in its own words', async (t) => {
  const { install, told } = sandbox(t, {
    dpkg: fine,
    'apt-get update': [1, 'E: Could not resolve deb.debian.org'],
    'apt-get install': fine,
  });
  await t.rejects(install(), { exitCode: 20, message: /Could not resolve deb\.debian\.org/ });
  t.same(told(), ['dpkg', 'update']);
});

t.test('what dpkg says of each name, and what is older than it may be', async (t) => {
  const folder = t.testdir();
  const { host } = box(folder, {
    // `Status-Abbrev` has a blank where there is no error. One that is unknown makes it fail, behind what it knows.
    'dpkg-query': `case "$2" in
*Package*) printf 'curl\\tii \\nheld\\thi \\nhalf\\tiU \\ngone\\trc \\ndocker-ce\\tii \\nold\\tii \\n'; exit 1 ;;
*Version*) case "$3" in old) printf 1.2 ;; curl) printf 8.0 ;; gone) printf '' ;; *) exit 1 ;; esac ;;
esac`,
    dpkg: '[ "$1 $3" = "--compare-versions lt" ] && [ "$2 $4" = "1.2 2.0" ]',
  });
  const of = (names: readonly string[], more: Partial<PackagesSpec> = {}) => look(host, { ...spec, names, ...more });
  t.match((await of(['curl', 'held'])).change, undefined);
  t.match((await of(['curl', 'half', 'gone', 'unknown'])).change, { title: 'packages half gone unknown' });
  const minimum = { old: '2.0', curl: '7.0', unknown: '1.0', gone: '1.0' };
  t.match((await of(['curl', 'old'], { minimum })).change, { title: 'packages old', why: 'not installed, or too old' });
  const alternatives = { 'docker.io': ['docker-ce'], podman: ['gone'] };
  t.match((await of(['docker.io', 'podman'], { alternatives })).change, { title: 'packages podman' });
});
