import type { Wanted } from './wanted.ts';

/**
 * A block device of its own for the data, mounted where the data goes. A file system is made only on a device that holds
 * nothing at all; ext4 and XFS are taken as they are; anything else is refused.
 */
export interface VolumeSpec extends Wanted {
  readonly kind: 'volume';
  /** The device, by a name that stays. */
  readonly device: string;
  /** Where it is mounted. */
  readonly path: string;
  /** systemd's name of the mount. */
  readonly unit: string;
  /** The mount unit itself, and what makes others wait for it. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
}
