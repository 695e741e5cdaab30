import { databaseOwner } from '../../core/database-roles.ts';
import { RunbookError } from '../../core/errors.ts';
import { quote, quoteAll } from '../../core/quote.ts';
import type { Secret } from '../../core/secret.ts';
import type { AccountSpec } from '../../core/spec.ts';
import type { Host } from '../../host/port.ts';
import { ask } from '../database/index.ts';
import type { Kind } from '../kind.ts';
import { changeOf, lastLines, must, rows } from '../text.ts';

interface Observed {
  /** undefined while the database does not answer (for example before the first start). */
  readonly exists: boolean | undefined;
  readonly hasToken: boolean;
  /** Its password is still on the host, on its way to the secret store. */
  readonly hasPassword: boolean;
  /** It is the administrator, and none has ever signed in. */
  readonly untouched: boolean;
  /** Of no meaning where none is wanted: nobody looks then. */
  readonly hasFactor?: boolean;
}

/** Gitea's tables, read with its owner's rights and no more. For this query alone: others may follow in the same session. */
const asOwner = (question: string) => `set local role ${databaseOwner}; ${question}`;

/** An administrator who has signed in has a way in, and may have given others their passwords. */
const signedIn = 'is_admin and last_login_unix > 0';

export const account: Kind<'account', Observed> = {
  kind: 'account',
  snippet: (specs) => {
    const tokens = specs.flatMap(({ token }) => (token ? [token.file] : []));
    return `for file in ${quoteAll([...tokens, ...specs.map(({ passwordFile }) => passwordFile)])}; do [ -s "$file" ] && printf 'file\\t%s\\n' "$file"; done
true`;
  },
  question: (specs) => {
    const names = specs.map(literal).join(', ');
    const factors = specs.filter(({ secondFactor }) => secondFactor).map(literal);
    const found = [
      `select 'user', lower_name from "user" where lower_name in (${names})`,
      `select 'admin', lower_name from "user" where is_admin`,
      `select 'signed-in', '' from "user" where ${signedIn}`,
      ...(factors.length > 0
        ? [
            `select 'factor', lower_name from two_factor f join "user" u on u.id = f.uid where lower_name in (${factors.join(', ')})`,
          ]
        : []),
    ].join(' union ');
    return { database: specs[0]!.database, sql: asOwner(found) };
  },
  parse: (text, specs) => {
    const found = rows(text);
    const reachable = found.some(([word]) => word === 'reachable');
    return new Map(
      specs.map((spec) => {
        // The first administrator is made once: whoever has renamed or replaced it since has another one.
        const exists = spec.admin
          ? found.some(([word]) => word === 'admin')
          : found.some(([word, name]) => word === 'user' && name === spec.username.toLowerCase());
        const has = (path: string | undefined) => found.some(([word, file]) => word === 'file' && file === path);
        const isAdmin = found.some(([word, name]) => word === 'admin' && name === spec.username.toLowerCase());
        const untouched = spec.admin && isAdmin && !found.some(([word]) => word === 'signed-in');
        const files = { hasToken: has(spec.token?.file), hasPassword: has(spec.passwordFile) };
        const hasFactor = found.some(([word, name]) => word === 'factor' && name === spec.username.toLowerCase());
        return [spec.id, { exists: reachable ? exists : undefined, ...files, untouched, hasFactor }];
      }),
    );
  },
  // An existing account is its owner's: neither its rights nor, once somebody has signed in, its password are set again.
  diff: (spec, observed) => {
    const title = `Gitea account ${spec.username}`;
    if (!observed.exists) return changeOf(spec, 'create', title, 'does not exist');
    if (spec.newPassword && awaitsPassword(observed)) {
      const why = 'no administrator has ever signed in, and its first password is kept nowhere: it gets a new one';
      return changeOf(spec, 'refresh', title, why);
    }
    if (spec.token && !observed.hasToken) return changeOf(spec, 'refresh', title, `${spec.token.file} is not there`);
    if (spec.secondFactor && !observed.hasFactor)
      return changeOf(spec, 'refresh', title, 'has no second factor, which Gitea asks of everybody');
    return undefined;
  },
  apply: async (spec, _change, { host }, observed) => {
    if (observed.exists && spec.newPassword && awaitsPassword(observed)) return renew(host, spec, spec.newPassword);
    // What was observed may be old (the database did not answer before the first start): "already exists" is met, not a failure.
    const made = [observed.exists ? '' : create(spec), spec.token ? makeToken(spec, spec.token) : ''];
    await must(host, [...made, spec.secondFactor ? makeFactor(spec) : ''].join('\n'), {
      what: `the Gitea account ${spec.username} could not be made`,
      next: `on the host: docker logs --tail 30 ${spec.gitea}`,
    });
  },
};

/** Whether nobody but the secret store can know the password of this account: if the store does not, it is lost. */
export function awaitsPassword(observed: unknown): boolean {
  const { exists, untouched, hasPassword } = observed as Observed;
  return exists === true && untouched && !hasPassword;
}

/** The name as it stands in the database, as a word of SQL. */
const literal = ({ username }: AccountSpec) => `'${username.toLowerCase().replaceAll("'", "''")}'`;

const gitea = (spec: AccountSpec, words: readonly string[]) =>
  quoteAll(['docker', 'exec', spec.gitea, 'gitea', 'admin', 'user', ...words]);

/**
 * Asked again where there was no database to ask: one that was there before may have an administrator of another name. No answer
 * is not taken for "none", which would make a second one.
 */
const findAdmin = (spec: AccountSpec, which = 'is_admin') =>
  `found=$(${ask(spec.database, asOwner(`select 1 from "user" where ${which} limit 1`))}) || { echo 'the database does not say who is an administrator'; exit 1; }`;

/** Gitea chooses the password and prints it; it goes straight to a root-only file and to no log. */
function create(spec: AccountSpec): string {
  const words = ['create', '--username', spec.username, '--email', spec.email, '--random-password'];
  words.push('--random-password-length', '24', `--must-change-password=${spec.mustChangePassword}`);
  if (spec.admin) words.push('--admin');
  if (spec.restricted) words.push('--restricted');
  const next = quote(`${spec.passwordFile}.next`);
  return `set -eu
umask 077
${spec.admin ? findAdmin(spec) : 'found='}
if [ -n "$found" ]; then
  :
elif said=$(${gitea(spec, words)} 2>&1); then
  printf '%s\\n' "$said" | sed -n "s/^generated random password is '\\(.*\\)'$/\\1/p" | tr -d '\\n' > ${next}
  [ -s ${next} ] || { echo 'Gitea made the account but did not print a password'; exit 1; }
  sync ${next}
  mv -fT ${next} ${quote(spec.passwordFile)}
else
  printf '%s\\n' "$said" | grep -q 'already exists' || { printf '%s\\n' "$said" | grep -v 'generated random password'; exit 1; }
fi`;
}

/**
 * Another password for an account that nobody could sign in to. It lies beside the place where it is looked for until it
 * is in force: cut off in between, nothing is found, and the next run begins anew. Gitea's command takes a password as an
 * argument only; it gets it inside the container, so that it stands in no argument list of the host's own commands.
 */
async function renew(host: Host, spec: AccountSpec, password: Secret): Promise<void> {
  const next = quote(`${spec.passwordFile}.next`);
  const change = `IFS= read -r password; exec gitea admin user change-password --username "$1" --password="$password" --must-change-password=${spec.mustChangePassword}`;
  const script = `set -eu
umask 077
cat > ${next}
${findAdmin(spec, signedIn)}
if [ -n "$found" ]; then
  rm -f ${next}
  echo 'an administrator has signed in meanwhile: nothing was changed'
  exit 1
fi
${quoteAll(['docker', 'exec', '-i', spec.gitea, 'sh', '-c', change, 'sh', spec.username])} < ${next} >&2
sync ${next}
mv -fT ${next} ${quote(spec.passwordFile)}`;
  const output = await host.run({ argv: ['sh', '-c', script], stdin: password });
  if (output.code === 0) return;
  throw new RunbookError('changeFailed', {
    what: `the Gitea account ${spec.username} could not be given a new password`,
    where: host.label,
    cause: lastLines(output).replaceAll(password.reveal(), String(password)),
    next: `on the host: docker logs --tail 30 ${spec.gitea}`,
  });
}

/** A token can be read only when it is made; one whose file was lost is replaced by a further one. */
function makeToken(spec: AccountSpec, token: NonNullable<AccountSpec['token']>): string {
  const words = ['generate-access-token', '--username', spec.username, '--scopes', token.scopes, '--raw'];
  const next = quote(`${token.file}.next`);
  return `set -eu
umask 077
if [ ! -s ${quote(token.file)} ]; then
  said=$(${gitea(spec, words)} --token-name ${quote(token.name)}-$(date +%s))
  printf '%s\\n' "$said" | tail -n 1 | tr -d '\\r\\n' > ${next}
  [ -s ${next} ] || { echo 'Gitea printed no token'; exit 1; }
  sync ${next}
  mv -fT ${next} ${quote(token.file)}
fi`;
}

/**
 * A row without a secret in it: there is nothing that could be typed in to pass it. Gitea has no command for it, and looks only
 * whether there is one (read at 1.24.7 and 1.25.4).
 */
function makeFactor(spec: AccountSpec): string {
  const now = 'extract(epoch from now())::bigint';
  const columns = 'uid, secret, scratch_salt, scratch_hash, last_used_passcode, created_unix, updated_unix';
  const row = `select id, '', '', '', '', ${now}, ${now} from "user" u where lower_name = ${literal(spec)}`;
  const once = 'not exists (select from two_factor f where f.uid = u.id)';
  return ask(spec.database, asOwner(`insert into two_factor (${columns}) ${row} and ${once}`));
}
