import type { Config } from '../config/config.types.ts';
import { RunbookError } from '../core/errors.ts';
import { quote } from '../core/quote.ts';
import type { CertificateSpec } from '../core/spec.ts';
import { render } from '../render/render.ts';
import { containers, dataPaths, layout, networks, users } from './layout.ts';
import type { Check, DesiredInput, Phase } from './phase.ts';
import { reloadWords } from './proxy.ts';
import { nodeVersion } from './runtime.ts';
import { specsOf } from './specs.ts';

const name = 'tls';
const { file, unit } = specsOf(name);

/** The units of the renewal. */
export const renewal = { service: 'gitea-runbooks-renew.service', timer: 'gitea-runbooks-renew.timer' } as const;

const letsEncrypt = 'https://acme-v02.api.letsencrypt.org/directory';
const letsEncryptStaging = 'https://acme-staging-v02.api.letsencrypt.org/directory';

/** The real certificate in place of the placeholder, and the timer that renews it. */
export const tls: Phase = {
  name,
  needs: ['stack'],
  desired: (input) => {
    const { config } = input;
    const service = `/etc/systemd/system/${renewal.service}`;
    const timer = `/etc/systemd/system/${renewal.timer}`;
    const fill = (template: string, values: Record<string, unknown>) =>
      render(template, input.assets.templates(template), values);
    return [
      ...caBundle(input),
      file(
        service,
        fill('systemd/gitea-runbooks-renew.service', {
          domain: config.domain,
          node: `${layout.node}/${nodeVersion}/bin/node`,
          program: layout.program,
          dataPath: config.host.dataPath,
        }),
      ),
      file(
        timer,
        fill('systemd/gitea-runbooks-renew.timer', { domain: config.domain, calendar: config.tls.renewCalendar }),
      ),
      // The timer before the certificate: when the ACME server is down today, it tries again by itself.
      unit(renewal.timer, { watches: [service, timer], impact: 'none' }),
      certificateSpec(config),
    ];
  },
  images: ({ images }) => [images.certbot],
  // Runs for a moment, a few times a day.
  memory: () => [{ who: 'certbot', least: 256, share: 0, most: 256 }],
  checks: ({ tls }) => [takesCalendar(tls.renewCalendar)],
  reaches: (config) => [{ id: 'acme', title: 'ACME server', url: certificateSpec(config).server, ownRoots: true }],
  status: () => [
    {
      id: 'renewal',
      title: 'Certificate renewal',
      script: `[ -z "$(systemctl show -p ExecMainExitTimestamp --value gitea-runbooks-renew.service)" ] || systemctl show -p Result --value gitea-runbooks-renew.service
echo "next $(systemctl show -p NextElapseUSecRealtime --value gitea-runbooks-renew.timer)"`,
      read: (answer) => {
        const [, result = 'never', next = ''] = /^(?:(?!next )(.+)\n)?next(?: (.+))?/.exec(answer) ?? [];
        return {
          good: (result === 'never' || result === 'success') && next !== '',
          text: `last ${result}, next ${next || 'not scheduled'}`,
        };
      },
    },
  ],
};

/** The grammar is in the check of the config; what the host's own systemd and its timezones make of it only the host knows. */
function takesCalendar(calendar: string): Check {
  return {
    id: 'calendar',
    title: 'calendar of the renewal',
    script: `command -v systemd-analyze >/dev/null || { echo unknown; exit; }
said=$(systemd-analyze calendar ${quote(calendar)} 2>&1 >/dev/null) && echo yes || printf '%s\\n' "$said"`,
    judge: (answer) => {
      if (answer === 'unknown') return { status: 'skip', detail: 'the host has no systemd-analyze', next: '' };
      const good = answer === 'yes';
      return {
        status: good ? 'pass' : 'fail',
        detail: good ? `systemd takes ${calendar}` : answer.split('\n')[0] || `systemd does not take ${calendar}`,
        next: 'set tls.renewCalendar to another one; a timezone needs the package tzdata on the host',
      };
    },
  };
}

function caBundle({ config, assets }: DesiredInput) {
  if (config.tls.caBundle === undefined) return [];
  if (assets.caBundle === undefined) {
    throw new RunbookError('configInvalid', {
      what: `tls.caBundle: ${config.tls.caBundle} was not read`,
      next: 'check that the file is there and readable',
    });
  }
  return [file(layout.caBundle, assets.caBundle)];
}

/** The certificate of a config; the renewal job on the host asks for the same one. */
export function certificateSpec({
  domain,
  host,
  images,
  tls,
}: Pick<Config, 'domain' | 'host' | 'images' | 'tls'>): CertificateSpec {
  const paths = dataPaths({ host });
  return {
    kind: 'certificate',
    id: `certificate:${domain}`,
    phase: name,
    domain,
    email: tls.email,
    image: images.certbot,
    uid: users.proxy,
    server: tls.directory ?? (tls.staging ? letsEncryptStaging : letsEncrypt),
    profile: tls.profile,
    network: networks.frontend,
    stateDirectory: paths.letsencrypt,
    webroot: paths.acme,
    directory: paths.tls,
    ...(tls.caBundle === undefined ? {} : { caBundle: layout.caBundle }),
    served: '127.0.0.1:443',
    container: containers.proxy,
    reload: reloadWords,
  };
}
