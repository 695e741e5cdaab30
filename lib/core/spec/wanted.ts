/** What every wanted thing has: an id that is unique in a plan, and the phase that wants it. */
export interface Wanted {
  readonly id: string;
  readonly phase: string;
}

/** What a change costs the people who use Gitea, mildest first. The last is always refused. */
export const impacts = ['none', 'reload', 'restart', 'downtime', 'destroys-data'] as const;
export type Impact = (typeof impacts)[number];
