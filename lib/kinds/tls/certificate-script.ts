import { quote, quoteAll } from '../../core/quote.ts';
import type { CertificateSpec } from '../../core/spec.ts';

/**
 * The shell that gets a certificate, puts the pair in place and reloads the proxy: the deploy and the renewal timer run
 * the same text. certbot decides whether it is due (by ARI where the server offers it); the files are put in place and
 * the proxy reloaded only when they differ from what is there. Any failure leaves the old pair in force.
 */
export function obtainScript(spec: CertificateSpec, options: { force: boolean }): string {
  const certbot = [
    ...['docker', 'run', '--rm', '--name', 'gitea-runbooks-certbot', '--network', spec.network],
    ...['--user', `${spec.uid}:${spec.uid}`, '--read-only', '--tmpfs', '/tmp:mode=1777', '--cap-drop', 'ALL'],
    ...['--security-opt', 'no-new-privileges', '--memory', '256m', '--pids-limit', '64'],
    ...['-v', `${spec.stateDirectory}:/etc/letsencrypt`, '-v', `${spec.webroot}:/webroot`],
    ...(spec.caBundle ? ['-v', `${spec.caBundle}:/ca.pem:ro`, '-e', 'REQUESTS_CA_BUNDLE=/ca.pem'] : []),
    spec.image,
    ...['certonly', '--non-interactive', '--agree-tos', '--no-eff-email', '--email', spec.email],
    ...['--webroot', '--webroot-path', '/webroot', '--cert-name', spec.domain, '--domain', spec.domain],
    ...['--server', spec.server, options.force ? '--force-renewal' : '--keep-until-expiring'],
    ...(spec.profile === 'classic' ? [] : ['--preferred-profile', spec.profile]),
    ...['--config-dir', '/etc/letsencrypt', '--work-dir', '/tmp/work', '--logs-dir', '/tmp/logs'],
  ];
  const live = quote(`${spec.stateDirectory}/live/${spec.domain}`);
  const directory = quote(spec.directory);
  return `set -eu
umask 077
docker rm -f gitea-runbooks-certbot >/dev/null 2>&1 || true
${quoteAll(certbot)}
sum=$(sha256sum ${live}/fullchain.pem)
name=$(printf %.16s "$sum")
if [ "$(readlink ${directory}/current)" != "$name" ]; then
  install -d -m 0700 -o ${spec.uid} -g ${spec.uid} ${directory}/$name
  for file in privkey fullchain; do
    install -m 0400 -o ${spec.uid} -g ${spec.uid} ${live}/$file.pem ${directory}/$name/$file.pem
    sync ${directory}/$name/$file.pem
  done
  ln -sfnT "$name" ${directory}/current.next
  mv -fT ${directory}/current.next ${directory}/current
fi
# One generation back is kept for the operator; older ones go, also those of a run that was cut off before it came here.
find ${directory} -mindepth 1 -maxdepth 1 -type d ! -name "$name" -printf '%T@ %p\\n' | sort -rn | tail -n +2 | cut -d' ' -f2- |
  while read -r old; do rm -rf -- "$old"; done
docker exec ${quote(spec.container)} ${quoteAll(spec.reload)}
want=$(openssl x509 -in ${directory}/current/fullchain.pem -noout -fingerprint -sha256)
# An old worker may still take a connection for a moment: only several good answers in a row count.
good=0
for try in $(seq 40); do
  have=$(openssl s_client -connect ${quote(spec.served)} -servername ${quote(spec.domain)} </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256 2>/dev/null || true)
  if [ "$have" = "$want" ]; then good=$((good + 1)); else good=0; fi
  [ "$good" -lt 4 ] || exit 0
  sleep 0.2
done
echo "the proxy does not show the new certificate" >&2
exit 1`;
}
