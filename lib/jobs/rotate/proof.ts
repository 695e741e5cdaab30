import type { Config } from '../../config/config.types.ts';
import { loginOf, loginRoles } from '../../core/database-login.ts';
import { databaseName, databaseSuperuser } from '../../core/database-roles.ts';
import type { CheckResult } from '../../core/event.ts';
import { quote, quoteAll } from '../../core/quote.ts';
import type { SecretSet } from '../../core/secrets.ts';
import type { Host } from '../../host/port.ts';
import { addressesOf } from '../../phases/addresses.ts';
import { appIniTarget } from '../../phases/app-ini.ts';
import { contributions } from '../../phases/index.ts';
import { containers } from '../../phases/layout.ts';
import { secretPath } from '../../phases/secrets.ts';
import type { Rotatable } from '../../secrets/rotation.ts';
import { result } from '../converge/check-result.ts';

interface Replaced {
  readonly names: readonly Rotatable[];
  readonly before: SecretSet;
  readonly after: SecretSet;
}

/**
 * Ask Gitea itself and the database, on the host, whether the new values are in force and the old ones are not. What
 * cannot be asked (LFS) is looked up in Gitea's own settings; the checks from outside use it. Values stay on the host.
 */
export async function prove(host: Host, config: Config, replaced: Replaced): Promise<CheckResult[]> {
  const { stdout } = await host.query({ script: proofScript(config, replaced), timeout: 60 });
  return verdicts(stdout, replaced.names, loginOf(replaced.after.postgres_password).role);
}

/** A value travels from its file into the standard input of curl, and into no argument list. */
export function proofScript(config: Config, { before, after }: Replaced): string {
  const gitea = `http://${addressesOf(config.network.subnet).gitea}:3000`;
  const files = contributions(config).secrets.filter(({ reader }) => reader === undefined);
  const paths = (set: SecretSet) =>
    new Map(files.map((wanted): [string, string] => [wanted.secret, secretPath(wanted, set)]));
  const [old, now] = [paths(before), paths(after)];
  const both = (name: Rotatable) => quoteAll([now.get(name)!, old.get(name)!]);
  const sessions = `select usename, count(*) from pg_stat_activity where datname = 'gitea' and client_addr is not null and usename in (${loginRoles.map((role) => `'${role}'`).join(', ')}) group by 1`;
  return `ask() {
  [ -r "$2" ] || { echo none; return; }
  printf '%s: Bearer %s\\n' "$1" "$(cat "$2")" | curl -s -o /dev/null -w '%{http_code}' --max-time 10 -H @- "$3"
}
setting() {
  docker exec ${quote(containers.gitea)} cat ${quote(`${appIniTarget}/app.ini`)} | awk -v section="[$1]" -v key="$2" '/^[ \\t]*\\[/ { on = ($1 == section) } on && /=/ {
    name = $0; sub(/[ \\t]*=.*/, "", name); gsub(/^[ \\t]+/, "", name)
    if (name == key) { sub(/^[^=]*=[ \\t]*/, ""); gsub(/^[\`"]|[\`"]$/, ""); print; exit }
  }'
}
kept() { if [ "$(setting "$1" "$2")" = "$(cat "$3")" ]; then echo yes; else echo no; fi; }
asked() { printf '%s\\t%s\\t%s\\t%s\\n' "$1" "$(ask "$2" "$4" "$3")" "$(ask "$2" "$5" "$3")" "$(kept "$6" "$7" "$4")"; }
asked gitea_metrics_token Authorization ${gitea}/metrics ${both('gitea_metrics_token')} metrics TOKEN
asked gitea_internal_token X-Gitea-Internal-Auth ${gitea}/api/internal/ ${both('gitea_internal_token')} security INTERNAL_TOKEN
printf 'gitea_lfs_jwt_secret\\t\\t\\t%s\\n' "$(kept server LFS_JWT_SECRET ${quote(now.get('gitea_lfs_jwt_secret')!)})"
curl -s -o /dev/null --max-time 10 ${gitea}/api/healthz
docker exec ${quote(containers.database)} psql -U ${databaseSuperuser} -d ${databaseName} -XqtA -F '\t' -c ${quote(sessions)} | sed 's/^/session\t/'
true`;
}

const titles: Readonly<Record<Rotatable, string>> = {
  postgres_password: 'Database login',
  gitea_metrics_token: 'Metrics token',
  gitea_internal_token: 'Internal token',
  gitea_lfs_jwt_secret: 'LFS secret',
};

/** What the script printed, as one check for each secret; pure. `role` is the login that Gitea was given. */
export function verdicts(text: string, names: readonly Rotatable[], role: string): CheckResult[] {
  const found = text.split('\n').map((line) => line.split('\t'));
  return names.map((name) => {
    const [, now = '', old = '', kept = ''] = found.find(([word]) => word === name) ?? [];
    const sessions = found.filter(([word]) => word === 'session').map(([, user]) => user ?? '');
    const wrong = {
      postgres_password: () => wrongSessions(sessions, role),
      gitea_metrics_token: () => notTaken(now === '200', now) ?? stillTaken(old, '401') ?? notKept(kept),
      // Whoever has the token is told that there is nothing at this address; all others are not let in.
      gitea_internal_token: () => notTaken(/^(2..|404|405)$/.test(now), now) ?? stillTaken(old, '403') ?? notKept(kept),
      gitea_lfs_jwt_secret: () => notKept(kept),
    }[name]();
    const good = {
      postgres_password: `Gitea is logged in as ${role}`,
      gitea_lfs_jwt_secret: 'the new one is in force',
    };
    const fine = good[name as keyof typeof good] ?? 'the new one is let in, the old one is not';
    const next = `npx zx runbooks/status.mjs; on the host: docker logs --tail 50 ${containers.gitea}`;
    return result(`rotation.${name}`, wrong ? 'fail' : 'pass', titles[name], wrong ?? fine, next);
  });
}

const notTaken = (good: boolean, code: string) =>
  good ? undefined : `Gitea answers ${code || 'nothing'} to the new one`;
const stillTaken = (code: string, refusal: string) =>
  code === refusal || code === 'none' ? undefined : `Gitea answers ${code || 'nothing'} to the old one`;
const notKept = (kept: string) => (kept === 'yes' ? undefined : 'Gitea has another value in app.ini than it was given');

function wrongSessions(users: readonly string[], role: string): string | undefined {
  if (users.length === 0) return 'Gitea has no session in the database';
  const others = users.filter((user) => user !== role);
  return others.length === 0 ? undefined : `somebody is still logged in to the database as ${others.join(', ')}`;
}
