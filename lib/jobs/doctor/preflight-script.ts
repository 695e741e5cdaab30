import type { Config } from '../../config/config.types.ts';
import { quote } from '../../core/quote.ts';
import { holdersScript } from '../../engine/lock-script.ts';
import { volume } from '../../kinds/volume.ts';
import { contributions } from '../../phases/index.ts';
import { certificateSpec } from '../../phases/tls.ts';
import { dataVolume } from '../../phases/volume.ts';
import { ask } from '../converge/questions.ts';

/** First host address of the registry that the images come from, or the mirror. */
export function registryOf(config: Config): string {
  if (config.docker.registryMirror) return config.docker.registryMirror.replace(/\/$/, '');
  const first = config.images.gitea.split('/')[0]!;
  return first.includes('.') || first.includes(':') ? `https://${first}` : 'https://registry-1.docker.io';
}

/** One script for all preflight questions; it prints `word<TAB>…` rows and writes nothing. `trust` is the text of tls.caBundle, or empty. */
export function preflightScript(config: Config, trust: string, { ports, checks } = contributions(config)): string {
  const tls = certificateSpec(config);
  const wanted = ports.map((port) => `sport = :${port}`).join(' or ');
  const curl = `curl -sS -o /dev/null --max-time 10 -w '%{http_code}'`;
  return `tab=$(printf '\\t')
row() { out=$1; shift; for word in "$@"; do out="$out$tab$word"; done; printf '%s\\n' "$out"; }
df -Pm / /var/lib/docker ${quote(config.host.dataPath)} 2>/dev/null | awk 'NR>1 && !seen[$6]++ {print "disk\\t" $6 "\\t" $2 "\\t" $4}'
df -Pi / ${quote(config.host.dataPath)} 2>/dev/null | awk 'NR>1 && !seen[$6]++ {print "inodes\\t" $6 "\\t" $2 "\\t" $4}'
ss -Hltnp '( ${wanted} )' 2>/dev/null | awk '{print "port\\t" $4 "\\t" $6}'
${volume.snippet(dataVolume(config, 'preflight'))}
row systemd "$(ps -p 1 -o comm= 2>/dev/null || cat /proc/1/comm)"
row timesync "$(timedatectl show -p NTPSynchronized --value 2>/dev/null)" "$(systemd-detect-virt --container 2>/dev/null)"
${ask('check', checks)}
docker ps -a --format '{{.Names}}{{"\\t"}}{{.Label "com.docker.compose.project"}}{{"\\t"}}{{.Ports}}' 2>/dev/null | sed "s/^/container$tab/"
if command -v curl >/dev/null 2>&1; then
  row registry "$(${curl} ${quote(`${registryOf(config)}/v2/`)} 2>&1)"
  row acme "$(printf '%s' ${quote(trust)} | ${curl} ${trust ? '--cacert /dev/stdin' : ''} ${quote(tls.server)} 2>&1)"
else
  row nocurl
fi
{ ${holdersScript()}; } | sed "s/^/lock$tab/"
true`;
}
