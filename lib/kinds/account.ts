import { databaseName, databaseSuperuser } from '../core/database-roles.ts';
import { quote, quoteAll } from '../core/quote.ts';
import type { AccountSpec } from '../core/spec.ts';
import type { Kind } from './kind.ts';
import { changeOf, must, rows } from './text.ts';

interface Observed {
  /** undefined while the database does not answer (for example before the first start). */
  readonly exists: boolean | undefined;
  readonly hasToken: boolean;
}

export const account: Kind<'account', Observed> = {
  kind: 'account',
  snippet: (specs) => {
    const names = specs.map(({ username }) => `'${username.toLowerCase().replaceAll("'", "''")}'`).join(', ');
    // Over the socket inside the container, which lets PostgreSQL's own user in: no password is needed to look.
    const ask = `docker exec ${quote(specs[0]!.database)} psql -U ${databaseSuperuser} -d ${databaseName} -tA -F '\t' -c ${quote(
      `select 'user', lower_name from "user" where lower_name in (${names}) union select 'admin', '' from "user" where is_admin`,
    )}`;
    const tokens = specs.flatMap(({ token }) => (token ? [token.file] : []));
    return `if found=$(${ask} 2>/dev/null); then echo reachable; printf '%s\\n' "$found"; fi
for file in ${quoteAll(tokens)}; do [ -s "$file" ] && printf 'token\\t%s\\n' "$file"; done
true`;
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
        const hasToken = found.some(([word, file]) => word === 'token' && file === spec.token?.file);
        return [spec.id, { exists: reachable ? exists : undefined, hasToken }];
      }),
    );
  },
  // An existing account is its owner's: neither its password nor its rights are ever set again.
  diff: (spec, observed) => {
    const title = `Gitea account ${spec.username}`;
    if (!observed.exists) return changeOf(spec, 'create', title, 'does not exist');
    if (spec.token && !observed.hasToken) return changeOf(spec, 'refresh', title, `${spec.token.file} is not there`);
    return undefined;
  },
  apply: async (spec, _change, { host }, observed) => {
    // What was observed may be old (the database did not answer before the first start): "already exists" is met, not a failure.
    await must(host, `${observed.exists ? '' : create(spec)}\n${spec.token ? makeToken(spec, spec.token) : ''}`, {
      what: `the Gitea account ${spec.username} could not be made`,
      next: `on the host: docker logs --tail 30 ${spec.gitea}`,
    });
  },
};

const gitea = (spec: AccountSpec, words: readonly string[]) =>
  quoteAll(['docker', 'exec', spec.gitea, 'gitea', 'admin', 'user', ...words]);

/** Asked again where there was no database to ask: one that was there before may have an administrator of another name. */
const hasAdmin = ({ database }: AccountSpec) =>
  `docker exec ${quote(database)} psql -U ${databaseSuperuser} -d ${databaseName} -tA -c 'select 1 from "user" where is_admin limit 1' 2>/dev/null | grep -q 1`;

/** Gitea chooses the password and prints it; it goes straight to a root-only file and to no log. */
function create(spec: AccountSpec): string {
  const words = ['create', '--username', spec.username, '--email', spec.email, '--random-password'];
  words.push('--random-password-length', '24', `--must-change-password=${spec.mustChangePassword}`);
  if (spec.admin) words.push('--admin');
  if (spec.restricted) words.push('--restricted');
  const next = quote(`${spec.passwordFile}.next`);
  return `set -eu
umask 077
if ${spec.admin ? hasAdmin(spec) : 'false'}; then
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

/** A token can be read only when it is made; one whose file was lost is replaced by a further one. */
function makeToken(spec: AccountSpec, token: NonNullable<AccountSpec['token']>): string {
  const words = ['generate-access-token', '--username', spec.username, '--scopes', token.scopes, '--raw'];
  const next = quote(`${token.file}.next`);
  return `set -eu
umask 077
if [ ! -s ${quote(token.file)} ]; then
  ${gitea(spec, words)} --token-name ${quote(token.name)}-$(date +%s) | tail -n 1 | tr -d '\\r\\n' > ${next}
  [ -s ${next} ] || { echo 'Gitea printed no token'; exit 1; }
  sync ${next}
  mv -fT ${next} ${quote(token.file)}
fi`;
}
