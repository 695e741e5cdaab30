import type { Change } from '../../../lib/core/change.ts';
import type { Clock } from '../../../lib/report/clock.ts';

/** A stream that remembers. */
export function memory(columns = 80) {
  const parts: string[] = [];
  return { write: (text: string) => parts.push(text), columns, text: () => parts.join(''), parts };
}

/** A clock that moves when told, and counts its timers. */
export function fakeClock() {
  let time = Date.UTC(2026, 0, 2, 3, 4, 5);
  const timers = new Set<{ every: number; next: number; call: () => void }>();
  const clock: Clock = {
    now: () => time,
    every(every, call) {
      const timer = { every, next: time + every, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const pass = (milliseconds: number) => {
    const end = time + milliseconds;
    for (;;) {
      const due = [...timers].filter(({ next }) => next <= end).sort((a, b) => a.next - b.next)[0];
      if (!due) break;
      time = due.next;
      due.next += due.every;
      due.call();
    }
    time = end;
  };
  return { clock, pass, timers };
}

export function change(parts: Partial<Change> & { title: string }): Change {
  return { id: parts.title, kind: 'file', phase: 'proxy', action: 'update', why: 'content', impact: 'none', ...parts };
}
