/** Stop on a signal: no new work, the work in hand may finish until the hammer falls. */
import type { Server } from 'node:http';
import { log } from './log.ts';
import { sshIdle } from './ssh.ts';
import { duration, type Settings } from './values.ts';

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
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => stop(name));
}
