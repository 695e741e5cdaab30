/** `gitea web`: start in Gitea's order, serve, stop within the hammer time. */
import { accessSync, mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { Database } from './db.ts';
import { git } from './git.ts';
import { syncAppPaths } from './hooks.ts';
import { fatal, log } from './log.ts';
import { currentVersion, migrate, startVerdict, syncTables } from './migrate.ts';
import { openPushQueue } from './pushes.ts';
import { builtWith, currentRelease } from './release.ts';
import { loadSettings, saveKey } from './settings.ts';
import { stopOnSignal } from './shutdown.ts';
import { registerSources } from './sources.ts';
import { sshEnabled, sshPort, sshServer } from './ssh.ts';
import { bool, duration, int, lfsEnabled, lfsPath, repoRoot, type Settings, text } from './values.ts';
import { webServer } from './web.ts';

const START = 'cmd/web.go:261:runWeb()';
const MESSAGE = 'cmd/web.go:112:showWebStartupMessage()';

function startupMessage(s: Settings, what: string): void {
  const release = currentRelease();
  log('I', MESSAGE, `Gitea version: ${release.version}${builtWith(release)}`);
  log('I', MESSAGE, `* RunMode: ${text(s, '', 'RUN_MODE', 'prod')}`);
  log('I', MESSAGE, '* AppPath: /usr/local/bin/gitea');
  log('I', MESSAGE, `* WorkPath: ${s.workPath}`);
  log('I', MESSAGE, `* CustomPath: ${process.env.GITEA_CUSTOM ?? join(s.workPath, 'custom')}`);
  log('I', MESSAGE, `* ConfigFile: ${s.file}`);
  log('I', MESSAGE, what);
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One attempt. Refusals end the process at once; what a later attempt may heal is thrown. */
async function openDatabase(s: Settings): Promise<Database> {
  const db = new Database(s);
  try {
    await db.query('SELECT 1');
    const auto = bool(s, 'database', 'AUTO_MIGRATION', true);
    const expected = currentRelease().dbVersion;
    const verdict = startVerdict(await currentVersion(db), expected, auto);
    if (verdict.do === 'refuse') {
      fatal(
        auto ? 'models/migrations/migrations.go:489:Migrate()' : 'routers/common/db.go:55:migrateWithSetting()',
        verdict.message,
      );
    }
    if (verdict.do === 'migrate') await migrate(db);
    else await syncTables(db);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function initDatabase(s: Settings): Promise<Database> {
  const where = 'routers/common/db.go:29:InitDBEngine()';
  if (text(s, 'database', 'DB_TYPE') !== 'postgres') {
    fatal(
      'routers/init.go:70:mustInitCtx()',
      `the stand-in speaks to PostgreSQL only, not to "${text(s, 'database', 'DB_TYPE')}"`,
    );
  }
  const retries = int(s, 'database', 'DB_RETRIES', 10);
  const backoff = duration(s, 'database', 'DB_RETRY_BACKOFF', 3000);
  log('I', where, 'Beginning ORM engine initialization.');
  for (let attempt = 1; ; attempt++) {
    log('I', where, `ORM engine initialization attempt #${attempt}/${retries}...`);
    try {
      const db = await openDatabase(s);
      log('I', 'routers/init.go:146:InitWebInstalled()', 'ORM engine initialization successful!');
      return db;
    } catch (error) {
      const message = (error as Error).message;
      if (attempt >= retries) {
        fatal(
          'routers/init.go:70:mustInitCtx()',
          `code.gitea.io/gitea/routers/common.InitDBEngine(ctx) failed: ${message}`,
        );
      }
      log('E', where, `ORM engine initialization attempt #${attempt}/${retries} failed. Error: ${message}`);
      log('I', where, `Backing off for ${Math.floor(backoff / 1000)} seconds`);
      await sleep(backoff);
    }
  }
}

async function prepare(s: Settings): Promise<void> {
  process.env.HOME = join(s.dataPath, 'home'); // where Gitea's git looks for its configuration
  try {
    const { stdout } = await git('git', ['--version']);
    log(
      'I',
      'routers/init.go:118:InitWebInstalled()',
      `Git version: ${stdout.replace('git version ', '').trim()} (home: ${join(s.dataPath, 'home')})`,
    );
  } catch (error) {
    fatal(
      'routers/init.go:60:mustInit()',
      `code.gitea.io/gitea/modules/git.InitFull failed: ${(error as Error).message}`,
    );
  }
  const folders = ['home', 'avatars', 'attachments', 'packages', 'actions_log', 'indexers', 'queues', 'tmp'].map(
    (one) => join(s.dataPath, one),
  );
  for (const folder of [...folders, repoRoot(s), ...(lfsEnabled(s) ? [lfsPath(s)] : [])]) {
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, 2);
    } catch (error) {
      fatal(
        'routers/init.go:60:mustInit()',
        `code.gitea.io/gitea/modules/storage.Init failed: mkdir ${folder}: ${(error as Error).message}`,
      );
    }
  }
  if (text(s, '', 'WORK_PATH') !== '') return;
  try {
    saveKey(s, '', 'WORK_PATH', s.workPath);
  } catch (error) {
    const why = (error as Error).message;
    log(
      'E',
      'cmd/web.go:199:serveInstalled()',
      `Unable to update WORK_PATH=${s.workPath} to config "${s.file}": ${why}\nYou should set it manually, otherwise there might be bugs when accessing the git repositories.`,
    );
  }
}

function listen(server: Server, s: Settings): Promise<void> {
  const where = 'cmd/web.go:324:listen()';
  log('I', where, `Listen: http://${s.httpAddr}:${s.httpPort}${s.appSubUrl}`);
  log('I', where, `AppURL(ROOT_URL): ${s.appUrl}`);
  if (lfsEnabled(s)) log('I', where, 'LFS server enabled');
  return new Promise((resolve) => {
    server.on('error', (error) => {
      log('C', where, `Failed to start server: ${error.message}`);
      process.exit(1);
    });
    // Like Go, an unspecified address means both families, as far as the machine has them.
    server.listen({ port: s.httpPort, ...(s.httpAddr === '0.0.0.0' ? {} : { host: s.httpAddr }) }, () => {
      log(
        'I',
        'modules/graceful/server.go:50:NewServer()',
        `Starting new Web server: tcp:${s.httpAddr}:${s.httpPort} on PID: ${process.pid}`,
      );
      resolve();
    });
  });
}

/** Starts and returns when it listens. */
export async function runWeb(file: string): Promise<void> {
  log('I', START, `Starting Gitea on PID: ${process.pid}`);
  const s = loadSettings(file);
  startupMessage(s, s.installLock ? 'Prepare to run web server' : 'Prepare to run install page');
  // Until it serves, nothing holds a signal back: Gitea leaves at once, too.
  const early = (): never => process.exit(0);
  process.once('SIGTERM', early);
  process.once('SIGINT', early);
  let closeSsh = (): void => undefined;
  let db = new Database(s);
  if (s.installLock) {
    await prepare(s);
    db = await initDatabase(s);
    await syncAppPaths(db, s);
    openPushQueue(db, s);
    await registerSources(db, s);
    if (sshEnabled(s)) {
      const ssh = sshServer(s, db);
      ssh.on('error', (error: Error) =>
        fatal('modules/ssh/ssh_graceful.go:28:listen()', `Failed to start SSH server: ${error.message}`),
      );
      const host = text(s, 'server', 'SSH_LISTEN_HOST');
      ssh.listen({ port: sshPort(s), ...(host === '' ? {} : { host }) }, () => {
        log(
          'I',
          'modules/ssh/init.go:30:Init()',
          `SSH server started on :${sshPort(s)}. Ciphers: [], key exchange algorithms: [], MACs: []`,
        );
      });
      closeSsh = () => void ssh.close();
    }
  }
  const server = webServer(s, db);
  await listen(server, s);
  process.off('SIGTERM', early);
  process.off('SIGINT', early);
  stopOnSignal(s, server, closeSsh);
}
