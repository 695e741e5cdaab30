import { quote } from '../../core/quote.ts';
import type { ComposeSpec } from '../../core/spec.ts';
import type { Host } from '../../host/port.ts';

/** What Docker finds out about a container that runs. */
export type Health = 'starting' | 'healthy' | 'unhealthy';

interface Observed {
  readonly containers: ReadonlyMap<string, { readonly health: string }>;
}

/** Whether a container of the wanted services was in one of these states of health. */
export function someContainerIs(spec: ComposeSpec, observed: unknown, states: readonly Health[]): boolean {
  const found = spec.services.map(({ name }) => (observed as Observed | undefined)?.containers.get(name)?.health);
  return states.some((state) => found.includes(state));
}

/**
 * Shell: the ids of the project's containers of the wanted services. Neither what somebody ran in the project for once
 * (`docker compose run`) nor a service that is wanted no more has a say in whether all is well.
 */
export function idsOf({ project, services }: ComposeSpec, filters: readonly string[] = []): string {
  const all = [`label=com.docker.compose.project=${project}`, 'label=com.docker.compose.oneoff=False', ...filters];
  const words = all.map((filter) => `--filter ${quote(filter)}`).join(' ');
  const names = services.map(({ name }) => `$1 == "${name}"`).join(' || ');
  return `docker ps -a ${words} --format '{{.Label "com.docker.compose.service"}} {{.ID}}' | awk ${quote(`${names} { print $2 }`)}`;
}

/**
 * awk: the last lines of a log; of a program that has crashed those from where it says why, which a hundred lines about its threads
 * come behind (Go's `panic:` and `fatal error:`).
 */
const telling = `{ line[NR] = $0 } /^(panic|fatal error): / { crash = NR }
END { from = crash ? crash : NR - 14; for (at = from < 1 ? 1 : from; at <= NR && at < from + 15; at++) print "  " line[at] }`;

/** Compose's own words, and what the log says last of every container that is not healthy. */
export async function explain(host: Host, spec: ComposeSpec, said: string): Promise<string> {
  const { stdout } = await host.query({
    script: `${idsOf(spec)} | while read -r id; do
  state=$(docker inspect -f '{{.State.Status}}/{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}} restarts={{.RestartCount}} exit={{.State.ExitCode}}' "$id")
  case "$state" in running/healthy*|running/none*) continue ;; esac
  echo "$(docker inspect -f '{{.Name}}' "$id" | cut -c2-): $state, its last log lines:"
  docker logs --tail 400 "$id" 2>&1 | awk ${quote(telling)}
done`,
  });
  return `${said}\n${stdout}`;
}

/**
 * Compose takes a container that is between two crashes, when Docker tells no health for a moment, for a running one and
 * waits no longer. So the last word is ours: every wanted container with a health check must be healthy.
 */
export const allHealthy = (spec: ComposeSpec) => `end=$(($(date +%s) + ${spec.timeout}))
while ${idsOf(spec)} |
  xargs docker inspect -f '{{if .Config.Healthcheck}}{{if .State.Health}}{{.State.Health.Status}}{{end}}{{else}}{{.State.Status}}{{end}}' |
  grep -qvxE 'healthy|running'; do
  [ "$(date +%s)" -lt "$end" ] || exit 1
  sleep 1
done`;
