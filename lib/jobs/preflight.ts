import { spawnSync } from 'node:child_process';
import { isIP } from 'node:net';
import type { Config } from '../config/config.types.ts';
import type { CheckResult, CheckStatus } from '../core/event.ts';
import type { HostFacts } from '../core/facts.ts';
import { quote } from '../core/quote.ts';
import { distributionOf } from '../phases/distributions.ts';
import { certificateSpec } from '../phases/tls.ts';

interface Seen {
  readonly config: Config;
  readonly facts: HostFacts;
  /** What `preflightScript` printed. */
  readonly text: string;
  /** This machine's clock, seconds since 1970. */
  readonly now: number;
}

/** First host address of the registry that the images come from, or the mirror. */
function registryOf(config: Config): string {
  if (config.docker.registryMirror) return config.docker.registryMirror.replace(/\/$/, '');
  const first = config.images.gitea.split('/')[0]!;
  return first.includes('.') || first.includes(':') ? `https://${first}` : 'https://registry-1.docker.io';
}

const ports = (config: Config) => [80, 443, config.gitea.sshPort];

/** One script for all preflight questions; it prints `word<TAB>…` rows and writes nothing. `trust` is the text of tls.caBundle, or empty. */
export function preflightScript(config: Config, trust: string): string {
  const tls = certificateSpec(config);
  const wanted = ports(config)
    .map((port) => `sport = :${port}`)
    .join(' or ');
  const curl = `curl -sS -o /dev/null --max-time 10 -w '%{http_code}'`;
  return `tab=$(printf '\\t')
row() { out=$1; shift; for word in "$@"; do out="$out$tab$word"; done; printf '%s\\n' "$out"; }
df -Pm / /var/lib/docker ${quote(config.host.dataPath)} 2>/dev/null | awk 'NR>1 && !seen[$6]++ {print "disk\\t" $6 "\\t" $2 "\\t" $4}'
df -Pi / ${quote(config.host.dataPath)} 2>/dev/null | awk 'NR>1 && !seen[$6]++ {print "inodes\\t" $6 "\\t" $2 "\\t" $4}'
ss -Hltnp '( ${wanted} )' 2>/dev/null | awk '{print "port\\t" $4 "\\t" $6}'
row systemd "$(ps -p 1 -o comm= 2>/dev/null || cat /proc/1/comm)"
row timesync "$(timedatectl show -p NTPSynchronized --value 2>/dev/null)" "$(systemd-detect-virt --container 2>/dev/null)"
row include "$(grep -ciE '^[[:space:]]*Include[[:space:]]+/etc/ssh/sshd_config.d/' /etc/ssh/sshd_config 2>/dev/null)"
docker ps -a --format '{{.Names}}{{"\\t"}}{{.Label "com.docker.compose.project"}}{{"\\t"}}{{.Ports}}' 2>/dev/null | sed "s/^/container$tab/"
if command -v curl >/dev/null 2>&1; then
  row registry "$(${curl} ${quote(`${registryOf(config)}/v2/`)} 2>&1)"
  row acme "$(${curl} ${trust ? '--cacert /dev/stdin' : ''} ${quote(tls.server)} 2>&1 <<'__CA_END__'
${trust}
__CA_END__
)"
else
  row nocurl
fi
[ -e /run/gitea-runbooks/lock ] && ! flock -n /run/gitea-runbooks/lock true && row lock "$(cat /run/gitea-runbooks/lock.json 2>/dev/null)"
true`;
}

/** The findings as check results; pure but for one look at this machine's own git. */
export function preflight(seen: Seen): { results: CheckResult[]; deployed: boolean } {
  const found = seen.text.split('\n').map((line) => line.split('\t'));
  const rowsOf = (word: string) => found.filter(([first]) => first === word).map(([, ...rest]) => rest);
  const results = [
    ownGit(),
    distribution(seen),
    resources(seen),
    ...rowsOf('disk').map((row) => space('disk', row)),
    ...rowsOf('inodes').map((row) => space('inodes', row)),
    clock(seen, rowsOf('timesync')[0] ?? []),
    init(rowsOf('systemd')[0]?.[0] ?? ''),
    sshInclude(seen, rowsOf('include')[0]?.[0] ?? ''),
    ...portsTaken(seen, rowsOf('port'), rowsOf('container')),
    foreignContainers(rowsOf('container')),
    ...(rowsOf('nocurl').length > 0
      ? [result('registry', 'skip', 'image registry', 'the host has no curl yet; the deploy installs it')]
      : [
          reachable('registry', 'image registry', registryOf(seen.config), rowsOf('registry')[0]?.[0] ?? ''),
          reachable('acme', 'ACME server', certificateSpec(seen.config).server, rowsOf('acme')[0]?.[0] ?? ''),
        ]),
    address(seen.config),
    lockFree(rowsOf('lock')[0]?.[0] ?? ''),
  ];
  return {
    results,
    deployed: rowsOf('container').some(([name, project]) => project === 'gitea' && name?.startsWith('gitea-')),
  };
}

const result = (id: string, status: CheckStatus, title: string, detail: string, next?: string): CheckResult => ({
  id,
  title,
  status,
  detail,
  ...(next && status !== 'pass' ? { next } : {}),
  took: 0,
});

function ownGit(): CheckResult {
  const { status, stdout } = spawnSync('git', ['--version'], { encoding: 'utf8' });
  const version = /(\d+)\.(\d+)/.exec(stdout ?? '');
  const good = status === 0 && version !== null && (Number(version[1]) > 2 || Number(version[2]) >= 37);
  return result(
    'git',
    good ? 'pass' : 'fail',
    'git on this machine',
    stdout?.trim() || 'not found',
    'install git 2.37 or newer here: the checks from outside clone and push with it',
  );
}

function distribution({ facts }: Seen): CheckResult {
  try {
    distributionOf(facts);
    return result(
      'distribution',
      'pass',
      'distribution',
      `${facts.prettyName}, ${facts.architecture}, kernel ${facts.kernel}`,
    );
  } catch (error) {
    return result(
      'distribution',
      'fail',
      'distribution',
      `${facts.prettyName} is not supported`,
      (error as Error).message.split('Next: ')[1],
    );
  }
}

function resources({ facts }: Seen): CheckResult {
  const detail = `${facts.memoryMiB} MiB memory, ${facts.cpus} CPU${facts.cpus === 1 ? '' : 's'}, ${facts.swapMiB} MiB swap`;
  const status = facts.memoryMiB < 1700 ? 'fail' : facts.memoryMiB < 3600 ? 'warn' : 'pass';
  return result('memory', status, 'memory', detail, 'use a host with 4 GiB (2 GiB is the least, for very few users)');
}

/** Less than a tenth free is the point from which PostgreSQL, git and Docker start to fail in turn. */
function space(what: 'disk' | 'inodes', [mount = '', total = '', free = '']: readonly string[]): CheckResult {
  const share = Number(total) === 0 ? 100 : (100 * Number(free)) / Number(total);
  const unit = what === 'disk' ? ' MiB' : '';
  const status = share < 10 ? 'fail' : share < 20 ? 'warn' : 'pass';
  return result(
    `${what}:${mount}`,
    status,
    `${what === 'disk' ? 'free space' : 'free inodes'} on ${mount}`,
    `${Math.round(share)} % of ${total}${unit}`,
    `on the host: du -xh ${mount} | sort -h | tail; docker system df. Grow the disk or remove what is not needed`,
  );
}

function clock({ facts, now }: Seen, [synchronised = '', container = '']: readonly string[]): CheckResult {
  const skew = Math.abs(facts.clock - now);
  const detail = `${skew.toFixed(0)} s apart from this machine, ${synchronised === 'yes' ? 'synchronised' : container && container !== 'none' ? `kept by the ${container} host` : 'not synchronised'}`;
  const status = skew > 60 ? 'fail' : skew > 5 ? 'warn' : 'pass';
  return result(
    'clock',
    status,
    'clock',
    detail,
    'on the host: timedatectl; systemctl restart systemd-timesyncd. Certificates and tokens need the right time',
  );
}

function init(name: string): CheckResult {
  return result(
    'systemd',
    name === 'systemd' ? 'pass' : 'fail',
    'init system',
    name || 'unknown',
    'timers and units need systemd as process 1',
  );
}

function sshInclude({ config }: Seen, count: string): CheckResult {
  const good = !config.host.hardenSsh || Number(count) > 0;
  return result(
    'sshd',
    good ? 'pass' : 'fail',
    'sshd reads its drop-in folder',
    good ? 'yes' : 'no Include line',
    'add `Include /etc/ssh/sshd_config.d/*.conf` at the top of /etc/ssh/sshd_config, or set host.hardenSsh: false',
  );
}

function portsTaken({ config }: Seen, listening: readonly string[][], containers: readonly string[][]): CheckResult[] {
  const ours = containers
    .filter(([, project]) => project === 'gitea')
    .map(([, , published]) => published ?? '')
    .join(' ');
  return ports(config).map((port) => {
    const holder = listening.find(([local]) => local?.endsWith(`:${port}`));
    const free = holder === undefined || ours.includes(`:${port}->`);
    const who = /\(\("([^"]+)",pid=(\d+)/.exec(holder?.[1] ?? '');
    const detail = free
      ? holder
        ? 'held by our own container'
        : 'free'
      : `in use by ${who ? `${who[1]} (pid ${who[2]})` : 'another program'}`;
    return result(
      `port:${port}`,
      free ? 'pass' : 'fail',
      `port ${port}`,
      detail,
      `on the host: ss -ltnp 'sport = :${port}'; stop and disable what holds it`,
    );
  });
}

function foreignContainers(containers: readonly string[][]): CheckResult {
  const names = ['gitea-database-1', 'gitea-gitea-1', 'gitea-proxy-1'];
  const foreign = containers
    .filter(([name, project]) => names.includes(name ?? '') && project !== 'gitea')
    .map(([name]) => name);
  const good = foreign.length === 0;
  return result(
    'containers',
    good ? 'pass' : 'fail',
    'container names',
    good ? 'no foreign container holds one of ours' : `held by somebody else's: ${foreign.join(', ')}`,
    `rename or remove it on the host: docker rename ${foreign[0] ?? 'NAME'} other-name`,
  );
}

function reachable(id: string, title: string, url: string, answer: string): CheckResult {
  const code = /^(\d{3})$/.exec(answer.trim())?.[1];
  const good = code !== undefined && code !== '000' && Number(code) < 500;
  return result(
    id,
    good ? 'pass' : 'fail',
    title,
    good ? `${url} answers` : `${url}: ${answer.replace(/\s*000$/, '').trim() || 'no answer'}`,
    `on the host: curl -v ${url}; check its DNS, its firewall and its way out`,
  );
}

function address(config: Config): CheckResult {
  const ip = isIP(config.host.address) !== 0;
  return result('address', 'pass', 'host address', ip ? config.host.address : `${config.host.address} (a name)`);
}

function lockFree(holder: string): CheckResult {
  return result(
    'lock',
    holder ? 'warn' : 'pass',
    'run lock',
    holder ? `held: ${holder}` : 'free',
    'another run is under way: wait for its end',
  );
}
