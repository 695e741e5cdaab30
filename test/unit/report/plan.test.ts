import t from 'tap';
import { renderPlan } from '../../../lib/report/plan.ts';
import { change } from './sink.ts';

const changes = [
  change({
    title: '/srv/gitea/nginx/nginx.conf',
    impact: 'reload',
    diff: '@@ -1 +1 @@\n-client_max_body_size 512m;\n+client_max_body_size 1g;\n',
  }),
  change({ title: '/etc/docker/daemon.json', action: 'create', why: 'absent', phase: 'system' }),
  change({ title: 'container gitea', why: 'started with other inputs: app.ini', impact: 'restart', phase: 'gitea' }),
  change({ title: 'nginx', action: 'refresh', why: 'runs an older configuration', impact: 'reload' }),
];

t.test('the summary first, then a line a change', async (t) => {
  t.equal(
    renderPlan('git.example.com', changes, 41),
    `Plan for git.example.com: 1 to create, 2 to update, 1 to refresh, 41 unchanged — impact: restart (gitea)
  ~ /srv/gitea/nginx/nginx.conf  (content) [reload]
  + /etc/docker/daemon.json      (absent)
  ~ container gitea              (started with other inputs: app.ini) [restart]
  ! nginx                        (runs an older configuration) [reload]`,
  );
});

t.test('diffs when asked for', async (t) => {
  t.equal(
    renderPlan('git.example.com', changes.slice(0, 2), 0, { diffs: true }),
    `Plan for git.example.com: 1 to create, 1 to update, 0 unchanged — impact: reload (proxy)
  ~ /srv/gitea/nginx/nginx.conf  (content) [reload]
      @@ -1 +1 @@
      -client_max_body_size 512m;
      +client_max_body_size 1g;
  + /etc/docker/daemon.json      (absent)`,
  );
});

t.test('nothing to do', async (t) => {
  t.equal(renderPlan('git.example.com', [], 45), 'Plan for git.example.com: nothing to do, 45 unchanged');
});

t.test('no impact, and data in danger', async (t) => {
  t.match(renderPlan('h', [change({ title: 'a' })], 1), 'impact: none');
  t.match(
    renderPlan('h', [change({ title: 'a', impact: 'destroys-data' }), ...changes], 1),
    'impact: destroys-data (proxy)',
  );
});

t.test('colour', async (t) => {
  const text = renderPlan('h', changes.slice(0, 1), 1, { color: true, diffs: true });
  t.match(text, '\u001b[32m+client_max_body_size 1g;\u001b[39m');
  t.match(text, '\u001b[36m[reload]\u001b[39m');
});

t.test('what came from a host cannot steer the terminal', async (t) => {
  const text = renderPlan('h', [change({ title: 'a\u001b[2Jb', why: 'x\ny', diff: '+\u009b1A\r\n+\u202eevil' })], 1, {
    diffs: true,
  });
  t.match(text, 'a\\x1b[2Jb  (x\\ny)');
  t.match(text, '      +\\x9b1A\n      +\\u202eevil');
});

t.test('a very long title does not push all reasons away', async (t) => {
  const text = renderPlan('h', [change({ title: 'x'.repeat(80) }), change({ title: 'short' })], 1);
  t.match(text, '\n  ~ short  (content)');
});
