import type { Change } from '../core/change.ts';
import type { CheckResult } from '../core/event.ts';
import type { SpecKind, SpecOf } from '../core/spec.ts';
import type { Host } from '../host/port.ts';

/** What `apply` gets beside the change: the machine, and a way to tell how it goes on. */
export interface ApplyContext {
  readonly host: Host;
  /** Progress of a long change, line by line. */
  readonly progress: (line: string) => void;
}

/** A query, with the container of the database that it goes to. */
export interface Question {
  readonly database: string;
  readonly sql: string;
}

/**
 * One kind of thing on a host: how to ask for all of them in one snippet of POSIX shell, how to read the answer, when
 * and why a change is needed, and how to bring it about. `probe` and `diff` are pure; only `apply` touches the machine.
 */
export interface Kind<K extends SpecKind, Observed> {
  readonly kind: K;
  /** Shell that prints what is there. It must not write anywhere and must exit 0 whatever it finds. */
  readonly snippet: (specs: readonly SpecOf<K>[]) => string;
  /**
   * What it asks the database, which many kinds share: to enter the container costs far more than to answer. What the
   * snippet prints is then read behind a row `reachable` and the rows of the answer, or by itself where there is none.
   * Where the database has answered, `$answered` is set for the snippet.
   */
  readonly question?: (specs: readonly SpecOf<K>[]) => Question;
  /** One observation a spec, by spec id. Throws when the output is not what the snippet prints. */
  readonly parse: (text: string, specs: readonly SpecOf<K>[]) => ReadonlyMap<string, Observed>;
  /**
   * The change that is needed, or undefined where the spec is met. Throws RunbookError `refused` where what was found must
   * not be touched.
   */
  readonly diff: (spec: SpecOf<K>, observed: Observed) => Change | undefined;
  /** How the spec stands, for `doctor`, before its first deploy and after it. */
  readonly examine?: (spec: SpecOf<K>, observed: Observed) => Pick<CheckResult, 'status' | 'detail' | 'next'>;
  /**
   * For a kind that is judged by all others, and so comes behind them: its changes, given the ids of the specs that are not
   * met; and a script that has to run before the first change of a plan, whichever that is.
   */
  readonly among?: (spec: SpecOf<K>, observed: Observed, unmet: ReadonlySet<string>) => Among;
  /** Whether the change brings to light what was hidden: then the host is looked at again before anything else is done. */
  readonly reveals?: (observed: Observed) => boolean;
  /** Bring the spec about. May be called again after it was cut off anywhere. Throws RunbookError `changeFailed`. */
  readonly apply: (spec: SpecOf<K>, change: Change, context: ApplyContext, observed: Observed) => Promise<void>;
}

export interface Among {
  readonly changes: readonly Change[];
  readonly first?: string | undefined;
}
