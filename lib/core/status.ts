/** One line of the audit log on the host. A run that changes nothing is one line; one that changes things has a start and an end. */
export interface RecordLine {
  readonly run: string;
  /** ISO 8601. */
  readonly at: string;
  readonly who: string;
  readonly runbook: string;
  readonly event: 'start' | 'change' | 'end';
  readonly outcome?: string;
  readonly change?: string;
  readonly why?: string;
  /** Milliseconds. */
  readonly took?: number;
  readonly changes?: number;
  readonly error?: string;
  /** At the end of a run that could see them: the image of each service, for whoever has to go back to it. */
  readonly images?: Readonly<Record<string, RunningImage>>;
}

/** The image that a container was made from. */
export interface RunningImage {
  /** As the compose file names it. */
  readonly ref: string;
  /** As Docker on this host names it. */
  readonly id: string;
  /** As registries name it, repository@sha256:…; none for one that came from no registry, or lost its name since. */
  readonly digests: readonly string[];
}

export interface ServiceStatus {
  readonly name: string;
  readonly image: string;
  /** As Docker says it: running, exited, restarting, …; `missing` where there is no container. */
  readonly state: string;
  /** healthy, unhealthy, starting, or none where the container has no check. */
  readonly health: string;
  /** ISO 8601; empty where there is no container. */
  readonly since: string;
  readonly restarts: number;
}

export interface StatusReport {
  readonly host: string;
  readonly system: string;
  readonly services: readonly ServiceStatus[];
  readonly certificate:
    | { readonly issuer: string; readonly validTo: string; readonly daysLeft: number; readonly placeholder: boolean }
    | undefined;
  /** Per file system that matters. Sizes in MiB. */
  readonly disks: readonly {
    readonly mount: string;
    readonly sizeMiB: number;
    readonly freeMiB: number;
    readonly freePercent: number;
  }[];
  /** What the parts of the instance tell of themselves. */
  readonly lines: readonly { readonly title: string; readonly text: string; readonly good: boolean }[];
  /** How many changes a deploy would make now; 0 is converged. */
  readonly pending: number;
  readonly pendingTitles: readonly string[];
  /** Secrets whose rotation was cut off and waits to be finished. */
  readonly rotation: readonly string[];
  /** Newest first. */
  readonly lastRuns: readonly RecordLine[];
  /** True when all services run and are healthy, a real certificate is served and nothing is pending. */
  readonly healthy: boolean;
}
