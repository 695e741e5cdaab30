import { quote } from '../../core/quote.ts';
import type { Kind } from '../kind.ts';
import { changeOf, must } from '../text.ts';

/** Tells that a swap file is ours. */
export const swapLabel = 'gitea-runbooks';

/** `container` is true where the machine shares its kernel: swap is its host's business. */
interface Observed {
  readonly active: boolean;
  readonly container: boolean;
}

export const swap: Kind<'swap', Observed> = {
  kind: 'swap',
  snippet: () => `tail -n +2 /proc/swaps | sed 's/^/swap /'
systemd-detect-virt --container --quiet && echo container
true`,
  parse: (text, specs) => {
    const observed = { active: /^swap /m.test(text), container: /^container$/m.test(text) };
    return new Map(specs.map((spec) => [spec.id, observed]));
  },
  // Any swap will do: what an operator or a cloud image has set up is left as it is.
  diff: (spec, { active, container }) =>
    active || container
      ? undefined
      : changeOf(
          spec,
          'create',
          `swap file ${spec.path} of ${spec.sizeMiB} MiB`,
          'the host has little memory and no swap',
        ),
  apply: async (spec, _change, { host }) => {
    const path = quote(spec.path);
    await must(
      host,
      `set -eu
umask 077
[ -e ${path} ] || { fallocate -l ${spec.sizeMiB}M ${path}.next; mkswap -q -L ${swapLabel} ${path}.next; mv -T ${path}.next ${path}; }
cut -d' ' -f1 /etc/fstab | grep -qxF -e ${path} || printf '%s none swap sw 0 0\\n' ${path} >> /etc/fstab
swapon ${path}`,
      { what: 'the swap file could not be made', next: 'check free space with `df -h /`, or set `host.swap: off`' },
    );
  },
};
