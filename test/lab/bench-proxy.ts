// What the proxy costs those who work with Gitea, and what its restarts cost them.
import { byNpx, measure } from './bench-run.ts';
import { median, type Row, row } from './bench-table.ts';
import type { Lab } from './lab.ts';
import { makePerson } from './sign-ins.ts';
import { variant } from './suite.ts';
import { traffic } from './traffic.ts';

/**
 * The same client, in Gitea's own container, once straight to Gitea and once through the proxy with TLS, in turn. Each line of
 * the answer: what, which way, seconds. The password goes in by the environment.
 */
const script = (lab: Lab, runs: number) => `domain=${lab.domain}
export PASSWORD; read -r PASSWORD
docker exec -i -e PASSWORD gitea-gitea-1 bash -s <<'END'
cd "$(mktemp -d)"
person=$(printf '%s' "$PASSWORD" | cut -d: -f1)
direct=http://172.31.250.3:3000
proxied=https://${lab.domain}:8443
ask() { curl -sk --resolve ${lab.domain}:8443:172.31.250.2 "$@"; }
both() { for way in direct proxied; do "$1" "$way" "\${!way}"; done; }
page() { echo "page $1 $(ask -o /dev/null -w '%{time_total}' "$2/user/login")"; }
api() { echo "signin $1 $(ask -o /dev/null -w '%{time_total}' -u "$PASSWORD" "$2/api/v1/user")"; }
copy() {
  began=$(date +%s%N)
  git -c http.sslVerify=false -c http.curloptResolve=${lab.domain}:8443:172.31.250.2 clone -q "$2/$person/bench.git" "$1" || exit 1
  echo "clone $1 $(( ($(date +%s%N) - began) / 1000000 ))e-3"
  rm -rf "$1"
}
ask -o /dev/null -u "$PASSWORD" -H 'content-type: application/json' -d '{"name":"bench"}' "$direct/api/v1/user/repos"
git init -q -b main first && cd first && head -c 8m /dev/urandom > file && git add . && git -c user.name=t -c user.email=t@lab.test commit -qm one
git push -q "http://$PASSWORD@172.31.250.3:3000/$person/bench.git" main && cd ..
for i in $(seq ${10 * runs}); do both page; done
for i in $(seq ${2 * runs}); do both api; done
for i in $(seq ${2 * runs}); do both copy; done
END`;

/** Pages, sign-ins and clones through the proxy and without it. */
export async function throughProxy(lab: Lab, runs: number, say: (text: string) => void): Promise<Row[]> {
  say('pages, sign-ins and clones, through the proxy and straight to Gitea');
  const { name, password } = await makePerson(lab, `bench${Date.now()}`);
  const { code, stdout, stderr } = await lab.exec('gitea-host-1', script(lab, runs), {
    input: `${name}:${password}\n`,
  });
  if (code !== 0) throw new Error(`the timings through the proxy failed: ${stderr}`);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  const seconds = (what: string, way: string) =>
    lines.flatMap(([one, by, took]) => (one === what && by === way ? [Number(took)] : []));
  return [
    ['page', 'a page (sign-in form)'],
    ['signin', 'sign-in with a password (API)'],
    ['clone', 'clone of 8 MiB'],
  ].flatMap(([what = '', title = '']) => {
    const [direct, proxied] = [seconds(what, 'direct'), seconds(what, 'proxied')];
    const more = ((median(proxied) - median(direct)) * 1000).toFixed(0);
    return [
      row(`${title}: Gitea directly`, 's', direct),
      row('  through the proxy, with TLS', 's', proxied, { note: `${more} ms more` }),
    ];
  });
}

/** Traffic of all kinds while deploys restart Gitea. */
export async function restarts(lab: Lab, runs: number, say: (text: string) => void): Promise<Row[]> {
  say(`${runs} restarts of Gitea by deploys, with traffic`);
  const other = await variant(lab, 'bench-restart', { 'gitea.title': 'Bench' });
  const stop = await traffic(lab);
  for (let run = 0; run < runs + (runs % 2); run++) {
    const config = run % 2 === 0 ? other : lab.configPath;
    await measure([...byNpx('deploy'), '--config', config, '--yes', '--json']);
  }
  const { done, wrong, waited } = await stop();
  const note = `${done.length} pages, posts, uploads, pushes over HTTPS and SSH, and clones; ${waited} took longer than 1.5 s`;
  return [
    row('failed, lost or done twice over restarts of Gitea', '', [wrong.length], { target: 0, note }),
    row('  slowest of them', 's', [Math.max(...done.map(({ took }) => took)) / 1000]),
  ];
}
