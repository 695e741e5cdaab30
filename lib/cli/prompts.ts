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
  if (isCancel(answer))
    throw new RunbookError('interrupted', {
      what: 'interrupted at the question',
      next: 'nothing was changed; run the same command again',
    });
  if (!answer)
    throw new RunbookError('refused', {
      what: 'not approved',
      next: 'nothing was changed; run the same command again when it suits',
    });
}

/** The passphrase of a private key, or nothing where there is no terminal or nothing was typed. */
export async function askPassphrase(keyPath: string, signal?: AbortSignal): Promise<Secret | undefined> {
  if (!hasTerminal()) return undefined;
  const { password, isCancel } = await import('@clack/prompts');
  const answer = await password({ message: `Passphrase of ${keyPath}`, ...place(signal) });
  if (isCancel(answer))
    throw new RunbookError('interrupted', {
      what: 'interrupted at the passphrase',
      next: 'nothing was changed; run the same command again',
    });
  return answer ? new Secret('passphrase', answer) : undefined;
}

function place(signal: AbortSignal | undefined) {
  return { input: process.stdin, output: process.stderr, ...(signal ? { signal } : {}) };
}
