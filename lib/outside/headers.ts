import type { IncomingHttpHeaders } from 'node:http';
import type { Check } from './check.ts';
import { signInPath } from './sign-in.ts';
import { fail, pass } from './verdict.ts';

/** The headers that make browsers careful, and none that tells an attacker a version. */
export const headers: Check = {
  id: 'outside.headers',
  title: 'Security headers',
  async look(site) {
    const faults = faultsOf((await site.page(signInPath)).headers);
    return faults.length === 0
      ? pass('all set')
      : fail(faults.join('; '), 'npx zx runbooks/deploy.mjs puts the proxy configuration back');
  },
};

function faultsOf(sent: IncomingHttpHeaders): string[] {
  const text = (name: string) => String(sent[name] ?? '');
  const age = Number(/max-age=(\d+)/i.exec(text('strict-transport-security'))?.[1] ?? 0);
  const framed =
    /^(deny|sameorigin)$/i.test(text('x-frame-options')) || /frame-ancestors/i.test(text('content-security-policy'));
  const faults: (string | false)[] = [
    age === 0 && 'Strict-Transport-Security is missing',
    text('x-content-type-options').toLowerCase() !== 'nosniff' && 'X-Content-Type-Options: nosniff is missing',
    text('referrer-policy') === '' && 'Referrer-Policy is missing',
    !framed && 'neither X-Frame-Options nor frame-ancestors is set',
    /\d/.test(text('server')) && `Server tells a version: ${text('server')}`,
    text('x-powered-by') !== '' && `X-Powered-By tells: ${text('x-powered-by')}`,
  ];
  return faults.filter((fault) => fault !== false);
}
