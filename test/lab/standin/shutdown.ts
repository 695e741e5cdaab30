/**
 * Stop on a signal. Up to 1.24 the work in hand may finish until the hammer falls; from 1.25 a signal cancels all of it at
 * once, and only `manager shutdown` lets it finish.
 */
import type { Server } from 'node:http';
import { log } from './log.ts';
import { atLeast, currentRelease } from './release.ts';
import { sshIdle } from './ssh.ts';
import { duration, type Settings } from './values.ts';

/** Ends the server as `manager shutdown` asks it to. */
export let shutDown = (): void => undefined;

export function stopOnSignal(s: Settings, server: Server, closeSsh: () => void): void {
  let stopping = false;
  const finish = (): void => {
    log('I', 'cmd/web.go:235:serveInstalled()', `PID: ${process.pid} Gitea Web Finished`);
    process.exit(0);
  };
  const hammer = (): void => {
    log('W', 'modules/graceful/manager.go:176:doHammerTime()', 'Setting Hammer condition');
    finish();
  };
  const stop = (name: string): void => {
    log(
      'W',
      'modules/graceful/manager_unix.go:134:handleSignals()',
      `PID ${process.pid}. Received ${name}. Shutting down...`,
    );
    if (stopping) return;
    stopping = true;
    closeSsh();
    const http = new Promise<void>((resolve) => server.close(() => resolve()));
    // A connection that is kept alive becomes idle only after its last answer.
    setInterval(() => server.closeIdleConnections(), 100).unref();
    log('I', 'cmd/web.go:395:listen()', `HTTP Listener: ${s.httpAddr}:${s.httpPort} Closed`);
    void Promise.all([http, sshIdle()]).then(finish);
    setTimeout(hammer, duration(s, 'server', 'GRACEFUL_HAMMER_TIME', 60_000));
  };
  // Gitea's SIGHUP hands over to a child; in a container its parent's end is the end of both.
  process.on('SIGUSR1', () =>
    log(
      'W',
      'modules/graceful/manager_unix.go:122:handleSignals()',
      `PID ${process.pid}. Received SIGUSR1. Releasing and reopening logs`,
    ),
  );
  process.on('SIGUSR2', hammer);
  shutDown = () => stop('shutdown');
  const abrupt = atLeast(currentRelease(), 1, 25);
  const cancel = (name: string): void => {
    const where = 'modules/graceful/manager_common.go:60:doShutdown()';
    log('W', where, `PID ${process.pid}. Received ${name}. Forcefully shutting down parent`);
    // Whatever runs is cut: in Gitea its context is cancelled, and no answer that was promised comes.
    server.closeAllConnections();
    closeSsh();
    finish();
  };
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => (abrupt ? cancel : stop)(name));
}
