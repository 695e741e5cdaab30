import type { Check } from './check.ts';
import { fail, pass } from './verdict.ts';

const path = '/explore/repos?q=redirect';

/** Who types the address without https gets there all the same, on the same page. */
export const redirect: Check = {
  id: 'outside.redirect',
  title: 'Redirect to HTTPS',
  async look(site) {
    const { status, headers } = await site.plain(path);
    const wanted = [`https://${site.domain}${path}`, `${site.origin}${path}`];
    const next = 'npx zx runbooks/deploy.mjs puts the proxy configuration back';
    if (status !== 301 && status !== 308)
      return fail(`http://${site.domain} answers ${status} instead of 301 or 308`, next);
    if (!wanted.includes(headers.location ?? ''))
      return fail(`http://${site.domain}${path} leads to ${headers.location ?? 'nowhere'}`, next);
    return pass(`${status} to the same path`);
  },
};
