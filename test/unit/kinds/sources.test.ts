// What is found of the sign-in sources, what is made of it, and how it gets to the database and to a running Gitea.
import t, { type Test } from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import { Secret } from '../../../lib/core/secret.ts';
import type { SignInSource, SourcesSpec } from '../../../lib/core/spec.ts';
import type { Command, Host } from '../../../lib/host/port.ts';
import { sources } from '../../../lib/kinds/gitea/sources.ts';
import { sandbox } from './sandbox.ts';

const secret = new Secret('company_client', "canary ' $1 \\ {}");
const settings = {
  ...{ Provider: 'openidConnect', ClientID: 'gitea', CustomURLMapping: null, IconURL: '', Scopes: ['email'] },
  OpenIDConnectAutoDiscoveryURL: 'https://id.corp.test/.well-known/openid-configuration',
};
const company: SignInSource = { name: 'company', secret, skipTwoFactor: false, settings };
const hold = {
  ...{ flag: '/nowhere/hold', service: 'proxy', proxy: 'proxy', of: ['gitea'], address: '127.0.0.1', ports: [1] },
  ...{ endless: '/nowhere', health: 'http://127.0.0.1:1/', patience: 0 },
};
const specWith = (...wanted: readonly SignInSource[]): SourcesSpec => ({
  ...{ kind: 'sources', id: 's', phase: 'sign-in', gitea: 'gitea', database: 'database', hold, timeout: 5 },
  sources: wanted,
});

const row = (values: Readonly<Record<string, unknown>> = {}) => ({
  ...{ id: 3, type: 6, name: 'company', active: true, policy: '', settings, mark: 'company', changed: 1000 },
  secret: sha256(`3:${secret.reveal()}`),
  ...values,
});
const started = 2000;

/** The answer of the database and of Docker, as the probe hands it on. */
function diff(spec: SourcesSpec, found: readonly object[] | undefined, start: number | '' = started) {
  const line = (one: object) => `source\t${Buffer.from(JSON.stringify(one)).toString('base64')}\n`;
  const text = found === undefined ? '' : `reachable\n${found.map(line).join('')}`;
  const observed = sources.parse(`${text}started\t${start}\n`, [spec]).get('s')!;
  return sources.diff(spec, observed);
}
const why = (...found: readonly object[]) => diff(specWith(company), found)?.why;

t.test('as wanted: nothing to do, however Gitea has written what there is none of', async (t) => {
  t.equal(why(row()), undefined);
  for (const more of [
    { Scopes: ['email'], CustomURLMapping: {}, IconURL: '' },
    { CustomURLMapping: { AuthURL: '' }, GroupTeamMap: '{"a":{}}', FullNameClaimName: 'by hand' },
    { CustomURLMapping: undefined, IconURL: undefined },
  ])
    t.equal(why(row({ settings: { ...settings, ...more } })), undefined, JSON.stringify(more));
  t.equal(diff(specWith(), []), undefined);
  t.equal(diff(specWith(), [row({ mark: null })]), undefined, 'one of others is left alone');
  t.equal(diff(specWith(), undefined), undefined, 'nothing is wanted, and nobody can be asked');
});

t.test('what differs is said, and what of it a running Gitea does not see', async (t) => {
  const change = (values: Readonly<Record<string, unknown>>) => {
    const { action, why, impact } = diff(specWith(company), [row(values)])!;
    return [action, impact, why];
  };
  const other = (key: string, value: unknown) => change({ settings: { ...settings, [key]: value } });
  t.same(other('ClientID', 'x'), ['update', 'restart', 'has another ClientID ("x")']);
  t.same(other('Scopes', null), ['update', 'restart', 'has another Scopes (none)']);
  t.same(other('IconURL', 'https://x'), ['update', 'none', 'has another IconURL ("https://x")']);
  t.same(change({ secret: sha256('3:old') }), ['update', 'restart', 'has another secret than <secret company_client>']);
  t.same(change({ secret: null }), ['update', 'restart', 'has another secret than <secret company_client>']);
  t.same(change({ active: false }), ['update', 'restart', 'is inactive']);
  t.same(change({ name: 'renamed' }), ['update', 'restart', 'is called "renamed"']);
  t.same(change({ policy: 'skip' }), ['update', 'none', "skips Gitea's second factor"]);
  t.same(change({ policy: null, settings: { ...settings, SkipLocalTwoFA: true } }), [
    ...['update', 'none', "skips Gitea's second factor"],
  ]);
  t.equal(why(row({ policy: 'skip', settings: { ...settings, SkipLocalTwoFA: true } })), "skips Gitea's second factor");
  t.match(change({ mark: null }), ['update', 'none', /was not made by a deploy/]);
  t.match(other('IconURL', 'x'.repeat(5000))[2], /^.{1,100}$/, 'on a short line');
});

t.test('a source that is not there, and a name that another sort of source has', async (t) => {
  t.match(diff(specWith(company), []), { action: 'create', impact: 'none', title: 'sign-in source company' });
  t.match(diff(specWith(company), undefined), { action: 'create', why: /does not answer yet/ });
  t.match(diff(specWith(company), [row({ name: 'Company', mark: null })]), { action: 'create' }, 'another case');
  t.throws(() => diff(specWith(company), [row({ type: 2, settings: {}, secret: null, mark: null })]), {
    kind: 'refused',
    message: /already, which is neither OAuth2 nor OpenID Connect/,
  });
});

t.test('changed while Gitea ran: it is restarted; one that does not run reads it anyway', async (t) => {
  const late = row({ changed: started + 1 });
  t.match(diff(specWith(company), [late]), { action: 'refresh', impact: 'restart', why: /since Gitea was started/ });
  t.equal(diff(specWith(company), [late], ''), undefined);
  t.equal(diff(specWith(company), [row({ changed: started })]), undefined);
  t.match(diff(specWith(company), [row({ secret: 'x' })], ''), { impact: 'none' });
});

t.test('ours and wanted no more: inactive, whatever it is called by now; several are one change', async (t) => {
  t.match(diff(specWith(), [row()]), { action: 'remove', impact: 'none', why: /becomes inactive, its accounts stay/ });
  const found = [row(), row({ id: 4, name: 'other', mark: 'old' }), row({ id: 5, name: 'foreign', mark: null })];
  t.match(diff(specWith(company), found), { action: 'remove', title: 'sign-in source other' });
  const both = diff(specWith(company), [row({ active: false }), ...found.slice(1)]);
  t.match(both, { action: 'update', impact: 'restart', title: 'sign-in sources company, other' });
  t.match(both?.why, /^company is inactive; other is wanted no more/);
  const twins = [
    row({ name: 'company', mark: null, id: 9, secret: sha256(`9:${secret.reveal()}`) }),
    row({ name: 'x' }),
  ];
  t.match(
    diff(specWith(company), twins)?.why,
    /^company was not made by .*; x is wanted no more/,
    'the name comes first',
  );
});

/** A host that takes statements, and says when Gitea was started and when a source was last changed. */
async function applied(t: Test, { changed = 0, runs = true, healthy = true, refuses = false } = {}) {
  const { host, calls } = sandbox(t.testdir(), {
    docker: `case "$*" in
  *StartedAt*) ${runs ? 'echo 2026-11-29T12:00:00.123456789Z' : ':'} ;;
  *max*revision*) echo ${changed} ;;
  *Health*) echo ${healthy ? 'healthy' : 'unhealthy'} ;;
  *Pid*) echo 0 ;;
  *logs*) echo 'last words' ;;
esac`,
  });
  let said: Command = {};
  const taking: Host = {
    ...host,
    run: async (command) => {
      if (command.script !== undefined) return host.run(command);
      said = command;
      return { code: refuses ? 3 : 0, stdout: '', stderr: refuses ? 'ERROR:  it said' : '' };
    },
  };
  const spec = { ...specWith(company), hold: { ...hold, flag: `${t.testdirName}/hold` }, timeout: 1 };
  const error = await sources.apply(spec, {} as never, { host: taking, progress: () => {} }, {} as never).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  return { said, error, restarts: calls().filter((call) => call.startsWith('docker restart')).length };
}

const at = Date.parse('2026-11-29T12:00:00Z') * 1000 + 123456;

t.test('the secret goes to the database by standard input, as text in which nothing has a meaning', async (t) => {
  const { said, error } = await applied(t);
  t.equal(error, undefined);
  t.type(said.stdin, Secret);
  const statements = (said.stdin as Secret).reveal();
  t.notMatch(JSON.stringify(said), /canary/);
  t.notMatch(statements, 'canary');
  const [, text = ''] = /decode\('([A-Za-z0-9+/=]*)', 'base64'\)/.exec(statements) ?? [];
  t.match(JSON.parse(Buffer.from(text, 'base64').toString()), [
    { name: 'company', skip: false, settings: { ...settings, ClientSecret: secret.reveal() } },
  ]);
  t.match(statements, /^begin;[\s\S]*log_error_verbosity = terse;\nset local role gitea;\ndo [\s\S]*commit;\n$/m);
});

t.test('Gitea is restarted exactly when a source has changed since it was started', async (t) => {
  for (const [changed, more, restarts] of [
    [at + 1, {}, 1],
    [at, {}, 0],
    [0, {}, 0],
    [at + 1, { runs: false }, 0],
  ] as const) {
    const done = await applied(t, { changed, ...more });
    t.equal(done.error, undefined);
    t.equal(done.restarts, restarts, `${changed - at} ${JSON.stringify(more)}`);
  }
});

t.test('what fails is said: statements that are refused, a Gitea that does not come back', async (t) => {
  const refused = await applied(t, { refuses: true, changed: at + 1 });
  t.match(refused.error, { kind: 'changeFailed', message: /it said/ });
  t.equal(refused.restarts, 0);
  t.match((await applied(t, { changed: at + 1, healthy: false })).error, { message: /last words/ });
});
