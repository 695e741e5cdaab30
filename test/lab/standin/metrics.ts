/** /metrics: the gauges of Gitea's collector, a few of Go's, nothing about requests (there is none in Gitea either). */
import type { Database } from './db.ts';
import { atLeast, builtWith, currentRelease } from './release.ts';

const ZERO = `accesses comments follows hooktasks labels loginsources milestones mirrors
  oauths organizations projects projects_columns releases stars teams updatetasks watches webhooks`.split(/\s+/);

async function count(db: Database, table: string, where = 'true'): Promise<number> {
  const [row] = await db.query(`SELECT count(*) AS n FROM ${table} WHERE ${where}`);
  return Number(row?.n ?? 0);
}

export async function metricsText(db: Database): Promise<string> {
  const lines: string[] = [];
  const gauge = (name: string, help: string, samples: string[]): void => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples.map((one) => name + one));
  };
  const release = currentRelease();
  const go = /go\d[\d.]*/.exec(builtWith(release))?.[0] ?? '';
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  gauge('gitea_build_info', 'Build information', [
    `{goarch="${arch}",goos="linux",goversion="${go}",version="${release.version}"} 1`,
  ]);
  for (const name of ZERO) gauge(`gitea_${name}`, `Number of ${name}`, [' 0']);
  gauge('gitea_attachments', 'Number of Attachments', [` ${await count(db, 'attachment')}`]);
  for (const [name, where] of [
    ['issues', 'true'],
    ['issues_open', 'NOT is_closed'],
    ['issues_closed', 'is_closed'],
  ] as const)
    gauge(`gitea_${name}`, `Number of ${name}`, [` ${await count(db, 'issue', where)}`]);
  gauge('gitea_publickeys', 'Number of PublicKeys', [` ${await count(db, 'public_key')}`]);
  gauge('gitea_repositories', 'Number of Repositories', [` ${await count(db, 'repository')}`]);
  const people = 'type = 0';
  gauge(
    'gitea_users',
    'Number of Users',
    atLeast(release, 1, 25)
      ? [
          `{state="active"} ${await count(db, '"user"', `${people} AND is_active`)}`,
          `{state="inactive"} ${await count(db, '"user"', `${people} AND NOT is_active`)}`,
        ]
      : [` ${await count(db, '"user"', people)}`],
  );
  gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', [` ${process.memoryUsage.rss()}`]);
  const started = Date.now() / 1000 - process.uptime();
  gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', [
    ` ${started.toFixed(2)}`,
  ]);
  return `${lines.join('\n')}\n`;
}
