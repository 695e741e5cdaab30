/** The `gitea` command line: what it finds in argv, and how it ends. */
import { request } from 'node:http';
import { adminUser } from './cli-user.ts';
import { Database } from './db.ts';
import { doctor } from './doctor.ts';
import { parseFlags, UsageError } from './flags.ts';
import { globalFlags } from './global-flags.ts';
import { hook } from './hook-cli.ts';
import { syncHooks } from './hooks.ts';
import { fatal, log } from './log.ts';
import { migrate } from './migrate.ts';
import { atLeast, builtWith, currentRelease } from './release.ts';
import { newInternalToken, newJwtSecret, newSecretKey } from './secrets.ts';
import { runWeb } from './server.ts';
import { loadSettings } from './settings.ts';
import { milliseconds, type Settings, text } from './values.ts';

function generate(args: string[]): void {
  const kinds: Record<string, () => string> = {
    SECRET_KEY: newSecretKey,
    INTERNAL_TOKEN: newInternalToken,
    JWT_SECRET: newJwtSecret,
    LFS_JWT_SECRET: newJwtSecret,
  };
  const make = args[0] === 'secret' ? kinds[args[1] ?? ''] : undefined;
  if (!make) throw new UsageError(`No help topic for '${args.join(' ')}'`);
  process.stdout.write(make() + (process.stdout.isTTY ? '\n' : ''));
}

function mustBeInstalled(s: Settings): void {
  if (s.installLock) return;
  fatal(
    'modules/setting/setting.go:101:MustInstalled()',
    'Unable to load config file for a installed Gitea instance, you should either use "--config" to set your config file (app.ini), or run "gitea web" command to install Gitea.',
  );
}

async function runMigrate(s: Settings): Promise<void> {
  const where = 'cmd/migrate.go:31:runMigrate()';
  log('I', where, 'AppPath: /usr/local/bin/gitea');
  log('I', where, `AppWorkPath: ${s.workPath}`);
  log('I', where, `Custom path: ${process.env.GITEA_CUSTOM ?? ''}`);
  log('I', where, `Log path: ${text(s, 'log', 'ROOT_PATH')}`);
  log('I', where, `Configuration file: ${s.file}`);
  const db = new Database(s);
  try {
    await migrate(db);
  } catch (error) {
    fatal('cmd/migrate.go:38:runMigrate()', `Failed to initialize ORM engine: ${(error as Error).message}`);
  } finally {
    await db.close();
  }
}

async function manager(s: Settings, args: string[]): Promise<void> {
  const [what = '', ...rest] = args;
  if (!['flush-queues', 'shutdown'].includes(what)) throw new UsageError(`No help topic for '${what}'`);
  const f = parseFlags(
    [
      { names: ['timeout'], kind: 'string', fallback: '60s' },
      { names: ['non-blocking'], kind: 'bool' },
      { names: ['debug'], kind: 'bool' },
    ],
    rest,
  );
  const limit = milliseconds(f.get('timeout'));
  if (limit === undefined) throw new UsageError(`invalid value "${f.get('timeout')}" for flag -timeout: parse error`);
  const base = text(s, 'server', 'LOCAL_ROOT_URL', `http://localhost:${s.httpPort}/`);
  const said = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const headers = { 'X-Gitea-Internal-Auth': `Bearer ${s.internalToken}` };
    const call = request(`${base}api/internal/manager/${what}`, { method: 'POST', headers }, (res) => {
      let body = '';
      res.on('data', (part: Buffer) => {
        body += part;
      });
      res.on('end', () => resolve({ status: res.statusCode ?? 0, body }));
    });
    call.on('error', (error) => reject(new Error(`Failed to send request: unable to contact gitea: ${error.message}`)));
    call.end(JSON.stringify({ Timeout: limit * 1e6, NonBlocking: f.on('non-blocking') }));
  });
  if (said.status === 408) process.stdout.write(`${(JSON.parse(said.body) as { user_msg: string }).user_msg}\n`);
  if (said.status > 299) throw new Error(`Internal Server Error: Remote (${said.status})`);
  process.stdout.write(what === 'flush-queues' ? 'Flushed\n' : 'Shutting down\n');
}

async function regenerate(s: Settings, what: string): Promise<void> {
  // Keys are in the database alone: the server for SSH is Gitea's own.
  if (what === 'keys') return;
  if (what !== 'hooks') throw new UsageError(`No help topic for '${what}'`);
  const db = new Database(s);
  try {
    await syncHooks(db, s);
  } finally {
    await db.close();
  }
}

async function run(args: string[]): Promise<void> {
  const { config, rest } = globalFlags(args);
  const file = config ?? process.env.GITEA_APP_INI ?? '/etc/gitea/app.ini';
  const [command = 'web', ...more] = rest;
  if (['--version', '-v'].includes(command)) {
    const release = currentRelease();
    const word = atLeast(release, 1, 20) ? 'gitea' : 'Gitea';
    return void process.stdout.write(`${word} version ${release.version}${builtWith(release)}\n`);
  }
  if (command === 'generate') return generate(more);
  if (command === 'web') return runWeb(file);
  if (command === 'hook') {
    process.exitCode = await hook(file, more[0] ?? '');
    return;
  }
  if (!['admin', 'migrate', 'doctor', 'manager'].includes(command)) throw new UsageError(`unknown command: ${command}`);
  const s = loadSettings(file);
  mustBeInstalled(s);
  if (command === 'migrate') return runMigrate(s);
  if (command === 'manager') return manager(s, more);
  if (command === 'doctor' && more[0] === 'check') return doctor(s, more.slice(1));
  if (command === 'admin' && more[0] === 'user' && (await adminUser(s, more[1] ?? '', more.slice(2)))) return;
  if (command === 'admin' && more[0] === 'regenerate') return regenerate(s, more[1] ?? '');
  throw new UsageError(`No help topic for '${more.join(' ')}'`);
}

/** Runs one command line and ends the process with Gitea's code where it failed. */
export async function main(args: string[]): Promise<void> {
  try {
    await run(args);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof UsageError && message.startsWith('flag provided but not defined:'))
      process.stdout.write(`Incorrect Usage: ${message}\n`);
    else process.stderr.write(`Command error: ${message}\n`);
    process.exitCode = 1;
  }
}
