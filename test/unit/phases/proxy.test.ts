import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import { nginxConfig, nginxReload, oldScripts, proxy } from '../../../lib/phases/proxy.ts';
import { input } from './input.ts';
import { http, locations, stream } from './nginx-text.ts';

t.test('the hash is that of the text without it, and stands in the text once', async (t) => {
  const { text, hash } = nginxConfig(input());
  t.equal(text.split(hash).length, 2);
  t.equal(sha256(text.replace(hash, '')), hash);
  t.equal(nginxReload(input(), 'x').hash, hash);
});

t.test('an Nginx that does not know how to be told to keep no connection is not told', async (t) => {
  const text = (nginx: string) => nginxConfig(input({ config: { images: { nginx } } })).text;
  for (const image of ['nginx:1.29.7', 'nginx:1.30.4-alpine', 'mirror.example.com/nginx:stable'])
    t.match(text(image).match(/keepalive 0;/g)?.length, 4, image);
  for (const image of ['nginx:1.29.6', 'nginx:1.28.0-alpine']) t.notMatch(text(image), /^\s*keepalive /m, image);
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
  for (const [name, body] of locations(text)) t.notMatch(body, /proxy_set_header|add_header/, name);
});

t.test('the log has no query string, referer or user', async (t) => {
  const formats = [...nginxConfig(input()).text.matchAll(/log_format([^;]*);/g)].map(([, format]) => String(format));
  t.equal(formats.length, 2);
  t.match(formats.at(-1), '$logged_path');
  for (const format of formats) t.notMatch(format, /\$request[^_]|\$request_uri|\$args|\$http_referer|\$remote_user/);
});

t.test('nothing new reaches Gitea while the flag lies there, and who watches is told at once', async (t) => {
  const { text } = nginxConfig(input());
  const { flag } = proxy.hold!(input());
  t.equal(flag, '/srv/gitea/nginx/hold');
  const all = locations(text);
  t.ok(all.size >= 9, [...all.keys()].join(' '));
  for (const [name, body] of all) {
    if (!/proxy_pass/.test(body) || /^@/.test(name)) continue;
    const held = /^ *if \(-f \/etc\/nginx\/runbooks\/hold\) \{\s+return 599;\s+\}/.test(body);
    t.equal(held, name !== '= /api/healthz', name);
  }
  t.match(all.get('= /api/healthz'), 'proxy_pass http://gitea_alone;');
  t.match(text, /\n {8}error_page 599 = @held;\n/);
  t.match(all.get('@held'), /^ *proxy_pass http:\/\/room;$/);
  for (const closed of ['~ ^/(metrics|api/internal)(/|$)']) t.match(all.get(closed), /^ *return 404;$/);
});

t.test('a request that Gitea does not take goes to the waiting room, and no connection is kept', async (t) => {
  const { text } = nginxConfig(input());
  const upstreams = new Map(
    [...http(text).matchAll(/upstream (\w+) \{([^}]*)\}/g)].map(([, name, body]) => [String(name), body]),
  );
  t.match(
    upstreams.get('gitea'),
    /server 172\.31\.250\.3:3000 max_fails=0;\s+server unix:\/tmp\/room\.sock backup max_fails=0;/,
  );
  for (const [name, body] of upstreams) t.match(body, 'keepalive 0;', name);
  t.notMatch(text, 'non_idempotent', 'nothing is sent twice of which Gitea may have a part');
  t.match(text, /\n {8}proxy_request_buffering off;/, 'a push flows through');
  t.match(upstreams.get('events'), `server unix:${proxy.hold!(input()).endless} `);
});

t.test('SSH: the client is told to Gitea, by both ways, and nobody waits or keeps a place for ever', async (t) => {
  const { text } = nginxConfig(input());
  const [front = '', room = ''] = stream(text)
    .split(/\n {4}server \{/)
    .slice(1);
  t.match(front, /listen 2222 so_keepalive=/);
  t.match(front, /\n {8}proxy_pass \$ssh_way;/);
  t.match(front, /\n {8}proxy_protocol on;/);
  t.notMatch(room, 'proxy_protocol', 'it is there already, and a second one would be a part of what the client says');
  t.match(room, /listen unix:\/tmp\/ssh_room\.sock;/);
  t.match(room, /js_access hold\.sshWait;[^}]*proxy_pass 172\.31\.250\.3:2222;/);
  for (const body of [front, room]) {
    t.match(body, /\n {8}limit_conn ssh_\w+ \d+;/);
    t.match(body, /\n {8}proxy_timeout 1h;/);
  }
  t.match(stream(text), /js_set \$ssh_way hold\.sshWay;/);
  const ways = new Map(
    [...stream(text).matchAll(/upstream (\w+) \{([^}]*)\}/g)].map(([, name, body]) => [String(name), body]),
  );
  t.match(
    ways.get('ssh'),
    /server 172\.31\.250\.3:2222 max_fails=0;\s+server unix:\/tmp\/ssh_room\.sock backup max_fails=0;/,
  );
  t.notMatch(ways.get('ssh_room'), '172.31', 'by the room alone');
  t.same(proxy.hold!(input()).ports, [3000, 2222], 'both are waited for');
});

t.test('a zone has one name in all of Nginx, and the script finds the one of its side', async (t) => {
  const { text } = nginxConfig(input());
  const zones = [...text.matchAll(/zone[= ](\w+)(?::| \d+k)/g)].map(([, name]) => String(name));
  t.same(zones, [...new Set(zones)]);
  t.ok(zones.includes('gate') && zones.includes('ssh_gate') && zones.length >= 11, zones.join(' '));
});

t.test('the waiting room', async (t) => {
  const spec = proxy.desired(input()).find(({ id }) => /nginx\/hold\./.test(id));
  if (spec?.kind !== 'file') throw new Error('no script');
  const values = new Map<string, number>();
  const seen = { until: 0, status: 503, asked: 0 };
  const gate = {
    get: (key: string) => values.get(key),
    set: (key: string, value: number) => void values.set(key, value),
    add: (key: string, value: number) => !values.has(key) && Boolean(values.set(key, value)),
    delete: (key: string) => values.delete(key),
  };
  const fetch = async () => {
    seen.asked++;
    return { status: seen.status };
  };
  // Time passes only while the script waits.
  let now = 1_800_000_000_000;
  const clock = () => now;
  const folder = t.testdir({
    'hold.mjs': String(spec.content)
      .replace("import fs from 'fs';", 'const { fs, ngx, Date, setTimeout } = globalThis.theRoom;')
      .replace("'/etc/nginx/runbooks/hold'", "'flag'"),
  });
  Object.assign(globalThis, {
    theRoom: {
      ...{ ngx: { shared: { gate }, fetch }, Date: { now: clock } },
      setTimeout: (done: () => void, ms: number) =>
        setImmediate(() => {
          now += ms;
          done();
        }),
      fs: {
        statSync: () => {
          if (seen.until === 0) throw new Error('ENOENT');
          return { mtimeMs: seen.until };
        },
      },
    },
  });
  const { default: room } = await import(`${folder}/hold.mjs`);
  const guest = async () => {
    const came = clock();
    return new Promise<{ code: number; waited: number }>((resolve) => {
      room.wait({ return: (code: number) => resolve({ code, waited: (clock() - came) / 1000 }) });
    });
  };
  const pusher = () =>
    new Promise<string>((resolve) => {
      room.sshWait({ allow: () => resolve('let on'), deny: () => resolve('sent away') });
    });
  seen.status = 200;
  t.equal((await guest()).code, 204, 'Gitea is there');
  t.equal(await pusher(), 'let on');
  t.equal(room.sshWay(), 'ssh');
  seen.until = clock() + 10_000;
  seen.asked = 0;
  t.equal(room.sshWay(), 'ssh_room', 'nothing new goes to Gitea by SSH either');
  const held = await guest();
  t.equal(held.code, 204, 'after the flag has run out, though nobody took it away');
  t.ok(held.waited >= 10, `${held.waited} s`);
  seen.until = clock() + 1_000_000;
  const late = await guest();
  t.equal(late.code, 403, 'nobody waits for ever');
  t.ok(late.waited >= 120, `${late.waited} s`);
  t.equal(values.get('outage'), undefined, 'which is no outage');
  seen.until = 0;
  seen.status = 424;
  const alone = await guest();
  t.equal(alone.code, 403);
  t.ok(alone.waited >= 25 && alone.waited < 100, `${alone.waited} s`);
  const next = await guest();
  t.equal(next.code, 403);
  t.ok(next.waited < 20, `the next one after ${next.waited} s`);
  t.equal(await pusher(), 'sent away');
  t.equal(room.sshWay(), 'ssh', 'tries first, and comes to the room when nobody is there');
  seen.status = 200;
  t.equal((await guest()).code, 204, 'back');
  t.equal(values.get('outage'), undefined);
  values.set('ok', clock() - 1000);
  seen.status = 503;
  const stale = guest();
  t.equal((await stale).code, 403, 'a good check from before he came lets nobody go on');
});

t.test('the scripts that Nginx is told to use are there before it is told so, and they alone', async (t) => {
  const specs = proxy.desired(input());
  const at = (end: string | undefined) => specs.findIndex(({ id }) => id === `file:/srv/gitea/nginx/${end}`);
  const used = nginxConfig(input()).text.matchAll(
    /js_import (\w+) from \/etc\/nginx\/runbooks\/(\1\.[0-9a-f]{12}\.js);/g,
  );
  const names = [...new Set([...used].map(([, , name]) => String(name)))];
  t.equal(names.length, 2);
  for (const name of names) t.ok(at(name) >= 0 && at(name) < at('nginx.conf'), name);
  t.match(oldScripts(input(), 'x'), { directory: '/srv/gitea/nginx', stems: ['hold', 'guesses'], keep: names });
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

t.test('a candidate is refused by Nginx itself, and where it cannot be judged', async (t) => {
  const conf = proxy.desired(input()).find(({ id }) => id.endsWith('nginx.conf'));
  if (conf?.kind !== 'file') throw new Error('no nginx.conf');
  const root = t.testdir({});
  const program = (name: string, text: string) => {
    writeFileSync(`${root}/${name}`, `#!/bin/sh\n${text}\n`);
    chmodSync(`${root}/${name}`, 0o755);
  };
  const verdict = (running: string, exec: string, after = running) => {
    program(
      'docker',
      `case $1 in inspect) [ -e ${root}/asked ] && echo ${after} || echo ${running}; touch ${root}/asked;; exec) shift 3; ${exec};; esac`,
    );
    writeFileSync(`${root}/candidate`, 'the candidate');
    rmSync(`${root}/asked`, { force: true });
    const env = { PATH: `${root}:${process.env.PATH}` };
    return spawnSync('sh', ['-c', conf.validate ?? 'exit 9', 'sh', `${root}/candidate`], { env }).status;
  };
  t.equal(verdict('false', 'exit 42'), 0, 'not running: taken');
  t.equal(verdict('', 'exit 42'), 0, 'no container: taken');
  t.equal(verdict('true', 'exit 126', 'false'), 0, 'the container went away: taken');
  t.equal(verdict('true', 'exit 126'), 1, 'it runs, and Docker cannot ask it: refused');
  // What runs inside the container, with another Nginx.
  program('nginx', 'grep -q "the candidate" "$6"');
  t.equal(verdict('true', '"$@"'), 0, 'Nginx accepts it');
  program('nginx', 'exit 1');
  t.equal(verdict('true', '"$@"'), 1, 'Nginx refuses it');
  program('nginx', 'exit 0');
  program('mktemp', 'echo "mktemp: No space left on device" >&2; exit 1');
  t.equal(verdict('true', '"$@"'), 1, 'no file can be made: refused');
  program('mktemp', 'echo /dev/full');
  program('rm', 'exit 0');
  t.equal(verdict('true', '"$@"'), 1, 'the disk is full: refused');
});
