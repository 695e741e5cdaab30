import t from 'tap';
import { probeUser } from '../../../lib/core/probe-account.ts';
import { accounts } from '../../../lib/phases/accounts.ts';
import { input } from './input.ts';

t.test('one administrator who must choose a password, one restricted account for the checks', async (t) => {
  const [admin, probe] = accounts.desired(input());
  t.match(admin, { username: 'alice', email: 'alice@example.com', admin: true, mustChangePassword: true });
  t.notOk(admin?.kind === 'account' && admin.token);
  t.match(probe, {
    username: probeUser,
    admin: false,
    mustChangePassword: false,
    restricted: true,
    token: { scopes: 'write:repository,write:user', file: '/etc/gitea-runbooks/secrets/probe_token' },
  });
});
