// What an instance is known by, and somebody who works with it: is it the same one on another host?
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Test } from 'tap';
import { quote } from '../../lib/core/quote.ts';
import type { Lab } from './lab.ts';

/** Runs a script in the host that must succeed; gives its output without the last line end. */
type On = (script: string) => Promise<string>;

/** What tells one instance from another that looks like it. */
export async function identity(on: On) {
  const ask = (sql: string) => `docker exec gitea-database-1 psql -U postgres -d gitea -tAc ${quote(sql)}`;
  return {
    database: await on(ask('select system_identifier from pg_control_system()')),
    users: await on(ask('select id, name, created_unix from "user" order by id')),
    repositories: await on(ask('select id, name from repository order by id')),
    certificate: await on('sha256sum < /srv/gitea/tls/current/fullchain.pem'),
  };
}

/** Somebody with a repository, on an instance in the lab. */
export async function person(
  t: Pick<Test, 'testdir'>,
  { caPath }: Pick<Lab, 'caPath'>,
  { on, domain, address }: { readonly on: On; readonly domain: string; readonly address: string },
  name: string,
) {
  const gitea = 'docker exec gitea-gitea-1 gitea admin user';
  await on(
    `${gitea} create --username ${name} --email ${name}@lab.test --random-password --must-change-password=false`,
  );
  const scopes = '--scopes write:repository,write:user --raw --token-name t';
  const token = (await on(`${gitea} generate-access-token --username ${name} ${scopes}`)).split('\n').at(-1);
  const api = `curl -fsSk --resolve ${domain}:443:127.0.0.1 -H 'Authorization: token ${token}' https://${domain}/api/v1`;
  await on(`${api}/user/repos -H 'content-type: application/json' -d '{"name":"work"}' >/dev/null`);
  const dir = t.testdir({ 'README.md': 'still here?\n' });
  const remote = `https://${name}:${token}@${domain}/${name}/work.git`;
  const options = [
    `http.curloptResolve=${domain}:443:${address}`,
    `http.sslCAInfo=${caPath}`,
    'user.name=t',
    'user.email=t@lab.test',
  ];
  const git = (...words: string[]) =>
    promisify(execFile)('git', [...options.flatMap((option) => ['-c', option]), ...words], {
      cwd: dir,
      // What the machine's own environment says about trust must not win.
      env: { ...process.env, GIT_SSL_CAINFO: caPath },
    });
  return {
    async push() {
      await git('init', '-q', '-b', 'main');
      await git('add', '.');
      await git('commit', '-qm', 'one', '--allow-empty');
      await git('push', '-qf', remote, 'main');
      const head = (await git('rev-parse', 'HEAD')).stdout.trim();
      return { head, remoteHead: async () => (await git('ls-remote', remote, 'main')).stdout.split('\t')[0] };
    },
  };
}
