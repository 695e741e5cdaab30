// People who sign in all the time, and Gitea's own login to the database tried again and again: what a change does to both.
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { isIP } from 'node:net';
import type { Lab } from './lab.ts';
import { inside } from './suite.ts';

export interface Person {
  readonly name: string;
  readonly password: string;
}

/** An account whose password is known, as a person has one. */
export async function makePerson(lab: Lab, name: string): Promise<Person> {
  const said = await inside(
    lab,
    `docker exec gitea-gitea-1 gitea admin user create --username ${name} --email ${name}@lab.test --random-password --random-password-length 24 --must-change-password=false`,
  );
  return { name, password: /generated random password is '(.+)'/.exec(said)![1]! };
}

interface Answer {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly body: string;
}

/** One request on a connection of its own; one that fails has the status 0. */
async function ask(
  lab: Lab,
  ca: string,
  path: string,
  headers: Record<string, string>,
  form?: string,
): Promise<Answer> {
  const { address } = lab.hosts[0]!;
  return new Promise((resolve) => {
    const sent = request(
      {
        ...{ host: lab.domain, path, ca, agent: false, timeout: 60_000, method: form === undefined ? 'GET' : 'POST' },
        lookup: (_name, options, done) =>
          options.all ? done(null, [{ address, family: isIP(address) }]) : done(null, address, isIP(address)),
        headers:
          form === undefined
            ? headers
            : {
                ...headers,
                'content-type': 'application/x-www-form-urlencoded',
                'content-length': Buffer.byteLength(form),
              },
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        const cookies = (response.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]!);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, cookies, body }));
        response.on('error', () => resolve({ status: 0, cookies, body }));
      },
    );
    sent.on('timeout', () => sent.destroy()).on('error', () => resolve({ status: 0, cookies: [], body: '' }));
    sent.end(form);
  });
}

/** What came of a sign-in, and how long it took in milliseconds. */
export interface SignIn {
  readonly way: 'form' | 'API';
  readonly status: number;
  readonly at: number;
  readonly took: number;
}

/** Signs in by the form, as a browser does: 200 for one that is let in, 401 for one that is not, or what the proxy says. */
export async function signIn(lab: Lab, { name, password }: Person): Promise<number> {
  const ca = await readFile(lab.caPath, 'utf8');
  const page = await ask(lab, ca, '/user/login', {});
  if (page.status !== 200) return page.status;
  const csrf = /name="_csrf" value="([^"]*)"/.exec(page.body)?.[1] ?? '';
  const fields = new URLSearchParams({ _csrf: csrf, user_name: name, password });
  const { status } = await ask(lab, ca, '/user/login', { cookie: page.cookies.join('; ') }, String(fields));
  // A sign-in that succeeds leads on to another page; the form once more means that the password was not taken.
  return status === 303 || status === 302 ? 200 : status === 200 ? 401 : status;
}

/** Signs in by the form as a browser does and by the API with the password, each again as soon as it is through. */
export async function watchSignIns(lab: Lab, person: Person): Promise<() => Promise<readonly SignIn[]>> {
  const ca = await readFile(lab.caPath, 'utf8');
  const found: SignIn[] = [];
  let going = true;
  const basic = { authorization: `Basic ${Buffer.from(`${person.name}:${person.password}`).toString('base64')}` };
  const api = async () => (await ask(lab, ca, '/api/v1/user', basic)).status;
  const again = async (way: SignIn['way'], work: () => Promise<number>) => {
    while (going) {
      const at = Date.now();
      const status = await work();
      found.push({ way, status, at, took: Date.now() - at });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const loops = [again('form', () => signIn(lab, person)), again('API', api)];
  return async () => {
    going = false;
    await Promise.all(loops);
    return found;
  };
}

export const refused = (all: readonly SignIn[]) => all.filter(({ status }) => status !== 200);

/** The counts in one line: for reports. */
export function summary(all: readonly SignIn[]): string {
  const bad = refused(all);
  const slowest = Math.max(0, ...all.map(({ took }) => took));
  const codes = [...new Set(bad.map(({ status }) => status))].map(
    (code) => `${bad.filter(({ status }) => status === code).length}x ${code}`,
  );
  const span =
    bad.length === 0 ? '' : ` over ${((bad.at(-1)!.at - bad[0]!.at) / 1000).toFixed(1)} s (${codes.join(', ')})`;
  return `${all.length} sign-ins, ${bad.length} refused${span}, slowest ${(slowest / 1000).toFixed(1)} s`;
}

const loginsScript = `rm -f /root/logins /root/logins.stop
docker rm -f logins >/dev/null 2>&1
image=$(docker inspect -f '{{.Config.Image}}' gitea-database-1)
docker run -d --name logins --network gitea_backend --entrypoint sleep "$image" infinity >/dev/null
# A container is entered without Docker, which would cost ten times as much as the login.
cat > /root/logins.sh <<'END'
client=$(docker inspect -f '{{.State.Pid}}' logins)
gitea=0
while [ ! -e /root/logins.stop ]; do
  sleep 0.1
  [ -e "/proc/$gitea/root/etc/gitea/app.ini" ] || gitea=$(docker inspect -f '{{.State.Pid}}' gitea-gitea-1 2>/dev/null)
  held=$(sed -n '/^\\[database\\]/,/^\\[/{s/^USER = //p;s/^PASSWD = //p}' "/proc/$gitea/root/etc/gitea/app.ini" 2>/dev/null) || continue
  if said=$(printf '%s\\n' "$held" | nsenter -t "$client" -m -n sh -c 'read -r PGUSER; read -r PGPASSWORD; export PGUSER PGPASSWORD; psql -h database -d gitea -XtAc "select current_user"' 2>&1); then
    echo "good $said" >> /root/logins
  else
    echo "bad $said" >> /root/logins
  fi
done
rm -f /root/logins.stop
END
setsid sh /root/logins.sh >/dev/null 2>&1 < /dev/null &`;

/**
 * Logs in to the database with what the running Gitea has in its hands at that moment, over the network that it uses,
 * again and again. Gives how often that was let in, and what was said when not.
 */
export async function watchLogins(lab: Lab): Promise<() => Promise<{ good: number; bad: string[] }>> {
  await inside(lab, loginsScript);
  return async () => {
    await inside(
      lab,
      'touch /root/logins.stop; for i in $(seq 100); do [ -e /root/logins.stop ] || break; sleep 0.1; done; docker rm -f logins >/dev/null',
    );
    const lines = (await inside(lab, 'cat /root/logins')).trim().split('\n');
    const good = lines.filter((line) => line === 'good gitea').length;
    return { good, bad: lines.filter((line) => line !== 'good gitea') };
  };
}

/** What the host's clock says: the beginning of what a test wants to know. */
export const hostTime = async (lab: Lab) => (await inside(lab, 'date -u +%Y-%m-%dT%H:%M:%S.%NZ')).trim();

/**
 * Lines of the database's log since then that tell of a login which was not let in. The lab is one for all files, so
 * the log of a container may tell of logins that another file's tests had refused on purpose.
 */
export async function refusedByDatabase(lab: Lab, since: string, host?: string): Promise<string[]> {
  const log = await inside(lab, `docker logs --since ${since} gitea-database-1 2>&1`, host);
  return log
    .split('\n')
    .filter((line) => /authentication failed|role ".*" does not exist|not permitted to log in/.test(line));
}
