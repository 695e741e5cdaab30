import { compareVersions, parseImage, parseVersion } from '../config/grammar/index.ts';
import { sha256 } from '../core/hash.ts';
import { quote } from '../core/quote.ts';
import type { HoldSpec, LeftoversSpec, ReloadSpec } from '../core/spec.ts';
import { render } from '../render/render.ts';
import { composeWord } from '../render/words.ts';
import { addressesOf, numbers } from './addresses.ts';
import { healthOf } from './health.ts';
import { containers, dataPaths, users } from './layout.ts';
import type { DesiredInput, Phase } from './phase.ts';
import { specsOf } from './specs.ts';

const name = 'proxy';
const { file, directory } = specsOf(name);

/** What is being served may end. */
const grace = 30;

/** As the container sees it. A folder is mounted rather than the file, so that a replaced file is seen. */
const mounted = '/etc/nginx/runbooks';
const configFile = `${mounted}/nginx.conf`;
const nginx = ['nginx', '-e', 'stderr', '-c', configFile];

/** Tells the running Nginx to take up its configuration and certificate; a word list for `docker exec`. */
export const reloadWords = [...nginx, '-s', 'reload'];

/** Nginx: its folders and configuration here, its service in the compose file. */
export const proxy: Phase = {
  name,
  needs: ['gitea'],
  desired: (input) => {
    const paths = dataPaths(input.config);
    const { domain } = input.config;
    return [
      directory(paths.nginx),
      directory(paths.tls, '0700', users.proxy),
      directory(paths.letsencrypt, '0700', users.proxy),
      directory(paths.acme, '0755', users.proxy),
      ...scripts(input).map(({ file: name, text }) => file(`${paths.nginx}/${name}`, text, { impact: 'reload' })),
      file(`${paths.nginx}/nginx.conf`, nginxConfig(input).text, { impact: 'reload', validate: validateScript }),
      { kind: 'placeholder', id: `placeholder:${domain}`, phase: name, domain, directory: paths.tls, uid: users.proxy },
    ];
  },
  services: ({ images, gitea: { sshPort } }) => [
    {
      name,
      image: images.nginx,
      impact: 'restart',
      address: numbers.proxy,
      ports: [80, 443, sshPort],
      uses: ['gitea'],
      grace,
      memory: { least: 128, share: 1 / 32, most: 512 },
      text: proxyService,
    },
  ],
  networks: () => [
    {
      name: 'frontend',
      text: ({ config, assets }) =>
        render('compose/frontend.yaml', assets.templates('compose/frontend.yaml'), {
          addresses: addressesOf(config.network.subnet),
        }),
    },
  ],
  hold: holdOf,
  afterStart: (input, phase) => [nginxReload(input, phase), oldScripts(input, phase)],
};

/**
 * A running Nginx judges the candidate before it takes its place. Only a container that is down or restarting, perhaps for
 * the very file that is to be replaced, has no say: it must not keep the old one in force. One that runs and cannot judge,
 * because a disk is full, refuses.
 */
const validateScript = `container=${quote(containers.proxy)}
runs() { [ "$(docker inspect -f '{{and .State.Running (not .State.Restarting)}}' "$container" 2>/dev/null)" = true ]; }
runs || exit 0
docker exec -i "$container" sh -c ${quote(
  'f=$(mktemp /tmp/candidate.XXXXXX) && cat > "$f" && s=0 || s=43; [ $s -ne 0 ] || nginx -e stderr -t -q -c "$f" || s=42; rm -f "$f"; exit $s',
)} < "$1"
s=$?
case $s in
0) exit 0 ;;
42) exit 1 ;;
43) echo "the proxy could not take the new configuration in for a check: is its /tmp full? docker exec $container df /tmp" >&2; exit 1 ;;
esac
runs || exit 0
echo "the new configuration could not be checked (docker exec: exit code $s)" >&2
exit 1`;

/** In Nginx's folder, and known to its scripts' leftovers: one that was left behind goes with the next deploy. */
const flag = 'hold';

/** Inside the proxy: the way of connections that never end by themselves. */
const endless = '/tmp/events.sock';

/** How the proxy keeps requests and SSH connections while Gitea, or the database behind it, is restarted. */
function holdOf({ config }: DesiredInput): HoldSpec {
  const { gitea: address } = addressesOf(config.network.subnet);
  return {
    flag: `${dataPaths(config).nginx}/${flag}`,
    service: name,
    proxy: containers.proxy,
    of: ['gitea', 'database'],
    address,
    // HTTP and SSH.
    ports: [3000, 2222],
    endless,
    health: `http://${address}:3000/api/healthz`,
    patience: config.proxy.restartPatience,
  };
}

const scriptNames = ['hold', 'guesses'] as const;

/**
 * What Nginx runs of its own JavaScript. A name follows from its text: the configuration in force goes on finding the one
 * that it was tested with, also when Nginx refuses the next.
 */
function scripts({ config, assets }: DesiredInput) {
  const values = {
    gitea: addressesOf(config.network.subnet).gitea,
    flag: `${mounted}/${flag}`,
    limit: config.proxy.loginRequestsPerMinute,
  };
  return scriptNames.map((name) => {
    const template = `nginx/${name}.js`;
    const text = render(template, assets.templates(template), values);
    return { name, text, file: `${name}.${sha256(text).slice(0, 12)}.js` };
  });
}

/** Scripts of configurations that are in force no more. */
export function oldScripts(input: DesiredInput, phase: string): LeftoversSpec {
  const { nginx: directory } = dataPaths(input.config);
  return {
    kind: 'leftovers',
    id: `leftovers:${directory}`,
    phase,
    directory,
    stems: scriptNames,
    keep: scripts(input).map(({ file: name }) => name),
  };
}

/** Without apostrophes: it stands between two in the configuration. */
const unavailable = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="15"><title>Gitea is starting</title><p>Gitea is starting or being updated. This page tries again by itself.</p>\\n`;

/**
 * Whether Nginx keeps connections to Gitea open unless it is told not to: from 1.29.7 on. An older one does not know how to
 * be told, and would not start.
 */
function keepsByItself(image: string): boolean {
  const version = parseVersion(parseImage(image)?.tag ?? '');
  return version === undefined || compareVersions(version.numbers, [1, 29, 7]) >= 0;
}

/** The configuration and its hash, which the running Nginx tells at /config. The hash is that of the text without it. */
export function nginxConfig(input: DesiredInput): { text: string; hash: string } {
  const { config, facts, assets } = input;
  const template = 'nginx/nginx.conf';
  const values = {
    workers: Math.min(4, Math.max(1, facts.cpus)),
    domain: config.domain,
    // Nginx takes the unit in either case; 0 switches the limit off.
    maxUploadSize: config.proxy.maxUploadSize,
    loginRequestsPerMinute: config.proxy.loginRequestsPerMinute,
    // A typing error or two in a row must not be answered with 429.
    loginBurst: Math.max(2, Math.ceil(config.proxy.loginRequestsPerMinute / 2)),
    addresses: addressesOf(config.network.subnet),
    keepsByItself: keepsByItself(config.images.nginx),
    flag: `${mounted}/${flag}`,
    endless,
    page: unavailable,
    files: Object.fromEntries(scripts(input).map(({ name, file: script }) => [name, `${mounted}/${script}`])),
  };
  const fill = (hash: string) => render(template, assets.templates(template), { ...values, hash });
  const hash = sha256(fill(''));
  return { text: fill(hash), hash };
}

export function nginxReload(input: DesiredInput, phase: string): ReloadSpec {
  const { proxy: address } = addressesOf(input.config.network.subnet);
  return {
    kind: 'reload',
    id: `reload:${containers.proxy}`,
    phase,
    container: containers.proxy,
    url: `http://${address}:8081/config`,
    hash: nginxConfig(input).hash,
    test: [...nginx, '-t', '-q'],
    reload: reloadWords,
  };
}

/** The service `proxy` of the compose file. */
function proxyService(input: DesiredInput, limitMiB: number): string {
  const template = 'compose/proxy.yaml';
  const { config } = input;
  return render(template, input.assets.templates(template), {
    q: composeWord,
    image: config.images.nginx,
    limitMiB,
    grace,
    configFile,
    sshPort: config.gitea.sshPort,
    addresses: addressesOf(config.network.subnet),
    paths: dataPaths(config),
    health: healthOf(input),
  });
}
