import t from 'tap';
import { hasPermissionScope, hasScope, normalizeScope, publicOnly, scopeRefusal } from '../../lab/standin/scopes.ts';

t.test('normal form', async (t) => {
  t.equal(normalizeScope('write:user,write:repository'), 'write:repository,write:user');
  t.equal(normalizeScope('read:user,write:user,read:user'), 'write:user');
  t.equal(normalizeScope('all'), 'all');
  t.equal(normalizeScope('all,public-only'), 'public-only,all');
  t.equal(normalizeScope(''), '');
  t.throws(() => normalizeScope('repo'), { message: 'invalid access token scope: repo' });
  t.throws(() => normalizeScope('admin:repository'), { message: 'invalid access token scope: admin:repository' });
});

t.test('write implies read, nothing implies another category', async (t) => {
  t.ok(hasScope('write:repository', 'read', 'repository'));
  t.notOk(hasScope('read:repository', 'write', 'repository'));
  t.notOk(hasScope('write:repository', 'read', 'user'));
  t.ok(hasScope('all', 'write', 'admin'));
  t.notOk(hasScope('', 'read', 'user'));
  t.ok(publicOnly('public-only,all'));
  t.notOk(publicOnly('all'));
  t.notOk(hasPermissionScope('public-only'));
  t.ok(hasPermissionScope('read:user'));
});

t.test('the refusal names what is missing', async (t) => {
  t.equal(scopeRefusal('all', 'POST', 'user'), undefined);
  t.equal(scopeRefusal('read:user', 'GET', 'user'), undefined);
  t.equal(
    scopeRefusal('read:repository', 'POST', 'user'),
    'token does not have at least one of required scope(s), required=[write:user], token scope=read:repository',
  );
});
