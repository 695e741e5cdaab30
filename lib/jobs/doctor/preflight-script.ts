import type { Config } from '../../config/config.types.ts';
import { quote, quoteAll } from '../../core/quote.ts';
import { holdersScript } from '../../engine/lock-script.ts';
import { contributions } from '../../phases/index.ts';
import { broughtScript } from './brought.ts';

/** One script for all preflight questions; it prints `word<TAB>…` rows and writes nothing. `trust` is the text of tls.caBundle, or empty. */
export function preflightScript(config: Config, trust: string, brought = contributions(config)): string {
  const wanted = brought.ports.map((port) => `sport = :${port}`).join(' or ');
  return `tab=$(printf '\\t')
row() { out=$1; shift; for word in "$@"; do out="$out$tab$word"; done; printf '%s\\n' "$out"; }
df -Pm / /var/lib/docker ${quoteAll([config.host.dataPath, config.backup.local.path])} 2>/dev/null | awk 'NR>1 && !seen[$6]++ {print "disk\\t" $6 "\\t" $2 "\\t" $4}'
df -Pi / ${quote(config.host.dataPath)} 2>/dev/null | awk 'NR>1 && !seen[$6]++ {print "inodes\\t" $6 "\\t" $2 "\\t" $4}'
ss -Hltnp '( ${wanted} )' 2>/dev/null | awk '{print "port\\t" $4 "\\t" $6}'
row systemd "$(ps -p 1 -o comm= 2>/dev/null || cat /proc/1/comm)"
row timesync "$(timedatectl show -p NTPSynchronized --value 2>/dev/null)" "$(systemd-detect-virt --container 2>/dev/null)"
${broughtScript(brought, trust)}
docker ps -a --format '{{.Names}}{{"\\t"}}{{.Label "com.docker.compose.project"}}{{"\\t"}}{{.Ports}}' 2>/dev/null | sed "s/^/container$tab/"
{ ${holdersScript()}; } | sed "s/^/lock$tab/"
true`;
}
