/**
 * A queue that lies on disk: what was promised to a client and is not done yet. The format is the stand-in's own: a log of
 * lines, `+ number item` for what came and `- number` for what was taken out, and CURRENT, which names the log. A copy made
 * at any moment can be opened: a last line that was cut off does not count.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Waiting<T> {
  id: number;
  item: T;
  since: number;
}

/** What a log leaves to be done, oldest first. */
export function undone<T>(text: string): { id: number; item: T }[] {
  const waiting = new Map<number, T>();
  for (const line of text.split('\n').slice(0, -1)) {
    const [, sign, id = '', item = ''] = /^([+-]) (\d+) ?(.*)$/.exec(line) ?? [];
    if (sign === '+') waiting.set(Number(id), JSON.parse(item) as T);
    else waiting.delete(Number(id));
  }
  return [...waiting].map(([id, item]) => ({ id, item }));
}

export class DiskQueue<T> {
  private readonly folder: string;
  private readonly pause: number;
  private readonly handle: (item: T) => Promise<void>;
  private waiting: Waiting<T>[] = [];
  private next = 1;
  private log = '';
  private hurry = 0;
  private working = false;
  private timer: NodeJS.Timeout | undefined;
  private watchers: (() => void)[] = [];

  /** `pause`: milliseconds that each item waits at least, as it does behind others on a busy server. */
  constructor(folder: string, pause: number, handle: (item: T) => Promise<void>) {
    this.folder = folder;
    this.pause = pause;
    this.handle = handle;
  }

  /** Takes up what an earlier process left. */
  open(): void {
    mkdirSync(this.folder, { recursive: true });
    const current = join(this.folder, 'CURRENT');
    const old = existsSync(current) ? readFileSync(current, 'utf8').trim() : '000000.log';
    const left = existsSync(join(this.folder, old)) ? undone<T>(readFileSync(join(this.folder, old), 'utf8')) : [];
    const name = `${String(Number(old.slice(0, 6)) + 1).padStart(6, '0')}.log`;
    this.log = join(this.folder, name);
    this.waiting = left.map(({ item }) => ({ id: this.next++, item, since: Date.now() }));
    writeFileSync(this.log, this.waiting.map(({ id, item }) => `+ ${id} ${JSON.stringify(item)}\n`).join(''));
    writeFileSync(`${current}.tmp`, `${name}\n`);
    renameSync(`${current}.tmp`, current);
    rmSync(join(this.folder, old), { force: true });
    this.wake();
  }

  /** The item is on disk when this returns. */
  push(item: T): void {
    const id = this.next++;
    appendFileSync(this.log, `+ ${id} ${JSON.stringify(item)}\n`);
    this.waiting.push({ id, item, since: Date.now() });
    this.wake();
  }

  get size(): number {
    return this.waiting.length + (this.working ? 1 : 0);
  }

  /** Works without pauses until nothing is left, also of what comes meanwhile. False where that takes longer than `limit` ms. */
  async flush(limit: number): Promise<boolean> {
    this.hurry++;
    this.wake();
    try {
      const end = Date.now() + limit;
      while (this.size > 0) {
        const left = end - Date.now();
        if (left <= 0) return false;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          this.watchers.push(() => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
      return true;
    } finally {
      this.hurry--;
    }
  }

  private wake(): void {
    const [first] = this.waiting;
    if (this.working || !first) return;
    clearTimeout(this.timer);
    const rest = this.hurry > 0 ? 0 : Math.max(0, first.since + this.pause - Date.now());
    this.timer = setTimeout(() => void this.work(), rest).unref(); // it is the server that keeps the process up
  }

  /** Taken out first, then done: a process that is killed in between has lost it. So it is in Gitea. */
  private async work(): Promise<void> {
    const first = this.waiting.shift();
    if (!first) return;
    appendFileSync(this.log, `- ${first.id}\n`);
    this.working = true;
    await this.handle(first.item);
    this.working = false;
    for (const watcher of this.watchers.splice(0)) watcher();
    this.wake();
  }
}
