/** What would be removed off the host, what stays there and why. */
export interface PrunePlan {
  /** The address of the place. */
  readonly place: string;
  /** Whole generations that stay, newest first, each with the rules that keep it. */
  readonly stays: readonly { readonly id: string; readonly why: readonly string[] }[];
  /** Whole generations that go, newest first. */
  readonly goes: readonly string[];
  /** What runs left behind that were cut off: snapshots without a manifest, older than the newest whole generation. */
  readonly unfinished: readonly string[];
  /** Bytes, as restic reckons them: what the place would not need any more, and what is left of it. */
  readonly freed?: number;
  readonly left?: number;
  /** Days for which the bucket of ours goes on holding what is removed, and costs as much. */
  readonly heldDays?: number;
  /** When the newest whole generation off the host was read back and found to be sound, ISO 8601. */
  readonly verified?: string;
  /** Why nothing can be removed now, and what to do about it. */
  readonly refused?: { readonly what: string; readonly next: string };
}
