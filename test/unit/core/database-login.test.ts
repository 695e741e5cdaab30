import t from 'tap';
import {
  firstLogin,
  type LoginRole,
  loginOf,
  loginRoles,
  loginValue,
  nextRole,
} from '../../../lib/core/database-login.ts';
import { Secret } from '../../../lib/core/secret.ts';

const read = (value: string) => {
  const { role, password } = loginOf(new Secret('postgres_password', value));
  t.equal(String(password), '<secret postgres_password>');
  return [role, password.reveal()];
};

t.test('a plain value is the password of the first login, one with a role that of the role', async (t) => {
  t.same(read('abc'), ['gitea_a', 'abc']);
  t.same(read('gitea_a:abc'), ['gitea_a', 'abc']);
  t.same(read('gitea_b:a:b\nc'), ['gitea_b', 'a:b\nc']);
  // Only the two roles that take turns are told apart: whatever else somebody has chosen stays a password.
  for (const value of ['gitea:abc', 'gitea_c:abc', 'xgitea_a:abc', 'postgres:abc', 'gitea_a:', ':', 'a:b'])
    t.same(read(value), ['gitea_a', value]);
});

t.test('a value says what it was made of', async (t) => {
  for (const role of loginRoles) t.same(read(loginValue(role, 'abc')), [role, 'abc']);
});

t.test('the roles take turns, and no login is followed by itself', async (t) => {
  const turns: LoginRole[] = [firstLogin];
  for (let turn = 0; turn < 4; turn++) turns.push(nextRole(turns.at(-1)!));
  t.same(turns, ['gitea_a', 'gitea_b', 'gitea_a', 'gitea_b', 'gitea_a']);
});
