import t from 'tap';
import { routedPath } from '../../lab/standin/http.ts';

t.test('what a proxy must not rely on: Gitea answers these as the plain path', async (t) => {
  for (const raw of ['/metrics', '/metrics/', '//metrics', '///metrics//']) t.equal(routedPath(raw), '/metrics', raw);
  t.equal(routedPath('/api//internal/x/'), '/api/internal/x');
  t.equal(routedPath('/'), '/');
  t.equal(routedPath('//'), '/');
  t.equal(routedPath('/%6detrics'), '/%6detrics', 'not decoded');
});
