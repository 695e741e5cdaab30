// What the lab tests share: one lab for all files, runbooks as a person runs them, and variants of the lab's config.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { loadConfig } from '../../lib/config/load.ts';
import { connect } from '../../lib/host/connect.ts';
import { deploy } from '../../lib/jobs/deploy/index.ts';
import { type Lab, type LabOptions, open, raise } from './lab.ts';
import { runRunbook } from './rehearse.ts';

export const HOST = 'gitea-host-1';

/** Whether a file tries all that it can (npm run test:soak), and not only what differs in what is found afterwards. */
export const soak = process.env.LAB_SOAK === '1';

/**
 * The lab that is up, or a new one, with the deployed host of this checkout from the cache, where there is one, for the files
 * that come after. Taken down by the last test file, or by whoever raised it.
 */
export async function theLab(options: Pick<LabOptions, 'deployed'> = { deployed: true }): Promise<Lab> {
  const lab =
    (await open()) ?? (await raise(options, ({ phase, text }) => process.stderr.write(`# ${phase}: ${text}\n`)));
  // Every deploy with changes ends with a push of this size, which git sends in pieces from 1 MiB on; the rehearsal does it
  // with the default of 100 MiB.
  const document = parseDocument(await readFile(lab.configPath, 'utf8'));
  document.setIn(['verify', 'pushSizeMiB'], 2);
  await writeFile(lab.configPath, String(document));
  return lab;
}

/**
 * The same with the first host deployed and nothing left to do. A new lab takes the deployed host of this checkout from the
 * cache; where there is none yet, it is deployed and kept.
 */
export async function convergedLab(): Promise<Lab> {
  const up = await open();
  const lab = await theLab();
  const { code, json, said } = await run(lab, 'deploy', ['--yes']);
  if (code !== 0) throw new Error(`the lab's host could not be deployed: ${said}`);
  if (up) return lab;
  if (lab.deployedBefore && json.changes.length > 0) {
    const titles = json.changes.map(({ title, why }: { title: string; why: string }) => `${title}: ${why}`);
    throw new Error(`the deployed host from the cache is not as a deploy would leave it:\n${titles.join('\n')}`);
  }
  if (!lab.deployedBefore) await lab.keepHost();
  return lab;
}

export interface RunResult {
  readonly code: number;
  /** The JSON document on standard output. */
  // biome-ignore lint/suspicious/noExplicitAny: each runbook has a document of its own; the tests look into it.
  readonly json: any;
  readonly stderr: string;
  /** Why it failed, short enough for a test's name. */
  readonly said: string;
}

/** Run a runbook with --json in a process of its own. */
export async function run(
  lab: Lab,
  name: string,
  args: readonly string[] = [],
  config = lab.configPath,
): Promise<RunResult> {
  const lines: string[] = [];
  const { code, stdout } = await runRunbook(name, ['--config', config, '--json', ...args], (line) => lines.push(line));
  const json = JSON.parse(stdout || '{}');
  const said = json.error ? JSON.stringify(json.error) : `exit ${code}`;
  return { code, json, stderr: lines.join('\n'), said };
}

/** A copy of the lab's config with some values changed, beside it: `{ 'proxy.maxUploadSize': '100m' }`. */
export async function variant(lab: Lab, name: string, values: Readonly<Record<string, unknown>>): Promise<string> {
  const document = parseDocument(await readFile(lab.configPath, 'utf8'));
  for (const [key, value] of Object.entries(values)) document.setIn(key.split('.'), value);
  const file = path.join(lab.dir, `variant-${name}.yaml`);
  await writeFile(file, String(document));
  return file;
}

/** The config and a connection for the library, as a script of somebody else's would have them. */
export async function library(config: string) {
  const loaded = loadConfig(config);
  return { config: loaded.config, host: await connect(loaded.config) };
}

/**
 * A deploy in this process, checked from outside but for clones and pushes: for what is put back between two tests. Gives
 * its changes, each with the reason.
 */
export async function bring(config: string, checks: 'none' | 'quick' = 'quick'): Promise<readonly string[]> {
  const { config: loaded, host } = await library(config);
  const { changes } = await deploy(loaded, host, { checks }).finally(() => host.close());
  return changes.map(({ title, why }) => `${title}: ${why}`);
}

/** Script in a host that must succeed; gives its output. Limit in seconds. */
export async function inside(lab: Lab, script: string, host = HOST, timeout = 120): Promise<string> {
  const { code, stdout, stderr } = await lab.exec(host, script, { timeout });
  if (code !== 0) throw new Error(`in the host: ${script}\n${stdout}${stderr}`);
  return stdout;
}

/** The role that Gitea's container was started with to log in to the database, whether it runs or not. */
export async function giteaRole(lab: Lab, host = HOST): Promise<string> {
  const mounts = '{{range .Mounts}}{{if eq .Destination "/etc/gitea"}}{{.Source}}{{end}}{{end}}';
  const script = `folder=$(docker inspect -f '${mounts}' gitea-gitea-1) && sed -n '/^\\[database\\]/,/^\\[/s/^USER *= *//p' "$folder/app.ini"`;
  return (await inside(lab, script, host)).trim();
}

/** Shell that waits until these units are at rest: one that is starting or ending is not, whatever `is-active` says of it. */
export const atRest = (...units: readonly string[]) =>
  `while systemctl show --value -p ActiveState ${units.join(' ')} | grep -q activating; do sleep 0.2; done`;
