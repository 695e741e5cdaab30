import type { Config } from '../config/config.types.ts';
import type { CheckStatus } from '../core/event.ts';
import { quote } from '../core/quote.ts';
import { containers } from './layout.ts';
import type { Check } from './phase.ts';

export type Mail = NonNullable<Config['mail']>;

/** What is sent, and the password of the account. */
export interface Letter {
  readonly to: string;
  readonly domain: string;
  readonly password?: string;
  readonly date: Date;
}

/** Seconds for a whole conversation, and for a connection to come about. */
const limits = { talk: 15, letter: 60, connect: 10 } as const;

/**
 * What curl is told about the SMTP server, as its own configuration, so that no password is in an argument list. Without a
 * letter it greets, encrypts and leaves.
 */
export function curlConfig({ host, port, tls, user, from }: Mail, letter?: Letter): string {
  const { password } = letter ?? {};
  const account =
    user === undefined || password === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  const scheme = tls === 'smtps' ? 'smtps' : 'smtp';
  const lines = [
    ['url', `${scheme}://${account}${host.includes(':') ? `[${host}]` : host}:${port}`],
    // As Gitea chooses: of what it cannot do, curl would take the strongest.
    ...(account === '' ? [] : [['login-options', 'AUTH=CRAM-MD5;AUTH=PLAIN;AUTH=LOGIN;AUTH=NTLM']]),
    ['connect-timeout', String(limits.connect)],
    ['max-time', String(letter ? limits.letter : limits.talk)],
    ...(letter ? letterLines(from, letter) : [['request', 'NOOP']]),
  ];
  const switches = ['verbose', 'silent', 'show-error', 'globoff', ...(tls === 'starttls' ? ['ssl-reqd'] : [])];
  return [...switches, ...lines.map(([name, value]) => `${name} = "${value!.replace(/["\\]/g, '\\$&')}"`)]
    .join('\n')
    .concat('\n');
}

const letterLines = (from: string, { to, domain, date }: Letter) => [
  ['mail-from', from],
  ['mail-rcpt', to],
  ['header', `From: ${from}`],
  ['header', `To: ${to}`],
  ['header', `Subject: Test mail of ${domain}`],
  ['header', `Date: ${date.toUTCString().replace('GMT', '+0000')}`],
  ['header', `Message-ID: <test.${date.getTime()}@${domain}>`],
  ['header', 'Auto-Submitted: auto-generated'],
  ['form', `=This is a test mail of ${domain}. The host of Gitea can send mail.`],
];

/**
 * Shell that has curl hold the conversation that standard input describes, in Gitea's container where it runs (what counts
 * is that Gitea gets there), else on the host. Of what was said it prints the server's half alone.
 */
export const talk = `place=host
set -- curl
if [ "$(docker inspect -f '{{.State.Running}}' ${quote(containers.gitea)} 2>/dev/null)" = true ]; then
  place=container
  set -- docker exec -i ${quote(containers.gitea)} curl
elif ! command -v curl >/dev/null 2>&1; then
  echo 'place\tnowhere'
  exit 0
fi
said=$("$@" -q -K - 2>&1 >/dev/null)
code=$?
printf '%s\\n' "$said" | tr -d '\\r' | sed -n 's/^< /server\t/p; s/^curl: /curl\t/p' | tail -n 40
printf 'place\t%s\\nend\t%s\\n' "$place" "$code"`;

/** Whether the SMTP server can be reached from where Gitea runs, and is who it says. */
export function mailCheck(mail: Mail): Check {
  return {
    id: 'mail',
    title: 'SMTP server',
    script: `printf '%s' ${quote(curlConfig(mail))} | {\n${talk}\n}`,
    judge: (answer) => judgeTalk(mail, answer, undefined),
  };
}

interface Verdict {
  readonly status: CheckStatus;
  readonly detail: string;
  readonly next: string;
}

/** What a conversation came to; pure. `to` is the recipient of a letter. */
export function judgeTalk(mail: Mail, answer: string, to: string | undefined): Verdict {
  const rows = answer.split('\n').map((line) => line.split('\t'));
  const of = (word: string) => rows.filter(([first]) => first === word).map(([, text = '']) => text);
  const place = of('place')[0];
  const server = `${mail.host}:${mail.port}`;
  if (place === 'nowhere')
    return { status: 'skip', detail: 'the host has no curl yet; the deploy installs it', next: 'deploy first' };
  const where = place === 'container' ? "from Gitea's container" : 'from the host';
  const code = Number(of('end')[0] ?? 'NaN');
  const lines = of('server');
  const fail = (detail: string, next: string): Verdict => ({ status: 'fail', detail: `${detail} (${where})`, next });
  if (code !== 0) {
    const refusal = lines.findLast((line) => /^[45]\d\d[ -]/.test(line));
    const [detail, next] = explain(mail, code, { refusal, curl: of('curl').at(-1), to });
    return fail(`${server} ${detail}`, next);
  }
  if (to === undefined) return { status: 'pass', detail: `${server} answers${encryption(mail)} (${where})`, next: '' };
  if (mail.user !== undefined && !lines.some((line) => line.startsWith('235')))
    return fail(
      `${server} asks nobody to sign in`,
      'take mail.user and mail.password out: with them Gitea sends nothing',
    );
  const last = lines.findLast((line) => line.startsWith('250')) ?? '';
  return { status: 'pass', detail: `${server} has taken a mail to ${to}: ${last} (${where})`, next: '' };
}

const encryption = ({ tls }: Mail) => (tls === 'none' ? ', in clear' : ', encrypted, with a good certificate');

interface Said {
  /** The server's last word that is a refusal. */
  readonly refusal: string | undefined;
  /** What curl itself says. */
  readonly curl: string | undefined;
  readonly to: string | undefined;
}

/** By curl's exit code: what happened, and what to do. */
function explain(mail: Mail, code: number, { refusal, curl, to }: Said): [detail: string, next: string] {
  const { host, port, tls } = mail;
  const own = refusal ?? curl ?? `curl ended with ${code}`;
  const reach = `on the host: curl -v telnet://${host}:${port}; many providers close the ports of mail until asked`;
  switch (code) {
    case 6:
      return ['cannot be reached: no such name', `correct mail.host, or the host's DNS: getent hosts ${host}`];
    case 7:
      return [`refuses connections: ${own}`, `check mail.port, and ${reach}`];
    case 28:
      return [`does not answer in time: ${own}`, `check mail.port and mail.tls, and ${reach}`];
    case 35:
      return [`does not encrypt as mail.tls says (${tls}): ${own}`, otherWay(tls)];
    case 60:
    case 51:
      return [`shows a certificate that is not good: ${own}`, `use the name in mail.host that its certificate is for`];
    case 64:
      return ['offers no encryption (STARTTLS)', 'set mail.tls: smtps; Gitea would go on in clear, password included'];
    case 67:
    case 94:
      return [
        `refuses the sign-in of ${mail.user}: ${own}`,
        'correct mail.user, or the value that mail.password names',
      ];
    case 126:
    case 127:
      return ['could not be asked: there is no curl', "use Gitea's own image, which has it"];
  }
  if (refusal !== undefined && /^4/.test(refusal))
    return [`puts it off: ${refusal}`, 'try again in some minutes: greylisting, or a limit of the server'];
  if (refusal !== undefined && to !== undefined)
    return [
      `refuses the mail from ${mail.from} to ${to}: ${refusal}`,
      "ask the server's owner whether that account may send as mail.from",
    ];
  return [`did not go on: ${own}`, `check mail.port and mail.tls, and ${reach}`];
}

const otherWay = (tls: Mail['tls']) =>
  tls === 'smtps' ? 'mail.tls: starttls with port 587, if the server has that' : 'check mail.tls and mail.port';
