import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { ownerOf } from '../../../lib/config/rules/owned-settings.ts';
import { accounts } from '../../../lib/phases/accounts.ts';
import { appIni } from '../../../lib/phases/app-ini.ts';
import { appIniLines } from '../../../lib/phases/app-ini-lines.ts';
import { getKey, parseIni } from '../../lab/standin/ini.ts';
import { input } from '../phases/input.ts';
import { goodWith, problemsOf } from './sample.ts';

const of = (signIn: string, tag = '1.27.3') =>
  goodWith(`images: {gitea: "gitea/gitea:${tag}-rootless"}\ngitea: {signIn: ${signIn}}`);

t.test('a policy that an older Gitea would pass over is refused where it stands', async (t) => {
  const errors = (text: string) =>
    problemsOf(text).filter((line) => line.includes('signIn') && !line.includes('allowed but not safe'));
  t.strictSame(errors(of('{twoFactor: required}', '1.23.8')), [
    'f.yaml:10:29 gitea.signIn.twoFactor: is required, which Gitea knows from 1.24 on, allowed is that with a newer images.gitea (1.23.8-rootless)',
  ]);
  t.same(errors(of('{twoFactor: optional}', '1.23.8')), []);
  for (const tag of ['1.24.0', '1.25.4', '28.0.0']) t.same(errors(of('{twoFactor: required}', tag)), [], tag);
  t.match(errors(of('{passwordForm: false}', '1.22.6')), [
    /^f\.yaml:10:32 .*is false, which Gitea knows from 1\.23 on/,
  ]);
  t.same(errors(of('{passwordForm: true}', '1.22.6')), []);
  t.same(errors(of('{passwordForm: false}', '1.23.0')), []);
  t.match(errors(of('{twoFactor: enforced}')), [/is the text "enforced", allowed is one of optional, required/]);
});

const iniOf = (signIn: string) => {
  const { config } = parseConfig(of(signIn), 'f.yaml');
  return parseIni(appIni(input({ config: { gitea: config!.gitea } })).content.reveal());
};

t.test('what Gitea reads of it', async (t) => {
  const found = (signIn: string) =>
    (
      [
        ['security', 'TWO_FACTOR_AUTH'],
        ['service', 'ENABLE_PASSWORD_SIGNIN_FORM'],
        ['oauth2_client', 'ENABLE_AUTO_REGISTRATION'],
        ['oauth2_client', 'ACCOUNT_LINKING'],
        ['oauth2_client', 'USERNAME'],
      ] as const
    ).map(([section, key]) => getKey(iniOf(signIn), section, key));
  t.same(found('{}'), [undefined, undefined, 'false', 'login', 'nickname']);
  t.same(
    found('{twoFactor: required, passwordForm: false, autoRegister: true, accountLinking: auto, username: email}'),
    ['enforced', 'false', 'true', 'auto', 'email'],
  );
});

t.test('every setting of it is refused in gitea.settings', async (t) => {
  const signIn = { ...input().config.gitea.signIn, twoFactor: 'required', passwordForm: false } as const;
  const all = appIniLines(input({ config: { gitea: { signIn } } }));
  for (const { section, key } of all) t.ok(ownerOf(section, key), `${section}.${key}`);
  t.same(ownerOf('security', 'TWO_FACTOR_AUTH'), { key: 'gitea.signIn.twoFactor' });
});

t.test('the account of the checks has a second factor exactly where one is required', async (t) => {
  const wants = (twoFactor: 'optional' | 'required') =>
    accounts
      .desired(input({ config: { gitea: { signIn: { ...input().config.gitea.signIn, twoFactor } } } }))
      .map((spec) => spec.kind === 'account' && [spec.admin, spec.secondFactor === true]);
  t.same(wants('optional'), [
    [true, false],
    [false, false],
  ]);
  t.same(wants('required'), [
    [true, false],
    [false, true],
  ]);
});
