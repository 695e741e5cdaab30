// The script runs for real; Docker, certbot and the proxy are played, and a certificate is a line of text.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import type { CertificateSpec } from '../../../lib/core/spec.ts';
import { obtainScript } from '../../../lib/kinds/tls/certificate-script.ts';
import { certificateSpec } from '../../../lib/phases/tls.ts';
import { input } from '../phases/input.ts';

/** `certbot` is what the container does, with `$live` for its folder; `shows` is what the proxy serves after a reload. */
function sandbox(t: Test, { certbot, shows }: { certbot: string; shows: string }) {
  const folder = t.testdir({
    bin: {},
    acme: {},
    tls: { placeholder: { 'fullchain.pem': 'old\n', 'privkey.pem': 'k\n' } },
  });
  const at = (path: string) => join(folder, path);
  symlinkSync('placeholder', at('tls/current'));
  writeFileSync(at('served'), 'old\n');
  const spec: CertificateSpec = {
    ...certificateSpec(input().config),
    ...{ uid: process.getuid!(), stateDirectory: at('acme'), directory: at('tls'), webroot: at('webroot') },
  };
  const live = at(`acme/live/${spec.domain}`);
  const program = (name: string, script: string) => {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${script}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  };
  program(
    'docker',
    `echo "docker $1 $2" >> ${at('log')}
case "$1" in
  run) live=${live}; mkdir -p $live; ${certbot} ;;
  exec) ${shows} > ${at('served.next')}; mv ${at('served.next')} ${at('served')} ;;
esac`,
  );
  // What lies in the new folder, with its mode, at the moment when the link is about to lead there.
  program(
    'ln',
    `echo "link over $(cd ${at('tls')}/$2 && stat -c '%n %a' . * | xargs)" >> ${at('log')}
exec /bin/ln "$@"`,
  );
  program('sync', `echo "sync \${1##*/}" >> ${at('log')}`);
  program('sleep', 'true');
  program('openssl', `case "$1 $2" in "s_client "*) cat ${at('served')} ;; "x509 -in") cat "$3" ;; *) cat ;; esac`);
  const run = (options = { force: false }) =>
    spawnSync('sh', ['-c', obtainScript(spec, options)], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${at('bin')}:${process.env.PATH}` },
    });
  return {
    run,
    at,
    log: () => (existsSync(at('log')) ? readFileSync(at('log'), 'utf8').trim().split('\n') : []),
    current: () => readlinkSync(at('tls/current')),
    folders: () => readdirSync(at('tls')).sort(),
  };
}

/** The words of `docker run` as Docker reads them: options, each with its value, then the image and what it is given. */
function dockerRun(script: string) {
  const line = script.split('\n').find((one) => one.startsWith('docker run '))!;
  const words = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(2, -1);
  const options: string[] = [];
  while (words[0]?.startsWith('-')) {
    const option = words.shift()!;
    options.push(['--rm', '--read-only'].includes(option) ? option : `${option} ${words.shift()}`);
  }
  return { options, image: words[0], certbot: words.slice(1).join(' ') };
}

const gives = (text: string) => `printf '${text}\\n' > $live/fullchain.pem; printf 'key\\n' > $live/privkey.pem`;
const name = (text: string) => sha256(`${text}\n`).slice(0, 16);

t.test('a new pair: whole, closed and on the disk before the link leads to it, then the proxy is told', async (t) => {
  const box = sandbox(t, { certbot: gives('new'), shows: 'printf "new\\n"' });
  const { status, stderr } = box.run();
  t.equal(status, 0, stderr);
  t.equal(box.current(), name('new'));
  t.same(box.log(), [
    'docker rm -f',
    'docker run --rm',
    'sync privkey.pem',
    'sync fullchain.pem',
    'link over . 700 fullchain.pem 400 privkey.pem 400',
    `docker exec ${certificateSpec(input().config).container}`,
  ]);
  t.equal(readFileSync(box.at('tls/current/privkey.pem'), 'utf8'), 'key\n');
  t.same(box.folders(), [name('new'), 'current', 'placeholder'].sort(), 'the one before is kept');
});

t.test('the generation before the last one goes', async (t) => {
  const box = sandbox(t, { certbot: gives('second'), shows: 'printf "second\\n"' });
  mkdirSync(box.at('tls/ancient'));
  utimesSync(box.at('tls/ancient'), 1, 1);
  t.equal(box.run().status, 0);
  t.same(box.folders(), [name('second'), 'current', 'placeholder'].sort());
});

t.test('a certificate that is not due is left as it is; the proxy is told all the same', async (t) => {
  const box = sandbox(t, { certbot: gives('same'), shows: 'printf "same\\n"' });
  t.equal(box.run().status, 0);
  const { ino } = statSync(box.at('tls/current/fullchain.pem'));
  const before = box.log().length;
  t.equal(box.run().status, 0);
  t.equal(statSync(box.at('tls/current/fullchain.pem')).ino, ino);
  t.match(box.log().slice(before), ['docker rm -f', 'docker run --rm', /^docker exec/]);
  t.equal(box.log().length, before + 3);
});

t.test('a failure of certbot leaves the old pair in force, and the proxy alone', async (t) => {
  const box = sandbox(t, { certbot: `${gives('half')}; exit 1`, shows: 'printf "half\\n"' });
  t.not(box.run().status, 0);
  t.equal(box.current(), 'placeholder');
  t.same(box.log(), ['docker rm -f', 'docker run --rm']);
});

t.test('a pair without its key is not put in place', async (t) => {
  const box = sandbox(t, { certbot: "printf 'new\\n' > $live/fullchain.pem", shows: 'printf "new\\n"' });
  t.not(box.run().status, 0);
  t.equal(box.current(), 'placeholder');
  t.notMatch(box.log().join('\n'), /exec/);
});

t.test('a certificate that cannot be read is not put in place', async (t) => {
  const box = sandbox(t, {
    certbot: 'printf "key\\n" > $live/privkey.pem; mkdir $live/fullchain.pem',
    shows: 'printf "new\\n"',
  });
  t.not(box.run().status, 0);
  t.equal(box.current(), 'placeholder');
  t.same(box.folders(), ['current', 'placeholder'], 'and nothing lies beside the others');
});

t.test('cut off before the link, the next run puts the same pair in place', async (t) => {
  const box = sandbox(t, { certbot: gives('new'), shows: 'printf "new\\n"' });
  mkdirSync(box.at(`tls/${name('new')}`));
  writeFileSync(box.at(`tls/${name('new')}/privkey.pem`), 'half');
  t.equal(box.run().status, 0);
  t.equal(readFileSync(box.at('tls/current/privkey.pem'), 'utf8'), 'key\n');
  t.equal(readFileSync(box.at('tls/current/fullchain.pem'), 'utf8'), 'new\n');
});

t.test('a proxy that goes on showing the old one is a failure', async (t) => {
  const box = sandbox(t, { certbot: gives('new'), shows: 'printf "old\\n"' });
  t.match(box.run(), { status: 1, stderr: /the proxy does not show the new certificate/ });
});

t.test('certbot gets what it needs and no more: no rights, no host, little memory', (t) => {
  const spec = certificateSpec(input().config);
  const { options, image, certbot } = dockerRun(obtainScript(spec, { force: false }));
  t.strictSame(options, [
    ...['--rm', '--name gitea-runbooks-certbot', `--network ${spec.network}`, `--user ${spec.uid}:${spec.uid}`],
    ...['--read-only', '--tmpfs /tmp:mode=1777', '--cap-drop ALL', '--security-opt no-new-privileges'],
    ...[
      '--memory 256m',
      '--pids-limit 64',
      `-v ${spec.stateDirectory}:/etc/letsencrypt`,
      `-v ${spec.webroot}:/webroot`,
    ],
  ]);
  t.equal(image, spec.image);
  const asked = `certonly --non-interactive --agree-tos --no-eff-email --email ${spec.email} --webroot --webroot-path /webroot --cert-name ${spec.domain} --domain ${spec.domain} --server ${spec.server}`;
  const kept = '--config-dir /etc/letsencrypt --work-dir /tmp/work --logs-dir /tmp/logs';
  t.equal(certbot, `${asked} --keep-until-expiring ${kept}`);
  const other = dockerRun(obtainScript({ ...spec, profile: 'shortlived', caBundle: '/etc/ca.pem' }, { force: true }));
  t.equal(other.certbot, `${asked} --force-renewal --preferred-profile shortlived ${kept}`);
  t.strictSame(other.options.slice(options.length), ['-v /etc/ca.pem:/ca.pem:ro', '-e REQUESTS_CA_BUNDLE=/ca.pem']);
  t.end();
});
