import type { Config } from '../../config/config.types.ts';
import { emailProblem } from '../../config/grammar/index.ts';
import { RunbookError } from '../../core/errors.ts';
import type { CheckResult } from '../../core/event.ts';
import { Secret } from '../../core/secret.ts';
import type { Host } from '../../host/port.ts';
import { readOnly } from '../../host/wrappers.ts';
import { curlConfig, judgeTalk, talk } from '../../phases/mail.ts';
import { loadGiven, storeOf } from '../../secrets/index.ts';
import { result } from '../converge/check-result.ts';

/** Seconds; above curl's own limit. */
const timeout = 90;

/**
 * Sends one mail to an address, through the SMTP server of the config and from where Gitea is. Changes nothing on the host.
 * Throws RunbookError `configInvalid` where the config has no `mail` or the password is not kept, `unexpected` for what is
 * no address.
 */
export async function testMail(config: Config, host: Host, to: string): Promise<CheckResult> {
  const { mail, domain } = config;
  if (!mail)
    throw new RunbookError('configInvalid', {
      what: 'the config has no section `mail`, so Gitea sends none',
      next: 'add it: docs/runbooks/deploy.md, "Mail"',
    });
  const problem = emailProblem(to);
  if (problem) throw new RunbookError('unexpected', { what: `--test-mail ${problem}`, next: 'see --help' });
  const secret = mail.password && (await loadGiven(storeOf(config), [mail.password.secret]))[mail.password.secret];
  const started = performance.now();
  const letter = { to, domain, date: new Date(), ...(secret ? { password: secret.reveal() } : {}) };
  const { stdout, stderr } = await readOnly(host).query({
    argv: ['sh', '-c', talk],
    stdin: new Secret('test mail', curlConfig(mail, letter)),
    timeout,
  });
  const { status, detail, next } = judgeTalk(
    mail,
    without(`${stdout}\n${stderr}`, mail.user ?? '', letter.password),
    to,
  );
  return { ...result('test-mail', status, 'test mail', detail, next), took: Math.round(performance.now() - started) };
}

/** A server may repeat what it was sent. */
function without(text: string, user: string, password: string | undefined): string {
  if (password === undefined) return text;
  const coded = [password, `\0${user}\0${password}`].map((form) => Buffer.from(form).toString('base64'));
  return [...coded, encodeURIComponent(password), password].reduce(
    (left, form) => left.replaceAll(form, '<secret>'),
    text,
  );
}
