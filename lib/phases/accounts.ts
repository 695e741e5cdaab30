import { probeEmail, probeUser } from '../core/probe-account.ts';
import type { AccountSpec } from '../core/spec.ts';
import { containers, layout } from './layout.ts';
import type { Phase } from './phase.ts';

const name = 'accounts';

export const probeTokenFile = `${layout.secrets}/probe_token`;

/** The first administrator, and the account that the checks sign in with. */
export const accounts: Phase = {
  name,
  needs: ['stack'],
  desired: ({ config }) => [
    account({
      username: config.admin.username,
      email: config.admin.email,
      admin: true,
      mustChangePassword: true,
      passwordFile: `${layout.secrets}/admin_password`,
    }),
    account({
      username: probeUser,
      email: probeEmail(config.domain),
      admin: false,
      // Nobody ever signs in with its password; having to change it would also bar its token.
      mustChangePassword: false,
      restricted: true,
      secondFactor: config.gitea.signIn.twoFactor === 'required',
      passwordFile: `${layout.secrets}/probe_password`,
      token: { name: 'checks', scopes: 'write:repository,write:user', file: probeTokenFile },
    }),
  ],
};

function account(more: Omit<AccountSpec, 'kind' | 'id' | 'phase' | 'gitea' | 'database'>): AccountSpec {
  return {
    kind: 'account',
    id: `account:${more.username}`,
    phase: name,
    gitea: containers.gitea,
    database: containers.database,
    ...more,
  };
}
