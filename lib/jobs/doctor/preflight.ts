import { spawnSync } from 'node:child_process';
import type { Config } from '../../config/config.types.ts';
import type { CheckResult } from '../../core/event.ts';
import type { HostFacts } from '../../core/facts.ts';
import { describeHolder, type Holder } from '../../engine/lock-script.ts';
import { type Contributions, tooSmall } from '../../phases/contributions.ts';
import { distributionOf } from '../../phases/distributions.ts';
import { contributions } from '../../phases/index.ts';
import { project } from '../../phases/layout.ts';
import { result } from '../converge/check-result.ts';
import { answers, examinations, reached } from './brought.ts';
import { foreignContainers, portsTaken } from './preflight-ports.ts';

interface Seen {
  readonly config: Config;
  readonly facts: HostFacts;
  /** What `preflightScript` printed. */
  readonly text: string;
  /** This machine's clock, seconds since 1970. */
  readonly now: number;
  /** What the phases bring, if not what they bring under the config. */
  readonly brought?: Contributions;
}

/** The findings as check results; pure but for one look at this machine's own git. */
export function preflight(seen: Seen): { results: CheckResult[]; deployed: boolean } {
  const found = seen.text.split('\n').map((line) => line.split('\t'));
  const rowsOf = (word: string) => found.filter(([first]) => first === word).map(([, ...rest]) => rest);
  const brought = seen.brought ?? contributions(seen.config);
  const results = [
    ownGit(),
    distribution(seen),
    ...firstBoot(seen),
    kernel(seen),
    resources(seen, brought),
    ...rowsOf('disk').map((row) => space('disk', row)),
    ...rowsOf('inodes').map((row) => space('inodes', row)),
    ...examinations(brought, seen.text),
    clock(seen, rowsOf('timesync')[0] ?? []),
    init(rowsOf('systemd')[0]?.[0] ?? ''),
    ...answers(brought, seen.text),
    ...portsTaken(brought.ports, rowsOf('port'), rowsOf('container')),
    foreignContainers(brought.containers, rowsOf('container')),
    ...reached(brought, seen.text),
    lockFree(rowsOf('lock').map(([holder = '']) => JSON.parse(holder) as Holder)),
  ];
  return {
    results,
    deployed: rowsOf('container').some(([name, of]) => of === project && brought.containers.includes(name ?? '')),
  };
}

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
    return result('distribution', 'pass', 'distribution', `${facts.prettyName}, ${facts.architecture}`);
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

function firstBoot({ facts }: Seen): CheckResult[] {
  if (!facts.settingUp) return [];
  const detail = 'cloud-init still sets this host up: what is found now may change';
  return [result('first-boot', 'warn', 'first boot', detail, 'wait for its end; a deploy does that by itself')];
}

/** What Debian 12 and Ubuntu 22.04 come with; older ones lack what containers are limited by. */
function kernel({ facts }: Seen): CheckResult {
  const [major = 0, minor = 0] = facts.kernel.split('.').map(Number);
  const good = major > 5 || (major === 5 && minor >= 15);
  const next =
    "boot the distribution's own kernel: apt-get install linux-image-amd64 (Ubuntu: linux-image-generic), then reboot";
  return result('kernel', good ? 'pass' : 'fail', 'kernel', `${facts.kernel}, needed is 5.15`, next);
}

function resources({ facts }: Seen, brought: Contributions): CheckResult {
  const small = tooSmall(brought, facts.memoryMiB);
  const detail = `${facts.memoryMiB} MiB memory, ${facts.cpus} CPU${facts.cpus === 1 ? '' : 's'}, ${facts.swapMiB} MiB swap`;
  const status = small ? 'fail' : facts.memoryMiB < 3600 ? 'warn' : 'pass';
  return result(
    'memory',
    status,
    'memory',
    small ?? detail,
    'use a host with 4 GiB (2 GiB is the least, for very few users)',
  );
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

function lockFree(holders: readonly Holder[]): CheckResult {
  return result(
    'lock',
    holders.length > 0 ? 'warn' : 'pass',
    'run lock',
    holders.length > 0 ? `held: ${holders.map(describeHolder).join('; ')}` : 'free',
    'another run is under way: wait for its end',
  );
}
