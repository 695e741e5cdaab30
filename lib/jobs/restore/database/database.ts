import { setTimeout as sleep } from 'node:timers/promises';
import { RunbookError } from '../../../core/errors.ts';
import { quote } from '../../../core/quote.ts';
import type { Host, Output } from '../../../host/port.ts';
import { psql } from '../../../kinds/database/index.ts';
import { lastLines } from '../../../kinds/text.ts';
import {
  joinScript,
  logScript,
  lookScript,
  type Recovery,
  removeScript,
  startScript,
  stopScript,
} from './database-script.ts';

/** A database that has been brought back and answers, with no network. */
export interface Recovered {
  /** Rows with tabs between the fields; null is empty. Throws `changeFailed`. */
  ask(sql: string): Promise<string>;
  /** Statements, all or nothing where they say so. Throws `changeFailed`. */
  tell(statements: string): Promise<void>;
  /** Ends it where it is, to go on from there. Throws `changeFailed`. */
  halt(): Promise<void>;
  /** Ends it so that its data can be started anywhere without any log. Throws `changeFailed`. */
  stop(): Promise<void>;
  /** Takes it away as it is. Never fails. */
  drop(): Promise<void>;
}

export interface Patience {
  /** Seconds without any sign of getting on. */
  readonly still: number;
  /** Milliseconds from look to look. */
  readonly every: number;
}

/** A large file of the log takes seconds, a checkpoint at the end of a long replay minutes. */
const usual: Patience = { still: 600, every: 500 };

/** Seconds for reading and writing all copies once. */
const joinLimit = 12 * 3600;
const stopLimit = 600;

/**
 * Bring a database about from its copies and its log, up to the target, and leave it running. May be called again after a cut
 * anywhere: it begins anew. Throws `changeFailed` in PostgreSQL's own words: a damaged copy, a hole in the log before the
 * target, a target that the log does not reach.
 */
export async function recover(
  host: Host,
  recovery: Recovery,
  tell: (text: string) => void,
  patience = usual,
): Promise<Recovered> {
  const joined = await host.run({ script: joinScript(recovery), timeout: joinLimit, onLine: tell });
  if (joined.code !== 0) throw failed(host, 'a copy of the database is damaged', joined);
  return replay(host, recovery, tell, patience);
}

/**
 * The second half of that alone: for what was joined before, and has stopped short of the target. Throws `changeFailed`, and
 * leaves what is there so that another target can be tried.
 */
export async function replay(
  host: Host,
  recovery: Recovery,
  tell: (text: string) => void,
  patience = usual,
): Promise<Recovered> {
  const started = await host.run({ script: startScript(recovery), timeout: 120 });
  if (started.code !== 0) throw failed(host, 'the database could not be started beside the one in use', started);
  const { to } = recovery;
  tell(`replaying the log up to ${to === 'end' ? 'its end' : 'name' in to ? to.name : to.time}`);
  await arrived(host, recovery, patience);
  return recovered(host, recovery);
}

/** Waits as long as it gets on. */
async function arrived(host: Host, recovery: Recovery, { still, every }: Patience): Promise<void> {
  const { container } = recovery;
  let last = '';
  for (let since = Date.now(); ; ) {
    const { stdout } = await host.query({ script: lookScript(recovery) });
    const state = stdout.split('\n')[0];
    if (state === 'done') return;
    if (state === 'ended') throw await ended(host, container, 'the database could not be brought to that point');
    if (stdout !== last) since = Date.now();
    else if (Date.now() - since > still * 1000)
      throw await ended(host, container, `the database has not got on for ${still} s`);
    last = stdout;
    await sleep(every);
  }
}

async function ended(host: Host, container: string, what: string): Promise<RunbookError> {
  const output = await host.query({ script: logScript(container) });
  await host.run({ script: removeScript(container) });
  return failed(host, what, output);
}

function recovered(host: Host, recovery: Recovery): Recovered {
  const { container } = recovery;
  const call = async (stdin: string) => {
    const output = await host.run({
      argv: psql(container, '-v', 'ON_ERROR_STOP=1', '-F', '\t', '-f', '-'),
      stdin,
      timeout: 3600,
    });
    if (output.code !== 0) throw failed(host, 'the database that was brought back did not answer as it should', output);
    return output.stdout;
  };
  return {
    ask: call,
    tell: async (statements) => void (await call(statements)),
    async halt() {
      const output = await host.run({
        script: `docker stop -t ${stopLimit} ${quote(container)} >/dev/null`,
        timeout: stopLimit + 60,
      });
      if (output.code !== 0) throw failed(host, 'the database that was brought back did not end', output);
    },
    async stop() {
      const output = await host.run({ script: stopScript(recovery, stopLimit), timeout: stopLimit + 120 });
      if (output.stdout.trim() === 'shut down') return;
      throw failed(host, 'the database that was brought back did not end cleanly', output);
    },
    drop: async () => void (await host.run({ script: removeScript(container) }).catch(() => {})),
  };
}

const failed = (host: Host, what: string, output: Output) =>
  new RunbookError('changeFailed', {
    where: host.label,
    what,
    cause: lastLines(output),
    next: 'nothing in use was touched. An older generation may be sound: npx zx runbooks/backup.mjs --list',
  });
