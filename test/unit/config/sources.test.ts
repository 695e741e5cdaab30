import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { namesGiven } from '../../../lib/config/rules/secret-names.ts';
import { goodWith, problemsOf } from './sample.ts';

const whole =
  '{name: a, discoveryUrl: "https://id.corp.test/.well-known/openid-configuration", clientId: i, clientSecret: {secret: s}}';
const of = (...sources: readonly string[]) =>
  goodWith(`gitea:\n  signIn:\n    sources:\n${sources.map((source) => `      - ${source}`).join('\n')}`);
/** A source with these values in the place of others; `-` leaves one out. */
const source = (values: Readonly<Record<string, string>> = {}) => {
  const all: Readonly<Record<string, string>> = {
    ...{ name: 'a', discoveryUrl: '"https://id.corp.test/.well-known/openid-configuration"', clientId: 'i' },
    ...{ clientSecret: '{secret: s}', ...values },
  };
  const kept = Object.entries(all).filter(([, value]) => value !== '-');
  return `{${kept.map(([key, value]) => `${key}: ${value}`).join(', ')}}`;
};
/** Without the file's name. */
const told = (...sources: readonly string[]) =>
  problemsOf(of(...sources)).map((line) => line.replace(/^f\.yaml:/, '').replaceAll('gitea.signIn.sources.', ''));

t.test('a source with what it needs, and with everything', async (t) => {
  t.same(told(whole), []);
  const { config } = parseConfig(of(whole), 'f.yaml');
  t.match(config?.gitea.signIn.sources, [{ provider: 'openidConnect', scopes: [], skipTwoFactor: false }]);
  t.same(namesGiven(config!), ['s']);
  t.same(
    told(
      source({
        ...{ scopes: '[email, "https://corp.test/scope"]', requiredClaim: '{name: groups, value: git}' },
        ...{ groups: '{claim: groups, admin: admins}', iconUrl: '"https://id.corp.test/i.svg"', skipTwoFactor: 'true' },
      }),
      source({ name: 'B.b_b-1', provider: 'gitlab', discoveryUrl: '-', urls: '{token: "https://lab.corp.test/t"}' }),
    ),
    [],
  );
});

t.test('all that is wrong at once, each where it stands', async (t) => {
  t.same(
    told(
      source({
        name: '"a/b"',
        discoveryUrl: '"http://id.corp.test/.well-known/x"',
        clientSecret: '{secret: gitea_x}',
        scopes: '["a b"]',
        iconUrl: 'x',
      }),
      source({ naem: 'a', provider: 'openid' }),
    ),
    [
      '12:16 0.name: is the text "a/b", allowed is 1 to 64 letters, digits, ".", "_" and "-", a letter or digit first, for example company',
      '12:37 0.discoveryUrl: is the text "http://id.corp.test/.well-known/x", which is not encrypted, allowed is https:// - did you mean "https://id.corp.test/.well-known/x"?',
      '12:110 0.clientSecret.secret: is the text "gitea_x", which the runbooks keep for themselves, allowed is another name, without gitea_ or postgres_ at its beginning',
      '12:129 0.scopes.0: is the text "a b", allowed is a scope: 1 to 128 printable characters without spaces, commas, quotes and backslashes',
      '12:146 0.iconUrl: is the text "x", allowed is an https:// URL',
      '13:130 1.naem: is not a known key, allowed here are name, provider, discoveryUrl, clientId, clientSecret, scopes, urls, requiredClaim, groups, iconUrl, skipTwoFactor - did you mean "name"?',
      '13:149 1.provider: is the text "openid", allowed is one of openidConnect, bitbucket, discord, dropbox, facebook, gitea, github, gitlab, gplus, mastodon, nextcloud, twitter, yandex',
    ],
  );
  t.match(told('x', '{}'), [
    /0: is the text "x", allowed is a section with name/,
    /1.name: is missing/,
    /1.clientId: is missing/,
    /1.clientSecret: is missing/,
  ]);
  t.match(
    told(source({ clientSecret: 'hunter22' })),
    [/^\S+ 0\.clientSecret: is no reference, allowed is \{ secret: NAME \}/],
    'and the secret is not shown',
  );
});

t.test('what the provider takes', async (t) => {
  t.match(told(source({ discoveryUrl: '-' })), [/^12:9 0\.discoveryUrl: is missing, .* OpenID Connect needs it$/]);
  t.match(told(source({ discoveryUrl: '"https://id.corp.test/realms/x/"' })), [
    /which is no discovery document.*did you mean "https:\/\/id\.corp\.test\/realms\/x\/\.well-known\/openid-config/,
  ]);
  t.match(told(source({ discoveryUrl: '"https://id.example.com/.well-known/x"' })), [/0\.discoveryUrl: .*example/]);
  t.match(told(source({ provider: 'github' })), [/0\.discoveryUrl: is set for github, which has none/]);
  const urls = '{authorize: "https://a.corp.test/", email: "https://a.corp.test/"}';
  t.match(told(source({ urls })), [
    /0\.urls\.authorize: is set for openidConnect, which takes no addresses/,
    /0\.urls\.email: is set for openidConnect/,
  ]);
  t.match(told(source({ provider: 'mastodon', discoveryUrl: '-', urls })), [/0\.urls\.email: .*takes authorize only$/]);
  t.match(told(source({ provider: 'nextcloud', discoveryUrl: '-' })), [
    /0\.urls\.authorize: is missing/,
    /0\.urls\.token: is missing/,
    /0\.urls\.profile: is missing/,
  ]);
  t.match(told(source({ provider: 'azuread' })), [/0\.provider: is the text "azuread"/]);
  t.match(told(source({ groups: '{claim: g}' })), [/0\.groups: says of no group what it means/]);
});

t.test('Gitea is no provider of its own', async (t) => {
  const own = '"https://GIT.corp.test/.well-known/openid-configuration"';
  t.match(told(source({ discoveryUrl: own })), [/^12:33 0\.discoveryUrl: is at this very Gitea, which would wait for/]);
});

t.test('names are parts of URLs: each stands for one source, in any case of its letters', async (t) => {
  t.same(told(source(), source({ name: 'b' }), source({ name: 'A' })), [
    '14:16 2.name: is A, the name of source 1, allowed is any other one',
  ]);
});

t.test('no password form and no source: a warning, because a way in may be on the host alone', async (t) => {
  const warned = (signIn: string) =>
    parseConfig(goodWith(`gitea: {signIn: ${signIn}}`), 'f.yaml').problems.map(({ severity, path }) => [
      severity,
      path,
    ]);
  t.same(warned('{passwordForm: false}'), [['warning', 'gitea.signIn.passwordForm']]);
  t.same(warned(`{passwordForm: false, sources: [${whole}]}`), []);
  t.same(warned('{passwordForm: true}'), []);
});
