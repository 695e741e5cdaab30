import { cloudError } from './errors.ts';
import { type Aws, limits } from './settings.ts';
import { type SdkError, statusOf } from './trouble.ts';

/** What an answer that is an error to the SDK means to the caller, by the error's name or its HTTP status. */
export type Expected<E> = Readonly<Record<string, (error: unknown) => E | Promise<E>>>;

export interface CallOptions<E> {
  readonly expected?: Expected<E>;
  /** Secret values that the request carries. */
  readonly hide?: readonly string[];
}

/**
 * One request to AWS: bounded in time with all its attempts, and any failure that is not expected a RunbookError
 * `credentialsRefused`. `doing` is the IAM action and what it is for, as `cloudError` takes it.
 */
export async function call<T, E = never>(
  aws: Aws,
  doing: string,
  send: (limit: { abortSignal: AbortSignal }) => Promise<T>,
  { expected = {}, hide = [] }: CallOptions<E> = {},
): Promise<T | E> {
  const abort = new AbortController();
  const over = Object.assign(new Error(`no end within ${limits.call / 1000} s`), { name: 'TimeoutError' });
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(over);
      abort.abort(over);
    }, limits.call);
  });
  try {
    return await Promise.race([send({ abortSignal: abort.signal }), limit]);
  } catch (error) {
    const { name = '' } = error as SdkError;
    const status = String(statusOf(error));
    const key = [name, status].find((word) => Object.hasOwn(expected, word));
    if (key !== undefined) return await expected[key]!(error);
    throw cloudError(error, doing, aws, hide);
  } finally {
    clearTimeout(timer);
  }
}
