import { type ExitName, exitCodes, RunbookError } from '../core/errors.ts';
import type { OnEvent } from '../core/event.ts';
import type { Secret } from '../core/secret.ts';
import { type FlagSpecs, type FlagValues, type ParsedFlags, parseFlags, scriptWords } from './flags.ts';
import { helpText } from './help.ts';
import { onInterrupt, progress } from './interrupt.ts';
import { chooseReporter, colorOn, type Fail, failWith, resultText } from './output.ts';
import { askPassphrase, askToEnd, confirm, confirmTyped } from './prompts.ts';
import { type ResultStream, resultStream } from './streams.ts';

/** What a runbook is, all that --help needs to know included. */
export interface Runbook<F extends FlagSpecs> {
  /** The file name without ".mjs". */
  readonly name: string;
  readonly purpose: string;
  /** Flags besides those that every runbook has. */
  readonly flags?: F;
  /** Words it takes besides flags. */
  readonly words?: { readonly show: string; readonly most: number; readonly choices?: readonly string[] };
  readonly examples: readonly string[];
  /** Besides done, unexpected and interrupted, which every runbook can end with. */
  readonly exitCodes: readonly ExitName[];
  /** False where the plan is the result, and so not progress as well. */
  readonly showPlan?: boolean;
  readonly main: (run: Run<F>) => Promise<RunResult | undefined>;
}

/** What a runbook works with. */
export interface Run<F extends FlagSpecs = Record<never, never>> {
  readonly flags: FlagValues<F>;
  readonly words: readonly string[];
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  /** Colour on standard output? */
  readonly color: boolean;
  /** From here on these values are shown as `<secret NAME>`. */
  readonly hide: (...secrets: readonly Secret[]) => void;
  /** Comes back only when approved, by --yes or on the terminal. */
  readonly confirm: (question: string) => Promise<void>;
  /** Comes back only when exactly these words were typed, or `given` beforehand by a flag; --yes does not answer it. */
  readonly confirmTyped: (question: string, words: string, given?: string) => Promise<void>;
  readonly askPassphrase: (keyPath: string) => Promise<Secret | undefined>;
  /** After Ctrl-C: whether what runs on the host is to end there as well. */
  readonly askToEnd: () => Promise<boolean>;
}

/** What goes to standard output: `text`, or with --json the document `json`. */
export interface RunResult {
  readonly text: string;
  readonly json: unknown;
  /** How it ended, where that is not `done`. */
  readonly exit?: ExitName;
}

/**
 * What may keep an ended process alive (a socket that is still closing) gets this long, in milliseconds. Nothing after an
 * interruption: whoever has typed Ctrl-C wants the prompt.
 */
const grace = 2000;

/** The frame of every runbook: command line, progress, result, failures, signals, exit code. Never rejects. */
export async function runbook<const F extends FlagSpecs = Record<never, never>>(book: Runbook<F>): Promise<void> {
  process.exitCode = exitCodes.unexpected;
  const words = scriptWords(process.argv, book.name);
  const shown = { json: words.includes('--json'), verbose: words.includes('--verbose') };
  const stdout = resultStream(shown.json);
  const fail = failWith(stdout, shown);
  try {
    const own = book.flags ?? ({} as F);
    const parsed = parseFlags(words, own, { most: 0, ...book.words });
    if (parsed.flags.help) {
      await stdout.write(helpText({ ...book, words: book.words?.show ?? '', flags: own }));
      process.exitCode = exitCodes.done;
    } else {
      await work(book, parsed, stdout, fail);
    }
  } catch (error) {
    await fail(error, []);
  }
  stdout.restore();
  const left = process.exitCode === exitCodes.interrupted ? 0 : grace;
  setTimeout(() => process.exit(), left).unref();
}

async function work<F extends FlagSpecs>(
  book: Runbook<F>,
  { flags, words }: ParsedFlags<F>,
  stdout: ResultStream,
  fail: Fail,
): Promise<void> {
  const secrets = new Set<Secret>();
  const controller = new AbortController();
  const seen = progress();
  const reporter = chooseReporter(flags, book.showPlan ?? true, () => secrets);
  const interrupted = () => seen.interrupted(`npx zx runbooks/${book.name}.mjs`);
  const end = (error: unknown) => {
    reporter.close();
    const own = error instanceof RunbookError && error.kind === 'interrupted';
    return fail(controller.signal.aborted && !own ? interrupted() : error, secrets);
  };
  const release = [
    onInterrupt(
      controller,
      () =>
        reporter.onEvent({
          type: 'warning',
          text: 'interrupted: ending where nothing is torn; once more ends at once',
        }),
      () => void end(interrupted()),
    ),
    onLate((error) => void end(error).then(() => process.exit())),
    onEmpty(() => void end(new Error('the run ended before its work was done'))),
  ];
  try {
    const result = await book.main({
      flags,
      words,
      signal: controller.signal,
      color: colorOn(process.stdout),
      onEvent(event) {
        seen.see(event);
        reporter.onEvent(event);
      },
      hide(...more) {
        for (const secret of more) secrets.add(secret);
      },
      confirm: (question) => confirm(question, { yes: flags.yes, signal: controller.signal }),
      confirmTyped: (question, words, given) => confirmTyped(question, words, { given, signal: controller.signal }),
      async askPassphrase(keyPath) {
        const typed = await askPassphrase(keyPath, controller.signal);
        if (typed) secrets.add(typed);
        return typed;
      },
      askToEnd,
    });
    reporter.close();
    if (controller.signal.aborted) throw interrupted();
    await stdout.write(resultText(result, flags.json, secrets));
    process.exitCode = exitCodes[result?.exit ?? 'done'];
  } catch (error) {
    await end(error);
  } finally {
    for (const undo of release) undo();
  }
}

/** Late errors of a library belong to nobody's await: they end the run like any other failure. */
function onLate(handle: (error: unknown) => void): () => void {
  process.on('uncaughtException', handle).on('unhandledRejection', handle);
  return () => process.off('uncaughtException', handle).off('unhandledRejection', handle);
}

/** The process is about to end while the work still waits for something that can no longer come. */
function onEmpty(handle: () => void): () => void {
  process.once('exit', handle);
  return () => process.off('exit', handle);
}
