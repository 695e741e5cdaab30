import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import { nginxConfig, nginxReload, oldHoldScripts, proxy } from '../../../lib/phases/proxy.ts';
import { input } from './input.ts';

t.test('the hash is that of the text without it, and stands in the text once', async (t) => {
  const { text, hash } = nginxConfig(input());
  t.equal(text.split(hash).length, 2);
  t.equal(sha256(text.replace(hash, '')), hash);
  t.equal(nginxReload(input(), 'x').hash, hash);
});

t.test('another value in the config is another hash', async (t) => {
  const other = nginxConfig(input({ config: { proxy: { maxUploadSize: '1g' } } }));
  t.not(other.hash, nginxConfig(input()).hash);
  t.match(other.text, /client_max_body_size 1g;/);
});

t.test('Nginx runs without root: nothing but /tmp is written, no low port', async (t) => {
  const { text } = nginxConfig(input());
  t.notMatch(text, /^\s*user /m);
  for (const [, port] of text.matchAll(/listen (\d+)/g)) t.ok(Number(port) > 1024, `port ${port}`);
  for (const [, path] of text.matchAll(/(?:_temp_path|pid) (\S+);/g)) t.match(path, /^\/tmp\//);
});

t.test('headers that a client must not set are replaced, and no location drops the list', async (t) => {
  const { text } = nginxConfig(input());
  for (const name of [
    'X-WEBAUTH-USER',
    'X-WEBAUTH-EMAIL',
    'X-WEBAUTH-FULLNAME',
    'Forwarded',
    'X-Gitea-Internal-Auth',
  ]) {
    t.match(text, `proxy_set_header ${name} "";`);
  }
  for (const name of ['X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Real-IP'])
    t.match(text, `proxy_set_header ${name} `);
  // Nginx: one proxy_set_header or add_header in a location, and it inherits none.
  for (const [, body] of text.matchAll(/location [^{]*\{([^}]*)\}/g)) t.notMatch(body, /proxy_set_header|add_header/);
});

t.test('the log has no query string, referer or user', async (t) => {
  const [, format = ''] = /log_format([^;]*);/.exec(nginxConfig(input()).text) ?? [];
  t.match(format, '$logged_path');
  t.notMatch(format, /\$request[^_]|\$request_uri|\$args|\$http_referer|\$remote_user/);
});

t.test('who comes while Gitea restarts waits, but nothing is sent twice of which Gitea may have a part', async (t) => {
  const { text } = nginxConfig(input());
  const locations = new Map([...text.matchAll(/location ([^{]*) \{([^}]*)\}/g)].map(([, name, body]) => [name, body]));
  t.match(text, /\n {8}error_page 502 503 504 = @hold;\n {8}recursive_error_pages on;/);
  t.match(text, /\n {8}proxy_request_buffering off;/, 'a push flows through');
  t.match(locations.get('~ ^/user/login/*$'), /proxy_request_buffering on;\s+error_page 502 503 504 = @hold_form;/);
  t.match(
    locations.get('= /api/healthz'),
    /error_page 502 503 504 =503 @unavailable;/,
    'whoever watches is told at once',
  );
  t.match(
    locations.get('@again'),
    /error_page 502 503 504 =503 @unavailable;\s+proxy_pass http:\/\/gitea;/,
    'one more try',
  );
  t.match(locations.get('@hold'), 'js_content hold.waitIfBodiless;');
  t.match(locations.get('@hold_form'), 'js_content hold.wait;');
});

t.test('the script that Nginx is told to use is there before it is told so, and it alone', async (t) => {
  const specs = proxy.desired(input());
  const [, name] =
    /js_import hold from \/etc\/nginx\/runbooks\/(hold\.[0-9a-f]{12}\.js);/.exec(nginxConfig(input()).text) ?? [];
  const at = (end: string | undefined) => specs.findIndex(({ id }) => id === `file:/srv/gitea/nginx/${end}`);
  t.ok(at(name) >= 0 && at(name) < at('nginx.conf'), String(name));
  t.match(oldHoldScripts(input(), 'x'), { directory: '/srv/gitea/nginx', stems: ['hold'], keep: [name] });
});

t.test('workers follow the processors, up to four', async (t) => {
  for (const [cpus, workers] of [
    [0, 1],
    [1, 1],
    [2, 2],
    [64, 4],
  ] as const) {
    t.match(nginxConfig(input({ facts: { cpus } })).text, `worker_processes ${workers};`);
  }
});

t.test('a candidate is refused only by Nginx itself', async (t) => {
  const conf = proxy.desired(input()).find(({ id }) => id.endsWith('nginx.conf'));
  if (conf?.kind !== 'file') throw new Error('no nginx.conf');
  const root = t.testdir({});
  const verdict = (running: string, execCode: number) => {
    writeFileSync(
      `${root}/docker`,
      `#!/bin/sh\ncase $1 in inspect) echo ${running};; exec) cat > ${root}/seen; exit ${execCode};; esac\n`,
    );
    chmodSync(`${root}/docker`, 0o755);
    writeFileSync(`${root}/candidate`, 'the candidate');
    const env = { PATH: `${root}:${process.env.PATH}` };
    return spawnSync('sh', ['-c', conf.validate ?? 'exit 9', 'sh', `${root}/candidate`], { env }).status;
  };
  t.equal(verdict('false', 42), 0, 'not running: taken');
  t.equal(verdict('', 42), 0, 'no container: taken');
  t.equal(verdict('true', 0), 0, 'Nginx accepts it');
  t.equal(verdict('true', 42), 1, 'Nginx refuses it');
  t.equal(verdict('true', 126), 0, 'the container went away: taken');
});
