/** Settings of mail and sign-in with which Gitea does not start. */
import { getKey, type Ini } from './ini.ts';
import { fatal, log } from './log.ts';
import { atLeast, currentRelease } from './release.ts';
import { boolOf } from './values.ts';

/** Roughly what Go reads as an address: alone, or behind a name in angle brackets. */
const goAddress = /^(?:[^<>@\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@",]+@[^\s<>@",]+)$/;

export const twoFactorEnforced = (ini: Ini): boolean =>
  atLeast(currentRelease(), 1, 24) && getKey(ini, 'security', 'TWO_FACTOR_AUTH') === 'enforced';

/** An unknown PROTOCOL is not among them: Gitea takes it for one without encryption. */
export function checkPolicies(ini: Ini): void {
  const twoFactor = getKey(ini, 'security', 'TWO_FACTOR_AUTH') ?? '';
  if (atLeast(currentRelease(), 1, 24) && !['', 'enforced'].includes(twoFactor))
    fatal('modules/setting/security.go:152:loadSecurityFrom()', `Invalid two-factor auth option: ${twoFactor}`);
  if (!boolOf(getKey(ini, 'mailer', 'ENABLED'), false)) return;
  const where = 'modules/setting/mailer.go:230:loadMailerFrom()';
  const from = getKey(ini, 'mailer', 'FROM') || getKey(ini, 'mailer', 'USER') || '';
  if (from === '') log('E', where, 'no mailer.FROM provided, email system may not work.');
  else if (!goAddress.test(from)) fatal(where, `Invalid mailer.FROM (${from}): mail: no angle-addr`);
}
