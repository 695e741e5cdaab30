import t from 'tap';
import { loginOf } from '../../../lib/core/database-login.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { type SecretSet, secretNames } from '../../../lib/core/secrets.ts';
import type { Spec } from '../../../lib/core/spec.ts';
import type { Step } from '../../../lib/engine/plan.ts';
import { verdicts } from '../../../lib/jobs/rotate/proof.ts';
import { anew, goingOn, standsAs } from '../../../lib/jobs/rotate/start.ts';
import { rotatable } from '../../../lib/secrets/rotation.ts';

const before = Object.fromEntries(
  secretNames.map((name) => [name, new Secret(name, `old-${name}`)]),
) as unknown as SecretSet;

const step = (spec: Partial<Spec>): Step => ({
  spec: spec as Spec,
  change: {
    ...{ id: 'x', kind: 'file', phase: 'p', action: 'update' },
    title: 'thing',
    why: 'differs',
    impact: 'none',
  },
  observed: undefined,
});
const closing = step({ kind: 'login', role: 'gitea_b', password: undefined });
const opening = step({ kind: 'login', role: 'gitea_a', password: before.postgres_password });
const sweeping = step({ kind: 'leftovers', directory: '/etc/gitea-runbooks/secrets', stems: [] });
const oldSettings = step({ kind: 'leftovers', directory: '/srv/gitea/gitea/config', stems: ['app.ini'] });
const otherFiles = step({ kind: 'leftovers', directory: '/srv/gitea/nginx', stems: ['hold'] });
const container = step({ kind: 'compose' });

t.test('a new rotation begins on a host that is as wanted', async (t) => {
  const start = anew(before, rotatable, [], 'host');
  t.match(start, { names: rotatable, resumed: false });
  t.same(Object.keys(start.fresh).sort(), [...rotatable].sort());
  t.equal(loginOf(start.after.postgres_password).role, 'gitea_b');
  t.same(anew(before, ['gitea_metrics_token'], [], 'host').names, ['gitea_metrics_token']);
});

t.test('old logins and files alone are the rest of an earlier one: nothing gets a new value', async (t) => {
  for (const steps of [[closing], [sweeping], [oldSettings], [closing, sweeping, oldSettings]]) {
    const start = anew(before, rotatable, steps, 'host');
    t.match(start, { names: [], fresh: {}, resumed: true });
    t.equal(start.after, before);
  }
});

t.test('a host that lacks anything else is refused, by name', async (t) => {
  for (const steps of [[container], [closing, container], [opening], [otherFiles]]) {
    const message = new RegExp(`\\(${steps.length} changes pending\\)[^]*thing: differs[^]*Next: .*deploy`);
    t.throws(() => anew(before, rotatable, steps, 'host'), { name: 'RunbookError', exitCode: 22, message });
  }
});

t.test('the rest of an earlier run keeps what it has staged', async (t) => {
  const staged = { postgres_password: 'gitea_a:x', gitea_metrics_token: 'y' };
  const rest = goingOn(before, staged, rotatable, [container]);
  t.match(rest, { names: rotatable, resumed: true }, 'what is asked for and was not staged yet comes with it');
  t.same(Object.keys(rest.fresh).sort(), ['gitea_internal_token', 'gitea_lfs_jwt_secret']);
  t.equal(rest.after.postgres_password.reveal(), 'gitea_a:x');
  t.equal(rest.after.gitea_metrics_token.reveal(), 'y');
  const narrow = goingOn(before, staged, ['gitea_metrics_token'], [container]);
  t.match(narrow, { names: ['postgres_password', 'gitea_metrics_token'], fresh: {} }, 'and is finished unasked');
  const inPlace = goingOn(before, staged, rotatable, []);
  t.match(inPlace, { names: ['postgres_password', 'gitea_metrics_token'], fresh: {} }, 'cut off at the very end');
});

const good = `gitea_metrics_token\t200\t401\tyes
gitea_internal_token\t404\t403\tyes
gitea_lfs_jwt_secret\t\t\tyes
session\tgitea_a\t3
`;

t.test('the proof: each new value in force, each old one not', async (t) => {
  const failed = (text: string) =>
    verdicts(text, rotatable, 'gitea_a').flatMap(({ id, status, detail }) =>
      status === 'pass' ? [] : [`${id}: ${detail}`],
    );
  t.same(failed(good), []);
  t.same(failed(good.replaceAll(/40[13]/g, 'none')), [], 'the old values are gone from the host');
  const cases: [string, string, RegExp][] = [
    ['200\t401', '401\t401', /^rotation.gitea_metrics_token: Gitea answers 401 to the new one/],
    ['200\t401', '200\t200', /^rotation.gitea_metrics_token: Gitea answers 200 to the old one/],
    ['200\t401\tyes', '200\t401\tno', /^rotation.gitea_metrics_token: Gitea has another value/],
    ['404\t403', '403\t403', /^rotation.gitea_internal_token: Gitea answers 403 to the new one/],
    ['404\t403', '404\t404', /^rotation.gitea_internal_token: Gitea answers 404 to the old one/],
    ['404\t403', '000\t000', /^rotation.gitea_internal_token: Gitea answers 000/],
    ['\t\tyes', '\t\tno', /^rotation.gitea_lfs_jwt_secret: Gitea has another value/],
    ['session\tgitea_a', 'session\tgitea', /^rotation.postgres_password: somebody is still logged in .* as gitea$/],
    ['session\tgitea_a\t3\n', '', /^rotation.postgres_password: Gitea has no session/],
  ];
  for (const [from, to, what] of cases) {
    const found = failed(good.replace(from, to));
    t.equal(found.length, 1, what.source);
    t.match(found[0], what);
  }
  t.equal(failed('').length, 4, 'silence proves nothing');
  t.same(
    verdicts(good.replace('\t401', '\t200'), ['postgres_password'], 'gitea_a').map(({ status }) => status),
    ['pass'],
    'only what was rotated is asked about',
  );
});

t.test('what begins after a pause is what was approved, or nothing', (t) => {
  const begin = (values = before) => anew(values, rotatable, [], 'host');
  const rest = (value: string) => goingOn(before, { gitea_metrics_token: value }, rotatable, [container]);
  const other = { ...before, gitea_secret_key: new Secret('gitea_secret_key', 'another') };
  t.ok(standsAs(begin(), begin()), 'new values are new each time');
  t.ok(standsAs(rest('y'), rest('y')));
  t.notOk(standsAs(begin(), begin(other)), 'other values in use');
  t.notOk(standsAs(rest('y'), rest('z')), 'others staged');
  t.notOk(standsAs(begin(), rest('y')), 'begun by somebody else');
  t.notOk(standsAs(begin(), anew(before, ['gitea_metrics_token'], [], 'host')), 'fewer names');
  t.notOk(standsAs(begin(), anew(before, rotatable, [closing], 'host')), 'only the clean-up is left');
  t.end();
});
