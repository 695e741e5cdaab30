/** What the phases must know of a host before they can say what they want on it. Read at the start of a run. */
export interface HostFacts {
  /** `ID` and `VERSION_ID` of /etc/os-release, for example "debian" and "13". */
  readonly distribution: string;
  readonly release: string;
  readonly prettyName: string;
  /** As `uname -m` prints it. */
  readonly architecture: string;
  readonly kernel: string;
  readonly memoryMiB: number;
  readonly swapMiB: number;
  readonly cpus: number;
  /** Seconds since 1970 by the host's own clock. */
  readonly clock: number;
  readonly hostname: string;
  /** cloud-init is still at work, as on the first boot of a cloud image. */
  readonly settingUp?: boolean;
}
