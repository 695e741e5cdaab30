// What something costs a host: seconds, seconds of its processors, bytes on its disk, memory of its processes.
import type { Lab } from './lab.ts';
import { HOST } from './suite.ts';

export interface Cost {
  readonly seconds: number;
  /** Of all that the host did meanwhile, less what it does when nobody asks for anything. */
  readonly cpu: number;
  readonly stdout: string;
}

/** Seconds for one of them. */
const LIMIT = 3600;

const CLOCK = `cpu() { cat /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null || awk '/^usage_usec/ { print $2 * 1000 }' /sys/fs/cgroup/cpu.stat; }
began=$(date +%s%N) used=$(cpu)
ended() { echo "@cost $(( $(date +%s%N) - began )) $(( $(cpu) - used ))"; }`;

async function run(lab: Lab, script: string): Promise<Cost> {
  const { code, stdout, stderr } = await lab.exec(HOST, `${CLOCK}\n( set -e\n${script}\n) || exit\nended`, {
    timeout: LIMIT,
  });
  if (code !== 0) throw new Error(`in the host: ${script}\n${stdout.slice(-1000)}${stderr.slice(-1000)}`);
  const [, seconds, cpu] = /@cost (\d+) (\d+)/.exec(stdout)!;
  return { seconds: Number(seconds) / 1e9, cpu: Number(cpu) / 1e9, stdout };
}

/** Measures scripts in the first host. First it looks for a while at what the host does by itself. */
export async function costs(lab: Lab): Promise<(script: string) => Promise<Cost>> {
  const idle = await run(lab, 'sleep 15');
  return async (script) => {
    const one = await run(lab, script);
    return { ...one, cpu: Math.max(0, one.cpu - (idle.cpu / idle.seconds) * one.seconds) };
  };
}

/** MiB of what lies in these folders. */
export async function stored(lab: Lab, ...folders: readonly string[]): Promise<number> {
  const { stdout } = await run(lab, `du -sbc ${folders.join(' ')} 2>/dev/null | tail -n 1`);
  return Number.parseInt(stdout, 10) / 2 ** 20;
}

const MARK = '/run/bench-memory';

/** The most that any process of root has had resident while `work` went on, in MiB by the name of its program. */
export async function memory(lab: Lab, work: () => Promise<unknown>): Promise<ReadonlyMap<string, number>> {
  const watch = run(
    lab,
    `touch ${MARK}
while [ -e ${MARK} ]; do grep -shE '^(Name|Uid|VmHWM):' /proc/[0-9]*/status || true; sleep 0.2; done |
  awk '/^Name/ { name = $2 } /^Uid/ { uid = $2 } /^VmHWM/ && uid == 0 && $2 > most[name] + 0 { most[name] = $2 } END { for (name in most) print name, most[name] }'`,
  );
  await work().finally(() => run(lab, `sleep 0.5; rm -f ${MARK}`));
  const lines = (await watch).stdout.split('\n').map((line) => line.split(' '));
  return new Map(
    lines.flatMap(([name = '', kib]) => (kib && !name.startsWith('@') ? [[name, Number(kib) / 1024]] : [])),
  );
}
