import { readFileSync } from 'node:fs';
import type { Config } from './config/config.types.ts';
import { exitCodeOf, RunbookError } from './core/errors.ts';
import { localHost } from './host/local.ts';
import { renew } from './jobs/renew/index.ts';

/**
 * What runs on the host without anyone watching: `node gitea-runbooks.mjs renew`, started by systemd timers. The config is
 * the resolved one that the last deploy left; output goes to the journal.
 */
const configPath = '/etc/gitea-runbooks/config.json';

const jobs: Readonly<Record<string, (config: Config) => Promise<string>>> = {
  renew: async (config) => ((await renew(config, localHost())).changed ? 'renewed' : 'not due yet'),
};

const [name = ''] = process.argv.slice(2);
try {
  const job = jobs[name];
  if (!job) {
    throw new RunbookError('unexpected', {
      what: `there is no job "${name}"`,
      next: `one of: ${Object.keys(jobs).join(', ')}`,
    });
  }
  const config = JSON.parse(readFileSync(configPath, 'utf8')) as Config;
  process.stdout.write(`${name}: ${await job(config)}\n`);
} catch (error) {
  process.stderr.write(`${name}: ${error instanceof RunbookError ? error.message : String(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
