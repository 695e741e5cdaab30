import type { Check } from './check.ts';
import { fail, pass } from './verdict.ts';

export const signInPath = '/user/login';
const signUpPath = '/user/sign_up';
const password = /<input\b[^>]*\btype=["']?password/i;

/** People can sign in, and strangers cannot make themselves an account. */
export const signIn: Check = {
  id: 'outside.sign-in',
  title: 'Sign-in page',
  async look(site) {
    const [login, register] = await Promise.all([site.page(signInPath), site.page(signUpPath)]);
    if (login.status !== 200) return fail(`${signInPath} answers ${login.status}`, 'npx zx runbooks/status.mjs');
    const asks = password.test(login.body.toString());
    const { passwordForm, sources } = site.config.gitea.signIn;
    if (passwordForm && !asks)
      return fail(`${signInPath} has no password field`, 'open it in a browser: another site may answer on this name');
    if (!passwordForm && asks)
      return fail(`${signInPath} asks for a password`, 'npx zx runbooks/deploy.mjs turns that off again');
    const absent = sources.filter(({ name }) => !login.body.toString().includes(`/user/oauth2/${name}"`));
    if (absent.length > 0)
      return fail(
        `${signInPath} has no button for ${absent.map(({ name }) => name).join(', ')}`,
        'npx zx runbooks/deploy.mjs brings it back',
      );
    if (register.status === 200 && password.test(register.body.toString())) {
      return fail('anyone can register an account', 'npx zx runbooks/deploy.mjs turns registration off again');
    }
    return pass(`asks for ${passwordForm ? 'a' : 'no'} password, registration is off`);
  },
};
