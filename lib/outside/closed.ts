import type { Check } from './check.ts';
import type { Answer } from './http.ts';
import { fail, pass } from './verdict.ts';

const paths = ['/metrics', '/api/internal/manager/processes'];

/** What is for the inside only is answered by the proxy itself. */
export const closed: Check = {
  id: 'outside.closed',
  title: 'Closed paths',
  async look(site) {
    const answers = await Promise.all(paths.map(async (path) => ({ path, ...(await site.page(path)) })));
    const open = answers.filter((answer) => (answer.status !== 403 && answer.status !== 404) || fromGitea(answer));
    if (open.length === 0) return pass(`${paths.join(' and ')} are closed`);
    const list = open.map(({ path, status }) => `${path} answers ${status}`).join(', ');
    return fail(`reach Gitea from outside: ${list}`, 'npx zx runbooks/deploy.mjs puts the proxy configuration back');
  },
};

/** Gitea itself refuses /api/internal with a bare "Forbidden", and sets its session cookie on its own error pages. */
function fromGitea({ headers, body }: Answer): boolean {
  const bare = /^text\/plain/.test(headers['content-type'] ?? '') && body.toString().trim() === 'Forbidden';
  return bare || (headers['set-cookie'] ?? []).some((cookie) => /^(i_like_gitea|_csrf)=/.test(cookie));
}
