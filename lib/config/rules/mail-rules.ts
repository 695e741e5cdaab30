import { isIP } from 'node:net';
import { labelsProblem } from '../grammar/index.ts';
import { quoted } from '../problem.ts';
import { type Draft, error, type Finding } from './finding.ts';
import { isReference, secretNameProblem } from './secret-names.ts';

/** What is wrong with the address of an SMTP server: what a certificate can be for, as seen from Gitea's container. */
export function mailHostProblem(host: string): string | undefined {
  if (host === '') return 'is empty, allowed is the name or address of the mail server';
  const is = `is the text ${quoted(host)}`;
  if (/^(127\.|0\.0\.0\.0$|::1?$|::ffff:127\.|localhost\.?$)/i.test(host) || /\.localhost\.?$/i.test(host))
    return `${is}, which is Gitea's own container, allowed is the name or address of the mail server`;
  if (isIP(host)) return undefined;
  if (/^[\d.]+$/.test(host)) return `${is}, which is not an IP address: four numbers from 0 to 255 are needed`;
  if (/^\[.*\]$/.test(host)) return `${is} in brackets, allowed is the bare address`;
  if (host.includes('://'))
    return `${is} with a scheme, allowed is the name alone - how it is encrypted goes to mail.tls`;
  if (host.includes('@')) return `${is} with an account, allowed is the name alone - the account goes to mail.user`;
  if (/:\d+$/.test(host)) return `${is} with a port, allowed is the name alone - the port goes to mail.port`;
  const problem = labelsProblem(host, mailHostProblem);
  return problem && `${is} ${problem}`;
}

/** The name under which the password is kept. */
export function mailSecret({ mail }: Draft): Finding[] {
  const name = isReference(mail?.password) ? mail.password.secret : undefined;
  const problem = name === undefined ? undefined : secretNameProblem(name);
  return problem ? [error('mail.password.secret', problem)] : [];
}

/** Rules between the keys of `mail`. */
export function mailTogether({ mail }: Draft): (Finding | undefined)[] {
  if (!mail) return [];
  const { user, password, tls } = mail;
  const secret = password === undefined ? undefined : 'mail.password.secret';
  return [
    user !== undefined && secret === undefined
      ? error('mail.user', 'is set without mail.password, allowed are both or neither', {
          needs: 'mail.password',
        })
      : undefined,
    secret !== undefined && user === undefined
      ? error('mail.password', 'is set without mail.user, allowed are both or neither', { needs: 'mail.user' })
      : undefined,
    tls === 'none' && secret !== undefined
      ? error('mail.tls', 'is none, and the password would be sent in clear, allowed are smtps and starttls', {
          other: 'mail.password',
        })
      : undefined,
  ];
}
