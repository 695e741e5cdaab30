import { quote } from '../../core/quote.ts';
import type { FirewallSpec } from '../../core/spec.ts';

const table = 'inet gitea_runbooks';
const timer = 'gitea-runbooks-firewall-revert';
/** Memory: rules that nobody has confirmed are gone after a reboot, and what lies on the disk is loaded. */
const candidate = '/run/gitea-runbooks/firewall.candidate';
/** Seconds until the host takes the old rules back by itself when nobody confirmed the new ones. */
const deadline = 50;

/** The table in force, without counters; nothing where there is none. */
export const listing = `nft -s list table ${table} 2>/dev/null`;

/**
 * The same text for other rules: they are loaded in a network of their own, where nobody is, so that nft's own words are
 * compared with nft's own words.
 */
export const loaded = (rules: string) =>
  `printf %s ${quote(rules)} | unshare -n sh -c ${quote(`nft -f - && nft -s list table ${table}`)} 2>/dev/null`;

/** What was confirmed last, or nothing. Rules that cannot be loaded must not keep those in force that nobody confirmed. */
const restore = ({ path }: FirewallSpec) =>
  `if ! nft -f ${quote(path)} 2>/dev/null; then nft delete table ${table} 2>/dev/null; fi; rm -f ${candidate}`;

const disarm = `systemctl stop ${timer}.timer ${timer}.service 2>/dev/null || true`;

/** Check, arm the way back, load: in this order, so that a cut at any point ends with a way in. */
export const tryOut = (spec: FirewallSpec, rules: string) => `set -eu
mkdir -p /run/gitea-runbooks
${disarm}
systemctl reset-failed ${timer}.service ${timer}.timer 2>/dev/null || true
printf %s ${quote(rules)} > ${candidate}
nft -c -f ${candidate}
systemd-run --quiet --collect --on-active=${deadline} --timer-property=AccuracySec=1s --unit=${timer} sh -c ${quote(restore(spec))}
nft -f ${candidate}`;

export const takeBack = (spec: FirewallSpec) => `${disarm}
${restore(spec)}
true`;

/**
 * Only now is anything written that a boot would load, the rules last: while they are not there, the next look sees what is
 * left to do. Too late is told: then the host has taken the old rules back.
 */
export const confirm = ({ path, unit }: FirewallSpec, rules: string) => `set -eu
${disarm}
[ "$(${listing})" = "$(${loaded(rules)})" ] || { echo 'the old rules are in force again'; exit 1; }
put() { cat > "$1.next"; chmod 0644 "$1.next"; sync -d "$1.next"; mv -fT "$1.next" "$1"; }
printf %s ${quote(unit.content)} | put ${quote(unit.path)}
systemctl daemon-reload
systemctl enable --quiet ${quote(unit.name)}
rm -f ${candidate}
printf %s ${quote(rules)} | put ${quote(path)}
systemctl reload-or-restart ${quote(unit.name)}`;

/** Opens, so it can lock nobody out. The file goes last: while it is there, the next look sees what is left to do. */
export const remove = ({ path, unit }: FirewallSpec) => `set -eu
${disarm}
systemctl disable --now --quiet ${quote(unit.name)} 2>/dev/null || true
rm -f ${quote(unit.path)}
systemctl daemon-reload
if command -v nft >/dev/null 2>&1 && nft list table ${table} >/dev/null 2>&1; then nft delete table ${table}; fi
rm -f ${quote(path)} ${candidate}`;
