/** How a restore went that was done for the sake of it, beside what is in use. Times are milliseconds or ISO 8601. */
export interface Drill {
  readonly format: 1;
  /** When it began, and on which host. */
  readonly at: string;
  readonly host: string;
  /** Version of this library. */
  readonly release: string;
  readonly from: 'local' | 'remote';
  /** Of which generation, as far as it came to that. */
  readonly generation?: string;
  readonly result: 'passed' | 'failed';
  /** What was not as it should be, in sentences; none in one that has passed. */
  readonly problems: readonly string[];
  /** What else people should know. */
  readonly notes: readonly string[];
  /** From the start to a restored Gitea that answers whoever signs in: what a restore takes. */
  readonly rto?: number;
  /** From the moment that the generation is of to the start: what would have been lost with the host. */
  readonly rpo?: number;
  /** All of it, looking at everything included. */
  readonly took: number;
  readonly steps: Readonly<Record<string, number>>;
  /** How many of each were looked at. */
  readonly checked: Readonly<Record<string, number>>;
}

/** A drill as it stands in the record: it names the line before it by its hash, and is signed by the host. */
export interface RecordedDrill extends Drill {
  /** SHA-256 of the line before; empty in the first. */
  readonly before: string;
  /** Of all the rest, by the host's SSH key: what stands between the first and the last line of a signature of ssh-keygen. */
  readonly signature: string;
}

/** A line of the record, and what is wrong with it. */
export interface ListedDrill {
  /** From 1 on. */
  readonly line: number;
  readonly drill?: Drill;
  readonly trouble?: string;
}
