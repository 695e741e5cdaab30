import { quote, quoteAll } from '../../core/quote.ts';
import type { UnitSpec } from '../../core/spec.ts';
import type { Kind } from '../kind.ts';
import { changeOf, must } from '../text.ts';

interface Observed {
  readonly properties: Readonly<Record<string, string>>;
  /** Watched files that are newer than the unit's start. */
  readonly newer: readonly string[];
  /** Another unit that does as well is active. */
  readonly replaced?: boolean;
}

const properties = [
  'Id',
  'LoadState',
  'ActiveState',
  'UnitFileState',
  'NeedDaemonReload',
  'ActiveEnterTimestamp',
  'ConditionResult',
  'ConditionTimestamp',
].join(',');

/** "Mon 2026-11-23 12:38:12.123456 UTC" as seconds since 1970; undefined for a unit that never started. */
export function parseTimestamp(text: string | undefined): number | undefined {
  const match = /^\S+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)? UTC$/.exec(text ?? '');
  if (!match) return undefined;
  return Date.parse(`${match[1]}T${match[2]}Z`) / 1000 + Number(match[3] ?? 0);
}

/** systemd itself says that the unit does not apply here (for example time sync in a container). */
const notApplicable = ({ properties: p }: Observed) =>
  p.ActiveState === 'inactive' && p.ConditionResult === 'no' && (p.ConditionTimestamp ?? '') !== '';

export const unit: Kind<'unit', Observed> = {
  kind: 'unit',
  snippet: (specs) => {
    const watched = [...new Set(specs.flatMap((spec) => spec.watches ?? []))];
    const stat = watched.length === 0 ? '' : `stat -c 'watch\t%n\t%.9Y' -- ${quoteAll(watched)} 2>/dev/null`;
    return `TZ=UTC systemctl show --no-pager --timestamp=us -p ${properties} -- ${quoteAll(specs.flatMap((s) => [s.name, ...(s.alternatives ?? [])]))}
echo
${stat}
true`;
  },
  parse: (text, specs) => {
    const mtimes = new Map<string, number>();
    const units = new Map<string, Record<string, string>>();
    for (const block of text.split(/\n\s*\n/)) {
      const found: Record<string, string> = {};
      for (const line of block.split('\n')) {
        const [word, path, time] = line.split('\t');
        if (word === 'watch') mtimes.set(path!, Number(time));
        else if (line.includes('=')) found[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
      }
      if (found.Id) units.set(found.Id, found);
    }
    return new Map(
      specs.map((spec) => {
        const found = units.get(spec.name);
        if (!found) throw new Error(`systemctl show said nothing about ${spec.name}`);
        const started = parseTimestamp(found.ActiveEnterTimestamp);
        const newer = (spec.watches ?? []).filter((path) => started !== undefined && (mtimes.get(path) ?? 0) > started);
        const replaced = (spec.alternatives ?? []).some((name) => units.get(name)?.ActiveState === 'active');
        return [spec.id, { properties: found, newer, replaced }];
      }),
    );
  },
  diff: (spec, observed) => {
    const { properties: p, newer } = observed;
    if (observed.replaced) return undefined;
    if (p.LoadState === 'not-found') return changeOf(spec, 'create', spec.name, 'is not there yet', spec.impact);
    const reasons: string[] = [];
    if (p.NeedDaemonReload === 'yes') reasons.push('its unit file changed on disk');
    if (p.UnitFileState === 'disabled' || p.UnitFileState === 'masked') reasons.push(`is ${p.UnitFileState}`);
    if (p.ActiveState !== 'active' && !notApplicable(observed)) reasons.push(`is ${p.ActiveState}`);
    if (newer.length > 0) reasons.push(`started before ${newer.join(', ')} was last written`);
    return reasons.length === 0 ? undefined : changeOf(spec, 'refresh', spec.name, reasons.join(', '), spec.impact);
  },
  apply: async (spec, _change, { host }) => {
    await must(host, script(spec), {
      what: `${spec.name} did not start`,
      next: `on the host: systemctl status ${spec.name}; journalctl -u ${spec.name} -n 50`,
      timeout: 120,
    });
  },
};

function script(spec: UnitSpec): string {
  const name = quote(spec.name);
  // Enabling a static unit is an error in itself, so only what can be enabled is.
  return `systemctl daemon-reload
case "$(systemctl is-enabled ${name} 2>/dev/null)" in disabled) systemctl enable ${name} ;; masked) systemctl unmask ${name}; systemctl enable ${name} ;; esac
systemctl restart ${name} || { journalctl --no-pager -u ${name} -n 15; exit 1; }`;
}
