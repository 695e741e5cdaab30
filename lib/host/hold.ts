import { RunbookError } from '../core/errors.ts';
import { describeCommand, ignore, lastLines, lineSplitter, wrapScript } from './execute.ts';
import type { Held } from './port.ts';
import type { Ending, Start } from './process.ts';

const firstLineLimit = 60;
const releaseLimit = 10;

/** Starts a script whose standard input stays open, and waits for its first line. */
export async function holdScript(start: Start, label: string, script: string): Promise<Held> {
  const running = await start(['sh', '-s']);
  const name = describeCommand({ script });
  running.stdin.on('error', ignore);
  running.stdin.write(wrapScript(script));
  let said = '';
  running.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  let timer: NodeJS.Timeout | undefined;
  const first = new Promise<string>((resolve, reject) => {
    const lines = lineSplitter(resolve);
    running.stdout.on('data', lines.push);
    timer = setTimeout(
      () => reject(noLine(label, `nothing printed within the limit of ${firstLineLimit} s`, name, said)),
      firstLineLimit * 1000,
    );
  });
  const early = running.ended.then((ending) => {
    throw noLine(label, `ended before it printed a line (exit code ${ending.code})`, name, withNote(said, ending));
  });
  try {
    const firstLine = await Promise.race([first, early]);
    const ended = running.ended.then(ignore, ignore);
    let released: Promise<void> | undefined;
    const lost = new Promise<void>((resolve) => ended.then(() => released ?? resolve()));
    return {
      firstLine,
      lost,
      release: () => {
        released ??= release(running, ended);
        return released;
      },
    };
  } catch (error) {
    running.kill();
    throw error;
  } finally {
    clearTimeout(timer);
    early.catch(ignore);
  }
}

async function release(running: Awaited<ReturnType<Start>>, ended: Promise<void>): Promise<void> {
  running.stdin.end();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      running.kill();
      resolve();
    }, releaseLimit * 1000);
  });
  await Promise.race([ended, late]);
  clearTimeout(timer);
}

function withNote(said: string, ending: Ending): string {
  return ending.note ? `${said}${ending.note}` : said;
}

function noLine(label: string, what: string, name: string, said: string): RunbookError {
  const cause = lastLines(said);
  return new RunbookError('changeFailed', {
    where: label,
    what: `${what}: ${name}`,
    ...(cause && { cause }),
    next: 'run the same command again; if it stays, run these lines on the host by hand',
  });
}
