/** Names that users and repositories may not have, with the texts Gitea gives. */

const RESERVED_USERS =
  `. .. .well-known api metrics v2 assets attachments avatar avatars repo-avatars captcha login org repo
  user explore issues pulls milestones notifications favicon.ico manifest.json robots.txt sitemap.xml ssh_info
  swagger.v1.json ghost gitea-actions`.split(/\s+/);
// Up to 1.22 more names were taken, "admin" among them.
const RESERVED_USERS_BEFORE_123 = 'admin commits debug error new raw search serviceworker.js'.split(' ');
const USER_SUFFIXES = ['.keys', '.gpg', '.rss', '.atom', '.png'];
const REPO_SUFFIXES = ['.wiki', '.git', '.rss', '.atom'];

function usable(reserved: string[], suffixes: string[], given: string): string | undefined {
  const name = given.trim().toLowerCase();
  if (name === '') return 'name is empty';
  if (reserved.includes(name)) return `name is reserved [name: ${name}]`;
  const suffix = suffixes.find((end) => name.endsWith(end));
  return suffix ? `name pattern is not allowed [pattern: *${suffix}]` : undefined;
}

const invalid = (name: string): string =>
  `name is invalid [${name}]: must be valid alpha or numeric or dash(-_) or dot characters`;

/** Undefined for a usable user name, otherwise why not. */
export function userNameProblem(name: string, oldNames: boolean): string | undefined {
  if (!/^[\da-zA-Z][-.\w]*$/.test(name) || /[-._]{2,}|[-._]$/.test(name)) return invalid(name);
  return usable(oldNames ? [...RESERVED_USERS, ...RESERVED_USERS_BEFORE_123] : RESERVED_USERS, USER_SUFFIXES, name);
}

/** Undefined for a usable repository name, otherwise why not. */
export function repoNameProblem(name: string): string | undefined {
  if (!/^[-.\w]+$/.test(name) || /\.{2,}/.test(name)) return invalid(name);
  return usable(['.', '..', '-'], REPO_SUFFIXES, name);
}

/** Undefined for a usable mail address, otherwise why not. */
export function emailProblem(email: string): string | undefined {
  if (email === '' || email.startsWith('-')) return `e-mail invalid [email: ${email}]`;
  const host = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
  if (!new RegExp(`^[a-zA-Z0-9.!#$%&'*+\\-/=?^_\`{|}~]*@${host}(?:\\.${host})*$`).test(email)) {
    return `e-mail address contains unsupported character [email: ${email}]`;
  }
  return /^@|\.@|\.\.|^\./.test(email) ? `e-mail invalid [email: ${email}]` : undefined;
}
