import t from 'tap';
import type { Config } from '../../../lib/config/config.types.ts';
import type { SourcesSpec } from '../../../lib/core/spec.ts';
import { contributions, desiredState } from '../../../lib/phases/index.ts';
import { judgeDiscovery } from '../../../lib/phases/sign-in.ts';
import { input } from './input.ts';

type Source = Config['gitea']['signIn']['sources'][number];
const url = 'https://id.corp.test/.well-known/openid-configuration';
const company: Source = {
  ...{ name: 'company', provider: 'openidConnect', discoveryUrl: url, clientId: 'gitea', scopes: [] },
  ...{ clientSecret: { secret: 'company_client' }, skipTwoFactor: false },
};
const withSources = (...sources: readonly Source[]) =>
  input({ config: { gitea: { signIn: { ...input().config.gitea.signIn, sources: [...sources] } } } });
const specOf = (of: ReturnType<typeof input>) =>
  desiredState(of).find((spec): spec is SourcesSpec => spec.kind === 'sources')!;

t.test('Gitea gets every setting that the config has, also one that is taken out again', async (t) => {
  const [least, most] = [
    company,
    {
      ...company,
      ...{ scopes: ['a', 'b'], requiredClaim: { name: 'n', value: 'v' }, iconUrl: 'https://x', skipTwoFactor: true },
      groups: { claim: 'c', admin: 'd', restricted: 'e' },
      urls: { authorize: '1', token: '2', profile: '3', email: '4' },
    },
  ].map((source) => specOf(withSources(source)).sources[0]!);
  t.same(most!.settings, {
    ...{ Provider: 'openidConnect', ClientID: 'gitea', OpenIDConnectAutoDiscoveryURL: url, IconURL: 'https://x' },
    ...{ Scopes: ['a', 'b'], RequiredClaimName: 'n', RequiredClaimValue: 'v', GroupClaimName: 'c', AdminGroup: 'd' },
    ...{ RestrictedGroup: 'e', CustomURLMapping: { AuthURL: '1', TokenURL: '2', ProfileURL: '3', EmailURL: '4' } },
  });
  t.equal(most!.skipTwoFactor, true);
  t.same(Object.keys(least!.settings), Object.keys(most!.settings));
  t.match(String(least!.secret), '<secret company_client>');
});

t.test('without any it is still looked whether one of ours is left', async (t) => {
  t.match(specOf(input()), { sources: [], phase: 'sign-in', gitea: 'gitea-gitea-1', hold: { proxy: 'gitea-proxy-1' } });
  t.same(
    contributions(input().config)
      .checks.map(({ id }) => id)
      .filter((id) => id.startsWith('sign-in')),
    [],
  );
});

t.test('doctor asks for the document of each that has one', async (t) => {
  const { discoveryUrl: _, ...github } = { ...company, name: 'github', provider: 'github' as const };
  const { checks } = contributions(withSources(company, github).config);
  const asked = checks.filter(({ id }) => id.startsWith('sign-in'));
  t.match(asked, [{ id: 'sign-in.company', title: 'sign-in source company' }]);
  t.match(asked[0]!.script, url);
});

t.test('what came of it', async (t) => {
  const document = JSON.stringify({ issuer: 'https://id.corp.test', authorization_endpoint: 'a', token_endpoint: 'b' });
  t.match(judgeDiscovery(url, `${document}\n200`), { status: 'pass', detail: /^https:\/\/id\.corp\.test describes/ });
  t.match(judgeDiscovery(url, `${document.replaceAll(',', ',\n')}\n200\n`), { status: 'pass' });
  t.match(judgeDiscovery(url, 'nowhere\n'), { status: 'skip' });
  for (const [answer, detail] of [
    [
      'curl: (60) SSL certificate problem: unable to get local issuer certificate\n\n000',
      /does not trust: curl: \(60\)/,
    ],
    ['curl: (6) Could not resolve host\n\n000', /cannot be reached: curl: \(6\)/],
    [`${document}\n404`, /answers 404/],
    ['', /answers nothing/],
    ['<html>\n200', /has no issuer, authorization_endpoint, token_endpoint/],
    ['null\n200', /has no issuer/],
    ['{"issuer":"x","authorization_endpoint":5,"token_endpoint":"b"}\n200', /has no authorization_endpoint$/],
  ] as const)
    t.match(judgeDiscovery(url, answer), { status: 'fail', detail, next: /./ }, answer);
});
