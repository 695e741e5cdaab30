import { RunbookError } from '../../core/errors.ts';
import { sha256 } from '../../core/hash.ts';
import { inNetworks, isLoopback } from '../../core/network.ts';
import { quote } from '../../core/quote.ts';
import type { FirewallSpec } from '../../core/spec.ts';
import type { Kind } from '../kind.ts';
import { changeOf, must, rows } from '../text.ts';
import { type Proof, prove } from './confirmed.ts';
import { confirm, listing, loaded, remove, takeBack, tryOut } from './firewall-script.ts';

interface Observed {
  /** Hashes of what lies on the disk. */
  readonly file: string;
  readonly unit: string;
  /** `enabled active` when the unit is as it should be. */
  readonly state: string;
  /** Hashes of the table as nft prints it: the one in force, and the wanted one loaded where nobody is. */
  readonly live: string;
  readonly wanted: string;
  /** Where this very connection comes from and which port it was made to, as the host sees it; empty where it does not. */
  readonly client: string;
  readonly port: number;
  /** Ports that other containers than ours publish: `name: ports`. */
  readonly published: readonly string[];
}

const title = 'firewall';

export const firewall: Kind<'firewall', Observed> = {
  kind: 'firewall',
  snippet: (specs) => specs.map(snippetOf).join('\n'),
  parse: (text, specs) => {
    const found = rows(text);
    return new Map(
      specs.map(({ id }) => {
        const mine = found.filter(([first]) => first === id);
        const one = (word: string) => mine.find(([, second]) => second === word)?.slice(2) ?? [];
        const [client = '', , , port = ''] = (one('client')[0] ?? '').split(' ');
        const published = mine
          .filter(([, word]) => word === 'published')
          .map(([, , name, ports]) => `${name}: ${ports}`);
        const [file = '', unit = '', state = '', live = '', wanted = ''] = one('found');
        return [id, { file, unit, state, live, wanted, client, port: Number(port), published }];
      }),
    );
  },
  diff: (spec, observed) => {
    const { rules } = spec;
    const { file, unit, state, live, wanted, published } = observed;
    if (rules === undefined) {
      const left = file || unit || live;
      return left ? changeOf(spec, 'update', title, 'is not wanted any more: everything is open') : undefined;
    }
    const reasons: string[] = [];
    if (live === '') reasons.push('is not in force');
    else if (live !== wanted) reasons.push('other rules are in force');
    if (file !== sha256(rules)) reasons.push('the rules for the next boot are others');
    if (unit !== sha256(spec.unit.content)) reasons.push('its unit is another one');
    else if (state !== 'enabled active') reasons.push(`its unit is ${state}`);
    if (reasons.length === 0) return undefined;
    const missing = live === '' && file === '';
    const closes =
      missing && published.length > 0 ? ` (closes, unless network.allow says otherwise: ${published.join('; ')})` : '';
    refuseToLockOut(spec, observed);
    return changeOf(
      spec,
      missing ? 'create' : 'update',
      title,
      `${missing ? 'does not exist' : reasons.join(', ')}${closes}`,
    );
  },
  apply: async (spec, _change, { host, progress }) => {
    const { rules } = spec;
    if (rules === undefined) {
      await must(host, remove(spec), {
        what: 'the firewall could not be taken away',
        next: `on the host: systemctl status ${spec.unit.name}; nft list table inet gitea_runbooks`,
      });
      return;
    }
    await prove(proofOf(spec, rules), host, progress);
  },
};

/** Before anything is touched: rules that would not let this very connection in again. */
function refuseToLockOut({ ssh }: FirewallSpec, { client, port }: Observed): void {
  if (ssh === undefined || client === '' || isLoopback(client)) return;
  const refuse = (what: string, next: string) => {
    throw new RunbookError('refused', { what, next: `nothing was changed: ${next}` });
  };
  if (ssh.from && !inNetworks(ssh.from, client))
    refuse(
      `the firewall would lock you out: you come from ${client}, which is in no network of network.allow.ssh`,
      `add ${client}/${client.includes(':') ? 128 : 32} or its network there`,
    );
  if (port !== ssh.port)
    refuse(
      `the firewall would lock you out: the host's SSH server is at port ${port}, host.port is ${ssh.port}`,
      `something in front of the host changes the port, and network.allow cannot be heeded; leave \`ssh\` and \`other\` out`,
    );
}

const proofOf = (spec: FirewallSpec, rules: string): Proof => ({
  title: 'firewall rules',
  tryOut: tryOut(spec, rules),
  back: takeBack(spec),
  confirm: confirm(spec, rules),
  next: {
    unfit: 'read the line above: it is from nft. Where the kernel has no nf_tables, set `network.firewall: false`',
    getsIn: 'comes from where network.allow.ssh says, and to host.port as the host has it',
    lockedOut: 'set `network.firewall: false`',
  },
});

function snippetOf(spec: FirewallSpec): string {
  const { id, path, unit, rules } = spec;
  const hash = (of: string) => `"$(sha256sum -- ${quote(of)} 2>/dev/null | cut -d' ' -f1)"`;
  const found = `fw_live=$(${listing} | sha256sum | cut -d' ' -f1); [ -n "$(${listing})" ] || fw_live=
fw_wanted=${rules === undefined ? '' : `$(${loaded(rules)} | sha256sum | cut -d' ' -f1)`}
printf '%s\\tfound\\t%s\\t%s\\t%s\\t%s\\t%s\\n' ${quote(id)} ${hash(path)} ${hash(unit.path)} \\
  "$(systemctl is-enabled ${quote(unit.name)} 2>/dev/null) $(systemctl is-active ${quote(unit.name)} 2>/dev/null)" "$fw_live" "$fw_wanted"`;
  if (rules === undefined) return found;
  return `${found}
fw_pid=$$; fw_client=
while [ -z "$fw_client" ] && [ "\${fw_pid:-0}" -gt 1 ]; do
  fw_client=$(tr '\\0' '\\n' < "/proc/$fw_pid/environ" 2>/dev/null | sed -n 's/^SSH_CONNECTION=//p')
  fw_pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$fw_pid/status" 2>/dev/null)
done
printf '%s\\tclient\\t%s\\n' ${quote(id)} "$fw_client"
if [ -z "$fw_live" ]; then
  docker ps --format '{{.Label "com.docker.compose.project"}}{{"\\t"}}{{.Names}}{{"\\t"}}{{.Ports}}' 2>/dev/null |
    grep -e '->' | grep -v '^gitea	' | sed ${quote(`s|^[^\t]*|${id}\tpublished|`)}
fi
true`;
}
