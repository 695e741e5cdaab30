import pc from 'picocolors';
import type { Change } from '../core/change.ts';
import type { RunEvent } from '../core/event.ts';
import { renderCheck } from './checks.ts';
import { type Clock, duration, systemClock } from './clock.ts';
import { renderEnd } from './end.ts';
import { escapeLine } from './escape.ts';
import { renderInfra } from './infra.ts';
import { type LiveLine, liveLine } from './live.ts';
import { renderPlan } from './plan.ts';
import { redactAll, type SecretSource } from './redact.ts';
import type { Reporter, Sink } from './reporter.ts';

export interface TextReporterOptions {
  readonly stream: Sink;
  /** A live line with a spinner; otherwise start, heartbeat and end of each change as lines. */
  readonly tty: boolean;
  /** Every line of output and the diffs, too. */
  readonly verbose: boolean;
  readonly color: boolean;
  readonly secrets?: SecretSource;
  /** False where the plan is the result itself and goes to standard output. */
  readonly plan?: boolean;
  readonly clock?: Clock;
}

interface Running {
  readonly change: Change;
  readonly place: string;
  readonly start: number;
  lastLine: string;
}

const spinner = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const frame = 100;
const heartbeat = 15_000;

/** Progress for people. */
export function textReporter(options: TextReporterOptions): Reporter {
  const clock = options.clock ?? systemClock;
  const paint = pc.createColors(options.color);
  const running = new Map<string, Running>();
  const live: LiveLine | undefined = options.tty ? liveLine(options.stream) : undefined;
  const print = (text: string) => (live ? live.print(text) : options.stream.write(`${text}\n`));
  const since = (start: number) => `${Math.floor((clock.now() - start) / 1000)} s`;
  let stopTimer: (() => void) | undefined;
  let turn = 0;

  const redraw = () => {
    const now = [...running.values()].at(-1);
    if (!live || !now) return;
    const tail = now.lastLine ? `  ${now.lastLine}` : '';
    live.draw(
      `${spinner[turn++ % spinner.length]} ${now.place} ${escapeLine(now.change.title)}  ${since(now.start)}${tail}`,
    );
  };
  const beat = () => {
    for (const one of running.values()) {
      const tail = one.lastLine ? `: ${one.lastLine}` : '';
      print(`${one.place} still ${escapeLine(one.change.title)} (${since(one.start)})${tail}`);
    }
  };
  const settle = () => {
    if (running.size > 0) return;
    stopTimer?.();
    stopTimer = undefined;
    live?.clear();
  };

  const handle = (event: RunEvent): void => {
    switch (event.type) {
      case 'step':
        print(
          event.took === undefined
            ? escapeLine(event.text)
            : `${escapeLine(event.text)} ${paint.dim(`(${duration(event.took)})`)}`,
        );
        break;
      case 'plan':
        if (options.plan ?? true)
          print(
            renderPlan(event.host, event.changes, event.unchanged, { color: options.color, diffs: options.verbose }),
          );
        break;
      case 'infra':
        if (options.plan ?? true) print(renderInfra(event.place, event.summary, { color: options.color }));
        break;
      case 'change.start': {
        const place = `[${event.index}/${event.total}]`;
        running.set(event.change.id, { change: event.change, place, start: clock.now(), lastLine: '' });
        if (!live)
          print(`${place} ${event.change.action} ${escapeLine(event.change.title)} (${escapeLine(event.change.why)})`);
        stopTimer ??= live ? clock.every(frame, redraw) : clock.every(heartbeat, beat);
        break;
      }
      case 'change.output': {
        const one = running.get(event.change.id);
        if (one && event.line.trim()) one.lastLine = escapeLine(event.line.trim());
        if (options.verbose) print(paint.dim(`    | ${escapeLine(event.line)}`));
        break;
      }
      case 'change.end': {
        const place = running.get(event.change.id)?.place ?? '';
        running.delete(event.change.id);
        const word = event.ok ? paint.green('done') : paint.red('failed');
        const tail = event.ok || !event.error ? '' : `: ${escapeLine(event.error)}`;
        print(`${place} ${word} ${escapeLine(event.change.title)} (${duration(event.took)})${tail}`.trimStart());
        settle();
        break;
      }
      case 'check':
        print(renderCheck(event.result, options));
        break;
      case 'warning':
        print(`${paint.yellow('warning:')} ${escapeLine(event.text)}`);
        break;
      case 'end':
        print(renderEnd(event));
        break;
      default:
        event satisfies never;
    }
    redraw();
  };

  return {
    onEvent: (event) => handle(redactAll(event, options.secrets?.() ?? [])),
    close() {
      running.clear();
      settle();
    },
  };
}
