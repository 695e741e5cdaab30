import type { Wanted } from './wanted.ts';

/** The sshd settings, kept only when a second connection proves that the operator still gets in. */
export interface SshdSpec extends Wanted {
  readonly kind: 'sshd';
  readonly path: string;
  readonly content: string;
}

/** The table of the packet filter that is ours, kept only when a second connection proves that the operator still gets in. */
export interface FirewallSpec extends Wanted {
  readonly kind: 'firewall';
  /** What is loaded at each boot. */
  readonly path: string;
  /** The whole table; undefined where there shall be none of ours. */
  readonly rules: string | undefined;
  /** The systemd service that loads it. */
  readonly unit: { readonly name: string; readonly path: string; readonly content: string };
  /** What the rules let through to the host's own SSH server; undefined where they say nothing about it. */
  readonly ssh: { readonly port: number; readonly from: readonly string[] | undefined } | undefined;
}
