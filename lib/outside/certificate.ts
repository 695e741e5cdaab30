import { checkServerIdentity, type DetailedPeerCertificate } from 'node:tls';
import { placeholderMark } from '../core/placeholder.ts';
import type { Check } from './check.ts';
import type { Site } from './site.ts';
import { fail, pass, type Verdict, warn } from './verdict.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Below this part of its lifetime a certificate should long have been renewed: certbot does it at a third. */
const overdue = 0.25;
const renew =
  'systemctl list-timers and journalctl -u "gitea-*" on the host show the renewal, npx zx runbooks/deploy.mjs tries it again';

/** The certificate that is served: its names, its chain, its dates. */
export const certificate: Check = {
  id: 'outside.certificate',
  title: 'Certificate',
  async look(site) {
    const socket = await site.tls({ secureContext: site.trust.context });
    try {
      return judge(
        site,
        socket.getPeerCertificate(true),
        socket.authorized ? undefined : String(socket.authorizationError),
      );
    } finally {
      socket.destroy();
    }
  },
};

function judge(site: Site, shown: DetailedPeerCertificate, distrust: string | undefined): Verdict {
  if (!shown.valid_to) return fail('no certificate was shown', 'npx zx runbooks/doctor.mjs');
  const issuer = [shown.issuer.O, shown.issuer.CN].flat().filter(Boolean).join(' ');
  const owners = [shown.issuer.O, shown.subject.O].flat();
  if (owners.includes(placeholderMark)) {
    return fail(
      'the placeholder certificate is served: none was issued yet',
      'npx zx runbooks/deploy.mjs once the ACME server can reach port 80 of the domain',
    );
  }
  const wrongName = checkServerIdentity(site.domain, shown);
  if (wrongName) {
    return fail(
      `it is for ${shown.subjectaltname ?? [shown.subject.CN].flat().join(', ')}, not for ${site.domain}`,
      'see that the domain leads to this host and not to another, then npx zx runbooks/deploy.mjs',
    );
  }
  const start = Date.parse(shown.valid_from);
  const end = Date.parse(shown.valid_to);
  const now = Date.now();
  const until = new Date(end).toISOString().slice(0, 10);
  if (now > end) return fail(`expired on ${until}, issued by ${issuer}`, renew);
  if (now < start)
    return fail(
      `not valid before ${new Date(start).toISOString()}`,
      'check the clocks of this machine and of the host: timedatectl',
    );
  const detail = `valid until ${until}, ${span(end - now)} of ${span(end - start)} left, issued by ${issuer}`;
  if (distrust !== undefined) return distrusted(site, detail, issuer, distrust);
  if ((end - now) / (end - start) < overdue) return warn(`${detail}; it should have been renewed by now`, renew);
  return pass(detail);
}

function distrusted(site: Site, detail: string, issuer: string, reason: string): Verdict {
  const staging = /\(STAGING\)|Fake LE|happy hacker/i.test(issuer);
  if (staging || site.config.tls.staging) {
    const next = 'set tls.staging to false, then npx zx runbooks/deploy.mjs';
    const words = `${detail}; from the staging service, which browsers refuse`;
    return site.config.tls.staging ? warn(words, next) : fail(words, next);
  }
  if (reason === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE') {
    return fail(
      `${detail}; the chain is incomplete or its root is not trusted here`,
      'serve fullchain.pem, or name the root of your own CA in tls.caBundle',
    );
  }
  return fail(
    `${detail}; not trusted here: ${reason}`,
    'name the root of your own CA in tls.caBundle, or npx zx runbooks/deploy.mjs to get a public certificate',
  );
}

function span(milliseconds: number): string {
  return milliseconds < 3 * day ? `${Math.floor(milliseconds / hour)} h` : `${Math.floor(milliseconds / day)} days`;
}
