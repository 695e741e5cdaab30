import t from 'tap';
import type { Release } from '../../../lib/core/update.ts';
import { byHand, changesOf, jumpsBetween, neverTaken } from '../../../lib/jobs/update/known.ts';
import { choose, type Policy } from '../../../lib/jobs/update/policy.ts';
import { newerReleases, stepBetween } from '../../../lib/jobs/update/releases.ts';

const tagsOf = (releases: readonly Release[]) => releases.map(({ tag, step }) => `${tag} ${step}`);

t.test('Gitea: 28 comes after 1.27 and is a line like any other; other kinds of tags are left alone', (t) => {
  const tags = [
    ...['28.1.0-rootless', '1.27.4-rootless', '28.0.0-rootless', '1.27.10-rootless', '1.26.9-rootless'],
    ...['1.27.4', '1.27-rootless', '28-rootless', 'latest-rootless', '1.28.0-rc1-rootless', '1.27.5-rc0-rootless'],
    ...['nightly-rootless', '1.28.0-rootless', 'v1.27.9-rootless', '1.27.3-rootless'],
  ];
  t.same(tagsOf(newerReleases('gitea', '1.27.3-rootless', tags)), [
    ...['1.27.4-rootless patch', '1.27.10-rootless patch', '28.0.0-rootless minor', '28.1.0-rootless minor'],
  ]);
  t.same(tagsOf(newerReleases('gitea', '28.0.0-rootless', tags)), ['28.1.0-rootless patch']);
  t.same(newerReleases('gitea', '1.27-rootless', tags), [], 'a tag that moves is no release');
  t.same(newerReleases('gitea', 'own', tags), []);
  t.end();
});

t.test('PostgreSQL has two numbers, Nginx lines of which the even ones are stable, certbot a v', (t) => {
  const postgres = ['18', '18.7', '18.10', '19.0', '18.7-alpine', '18.7-trixie', '17.9', '18.6.1'];
  t.same(tagsOf(newerReleases('postgres', '18.6', postgres)), ['18.7 patch', '18.10 patch', '19.0 major']);
  t.same(tagsOf(newerReleases('postgres', '18.6-trixie', postgres)), ['18.7-trixie patch']);
  const nginx = [
    '1.30.5-alpine',
    '1.31.2-alpine',
    '1.32.0-alpine',
    '1.30-alpine',
    '1.30.5-alpine-slim',
    '2.0.0-alpine',
  ];
  t.same(tagsOf(newerReleases('nginx', '1.30.4-alpine', nginx)), [
    ...['1.30.5-alpine patch', '1.32.0-alpine minor', '2.0.0-alpine major'],
  ]);
  t.match(tagsOf(newerReleases('nginx', '1.31.1-alpine', nginx)), ['1.31.2-alpine patch', '1.32.0-alpine minor']);
  t.same(tagsOf(newerReleases('certbot', 'v5.9.0', ['v5.9.1', '5.9.2', 'v5.10.0', 'v6.0.0', 'arm64v8-v5.10.0'])), [
    ...['v5.9.1 patch', 'v5.10.0 minor', 'v6.0.0 major'],
  ]);
  t.equal(stepBetween('restic', [0, 19, 1], [0, 20, 0]), 'minor');
  t.end();
});

const release = (tag: string, step: Release['step'] = 'patch'): Release => ({ tag, step });
const now = new Date('2026-11-30T12:00:00Z');
const policy = (more: Partial<Policy> = {}): Policy => ({ upTo: 'patch', holdBack: '3d', pinned: undefined, ...more });
const madeAt =
  (made: Readonly<Record<string, string>>, asked: string[] = []) =>
  async ({ tag }: Release) => {
    asked.push(tag);
    return made[tag];
  };
const never = () => undefined;

t.test('due is the newest that the policy takes and that is old enough', async (t) => {
  const newer = [release('a'), release('b'), release('c'), release('d', 'minor'), release('e', 'major')];
  const asked: string[] = [];
  const made = madeAt({ a: '2026-11-01T00:00:00Z', b: '2026-11-20T00:00:00Z', c: '2026-11-29T00:00:00Z' }, asked);
  const { due, held } = await choose(newer, policy(), now, never, made);
  t.same(due, { tag: 'b', step: 'patch', made: '2026-11-20T00:00:00Z' });
  t.match(held, [
    { tag: 'c', why: /made on 2026-11-29, and is held back for 3d, until 2026-12-02 00:00 UTC/ },
    { tag: 'd', why: /it is a minor step, and updates.policy takes patch ones/ },
    { tag: 'e', why: /major step/ },
  ]);
  t.equal(held.length, 3);
  t.same(asked, ['c', 'b'], 'the others are asked for nothing: each question counts as a download');
});

t.test('nothing held back: no image has to say when it was made', async (t) => {
  const { due } = await choose([release('a')], policy({ holdBack: '0d' }), now, never, madeAt({}));
  t.same(due, { tag: 'a', step: 'patch' });
  const silent = await choose([release('a')], policy(), now, never, madeAt({}));
  t.equal(silent.due, undefined);
  t.match(silent.held, [{ why: /does not say when it was made, and updates.holdBack is 3d/ }]);
});

t.test('the day on which a pin ends it does not hold any more', async (t) => {
  const pinned = (until: string) => ({ pinned: { reason: 'our theme', until } });
  const made = madeAt({ a: '2026-11-01T00:00:00Z' });
  const still = await choose([release('a')], policy(pinned('2026-12-01')), now, never, made);
  t.match(still, { due: undefined, held: [{ why: 'it stays as it is until 2026-12-01: our theme' }] });
  t.equal((await choose([release('a')], policy(pinned('2026-11-30')), now, never, made)).due?.tag, 'a');
});

t.test('none takes none, and what is refused is refused under any policy', async (t) => {
  const made = madeAt({ a: '2026-11-01T00:00:00Z' });
  t.match(await choose([release('a')], policy({ upTo: 'none' }), now, never, made), {
    due: undefined,
    held: [{ why: /updates.policy takes none/ }],
  });
  const refused = (one: Release) => neverTaken('postgres', one);
  const { due, held } = await choose([release('19.0', 'major')], policy({ upTo: 'major' }), now, refused, made);
  t.equal(due, undefined);
  t.match(held, [{ why: /never converts the data of another major release/ }]);
});

t.test('what bites on the way is told once for each line, oldest first, and where to read on', (t) => {
  t.match(jumpsBetween('gitea', '1.22.6-rootless', '1.25.4-rootless'), [/^1\.23 /, /^1\.24 /, /^1\.25 /]);
  t.match(jumpsBetween('gitea', '1.27.3-rootless', '28.1.0-rootless'), [/^28\.0 has rules/]);
  t.same(jumpsBetween('gitea', '28.0.0-rootless', '28.1.0-rootless'), []);
  t.same(jumpsBetween('nginx', '1.30.4', '1.30.5'), []);
  t.match(byHand('gitea', release('28.1.0-rootless', 'minor')), /migrates the database for good/);
  t.equal(byHand('gitea', release('1.27.4-rootless')), undefined);
  t.match(changesOf('gitea', '28.1.0-rootless'), /\/v28\.1\.0$/);
  t.match(changesOf('nginx', '1.30.5-alpine'), /CHANGES-1\.30$/);
  t.end();
});
