import { RunbookError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';

/** Can somebody be asked? Questions go to standard error: standard output belongs to the result. */
export function hasTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/**
 * Comes back only when the question was answered with yes, or when `yes` (the flag) answers it beforehand.
 * Everything else is thrown, so that a forgotten result cannot pass for an approval: `refused` for a no and where
 * there is no terminal, `interrupted` for Ctrl-C.
 */
export async function confirm(
  question: string,
  options: { readonly yes: boolean; readonly signal?: AbortSignal },
): Promise<void> {
  if (options.yes) return;
  if (!hasTerminal()) {
    throw new RunbookError('refused', {
      what: `this needs an approval and there is no terminal to ask on: ${question}`,
      next: 'run the same command with --yes once you have read the plan',
    });
  }
  const { confirm: ask, isCancel } = await import('@clack/prompts');
  const answer = await ask({ message: question, initialValue: false, ...place(options.signal) });
  if (isCancel(answer)) throw leftAt('the question');
  if (!answer)
    throw new RunbookError('refused', {
      what: 'not approved',
      next: 'nothing was changed; run the same command again when it suits',
    });
}

/**
 * Comes back only when exactly these words were typed, or given beforehand (the flag --confirm): for what cannot be taken
 * back, where a yes comes too easily. The flag --yes does not answer it. Thrown: `refused` and `interrupted`, as above.
 */
export async function confirmTyped(
  question: string,
  words: string,
  options: { readonly given?: string | undefined; readonly signal?: AbortSignal },
): Promise<void> {
  const { given, signal } = options;
  if (given === words) return;
  if (given !== undefined) {
    throw new RunbookError('refused', {
      what: `${question} It was confirmed with other words than its own: '${given}'`,
      next: `nothing was changed; read the plan, and if that is what you want: --confirm '${words}'`,
    });
  }
  if (!hasTerminal()) {
    throw new RunbookError('refused', {
      what: `${question} That needs a confirmation by name, which --yes is not, and there is no terminal to ask on`,
      next: `read the plan, and if that is what you want, run the same command again with --confirm '${words}'`,
    });
  }
  const { text, isCancel } = await import('@clack/prompts');
  const typed = await text({ message: `${question} Type "${words}" to go on`, ...place(signal) });
  if (isCancel(typed)) throw leftAt('the question');
  if (typed?.trim() === words) return;
  throw new RunbookError('refused', {
    what: 'not approved: other words were typed',
    next: 'nothing was changed; run the same command again when it suits',
  });
}

/**
 * Whether what runs on the host is to end there as well, for whoever has typed Ctrl-C. Where nobody can be asked, or Ctrl-C is
 * the answer, it goes on.
 */
export async function askToEnd(): Promise<boolean> {
  if (!hasTerminal()) return false;
  const { confirm: ask } = await import('@clack/prompts');
  const message = 'It goes on on the host without you. End it there as well?';
  return (await ask({ message, initialValue: false, ...place(undefined) })) === true;
}

/** The passphrase of a private key, or nothing where there is no terminal or nothing was typed. */
export async function askPassphrase(keyPath: string, signal?: AbortSignal): Promise<Secret | undefined> {
  if (!hasTerminal()) return undefined;
  const { password, isCancel } = await import('@clack/prompts');
  const answer = await password({ message: `Passphrase of ${keyPath}`, ...place(signal) });
  if (isCancel(answer)) throw leftAt('the passphrase');
  return answer ? new Secret('passphrase', answer) : undefined;
}

function leftAt(what: string): RunbookError {
  return new RunbookError('interrupted', {
    what: `interrupted at ${what}`,
    next: 'nothing was changed; run the same command again',
  });
}

function place(signal: AbortSignal | undefined) {
  return { input: process.stdin, output: process.stderr, ...(signal ? { signal } : {}) };
}
