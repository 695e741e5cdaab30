/** Something that whoever runs the instance should know without having looked. */
export interface Notice {
  /** What it is about, the same for as long as it goes on: `unit:gitea-runbooks-wal`, `late:generation`. */
  readonly id: string;
  /** `error`: something that is relied on is not there. `warning`: it will be, if nobody does anything. */
  readonly severity: 'error' | 'warning';
  /** One sentence, without a full stop. */
  readonly what: string;
  /** ISO 8601, the host's clock: when it began, as far as is known. */
  readonly since: string;
  /** What to do. */
  readonly next: string;
}

/** A notice on its way to somebody: it is new, it still goes on a day later, or it is over. */
export interface ToldNotice extends Notice {
  readonly event: 'new' | 'still' | 'over';
  /** ISO 8601: when it was told. */
  readonly at: string;
}

/** A notice that is not over. */
export interface OpenNotice extends Notice {
  /** When it was told last; none where it came back so soon that it was not. */
  readonly told?: string;
}
