// What is asked of Gitea: an account for as long as it takes, a directory taken for a repository, objects of LFS.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { asAdministrator } from '../../../lib/jobs/restore/repository/account.ts';
import { adopt, giveObjects } from '../../../lib/jobs/restore/repository/http.ts';
import { fails, played, says } from './backups.ts';

const config = { domain: 'git.example.com' } as Parameters<typeof asAdministrator>[1];

/** A Gitea that remembers its users. */
function users(email?: string) {
  let mine = email;
  const { host, commands } = played((command) => {
    if (command.includes('select json_build_object')) return says(mine === undefined ? '' : `{"email":"${mine}"}\n`);
    if (command.includes('user create')) mine = 'runbooks-restore@git.example.com';
    if (command.includes('user delete')) mine = undefined;
    return says(command.includes('generate-access-token') ? 'f00\n' : '');
  });
  return { host, commands, left: () => mine };
}

t.test('the account of a restore is gone when it is done, and when it has failed', async (t) => {
  const gitea = users();
  const said = await asAdministrator(gitea.host, config, async (authorization) => authorization);
  t.equal(Buffer.from(said.slice('Basic '.length), 'base64').toString(), 'runbooks-restore:f00');
  t.equal(gitea.left(), undefined);
  await t.rejects(
    asAdministrator(gitea.host, config, () => Promise.reject(new Error('x'))),
    { message: 'x' },
  );
  t.equal(gitea.left(), undefined);
});

t.test('one that a cut has left goes first; somebody of that name is left alone', async (t) => {
  const left = users('runbooks-restore@git.example.com');
  await asAdministrator(left.host, config, async () => {});
  const doings = left.commands.flatMap((one) => /user (create|delete)/.exec(one)?.[1] ?? []);
  t.same(doings, ['delete', 'create', 'delete']);
  const person = users('somebody@example.com');
  await t.rejects(
    asAdministrator(person.host, config, async () => {}),
    { exitCode: 22, message: /somebody has the name/ },
  );
  t.equal(person.left(), 'somebody@example.com');
});

t.test('no password of it gets into a message', async (t) => {
  const { host } = played((command) =>
    command.includes('user create') ? fails("generated random password is 'hunter2'\nCommand error: no") : says(''),
  );
  const error = await asAdministrator(host, config, async () => {}).catch((thrown) => thrown);
  t.match(error, { exitCode: 20, message: /Command error: no/ });
  t.notMatch(error.message, /hunter2/);
});

/** A server on this machine alone that answers each request and remembers them. */
async function door(t: Test, answer: (request: IncomingMessage, body: string) => { status: number; body?: unknown }) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      seen.push(`${request.method} ${request.url}${request.method === 'PUT' ? ` ${body}` : ''}`);
      const { status, body: said } = answer(request, body);
      response.writeHead(status).end(said === undefined ? '' : JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return {
    seen,
    door: { address: '127.0.0.1', port: (server.address() as AddressInfo).port, authorization: 'Basic x' },
  };
}

const target = { owner: 'alice', name: 'work' };

t.test('a directory becomes a repository, or why not is told in the words of Gitea', async (t) => {
  const fine = await door(t, () => ({ status: 204 }));
  await adopt(fine.door, target);
  t.same(fine.seen, ['POST /api/v1/admin/unadopted/alice/work']);
  const no = await door(t, () => ({ status: 500, body: { message: 'name is reserved' } }));
  await t.rejects(adopt(no.door, target), { exitCode: 20, message: /500 .*name is reserved/ });
  await t.rejects(adopt({ ...no.door, port: 1 }, target), { exitCode: 20, message: /ECONNREFUSED/ });
});

t.test('only those objects are sent that Gitea asks for, by the address that is reached from here', async (t) => {
  const objects = Array.from({ length: 101 }, (_, at) => ({ oid: String(at).padStart(64, '0'), size: 3 }));
  const folder = t.testdir(Object.fromEntries(objects.map(({ oid }) => [oid, 'abc'])));
  const { door: at, seen } = await door(t, (request, body) => {
    if (request.method === 'PUT') return { status: 200 };
    const asked = (JSON.parse(body) as { objects: typeof objects }).objects;
    const upload = (oid: string) => ({
      upload: { href: `https://git.example.com/alice/work.git/info/lfs/objects/${oid}/3` },
    });
    return {
      status: 200,
      body: { objects: asked.map((one) => (one === asked[0] ? { ...one, actions: upload(one.oid) } : one)) },
    };
  });
  t.equal(await giveObjects(at, target, objects, ({ oid }) => `${folder}/${oid}`), 2);
  t.equal(seen.filter((one) => one.startsWith('POST')).length, 2, 'a hundred at once');
  t.same(
    seen.find((one) => one.startsWith('PUT')),
    `PUT /alice/work.git/info/lfs/objects/${objects[0]!.oid}/3 abc`,
  );
  const refused = await door(t, () => ({
    status: 200,
    body: { objects: [{ ...objects[0], error: { message: 'too large' } }] },
  }));
  await t.rejects(
    giveObjects(refused.door, target, objects, () => ''),
    { exitCode: 20, message: /too large/ },
  );
});
