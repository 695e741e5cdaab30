/** How users, repositories and keys look in the API. */
import { DateTimeZero, goTime } from './go-time.ts';
import type { PublicKey } from './keys.ts';
import type { Access, Repo } from './repos.ts';
import type { User } from './users.ts';
import { int, type Settings, text } from './values.ts';

/** `authed`: the caller is the user or a site admin, who see more. */
export function userJson(s: Settings, user: User, signed: boolean, authed: boolean): Record<string, unknown> {
  const hidden = `${user.name.toLowerCase()}@${text(s, 'service', 'NO_REPLY_ADDRESS', `noreply.${s.domain}`)}`;
  return {
    id: user.id,
    login: user.name,
    login_name: '',
    source_id: 0,
    full_name: user.fullName,
    email: signed ? user.email : hidden,
    avatar_url: `${s.appUrl}avatars/${user.id}`,
    html_url: `${s.appUrl}${user.name}`,
    language: authed ? user.language : '',
    is_admin: authed && user.isAdmin,
    last_login: authed ? goTime(user.lastLogin) : DateTimeZero,
    created: goTime(user.created),
    restricted: user.isRestricted,
    active: authed && user.isActive,
    prohibit_login: authed && user.prohibitLogin,
    location: '',
    website: '',
    description: '',
    visibility: 'public',
    followers_count: 0,
    following_count: 0,
    starred_repos_count: 0,
    username: user.name,
  };
}

/** The scp-like address on port 22, ssh:// on others. */
export function sshUrl(s: Settings, repo: Repo): string {
  const port = int(s, 'server', 'SSH_PORT', 22);
  const domain = text(s, 'server', 'SSH_DOMAIN', s.domain);
  const user = text(s, 'server', 'SSH_USER', text(s, 'server', 'BUILTIN_SSH_SERVER_USER', s.runUser));
  const path = `${repo.owner}/${repo.name}.git`;
  return port === 22 ? `${user}@${domain}:${path}` : `ssh://${user}@${domain}:${port}/${path}`;
}

export function repoJson(s: Settings, repo: Repo, owner: User, access: Access, base: string): Record<string, unknown> {
  const api = `${s.appUrl}api/v1/repos/${repo.owner}/${repo.name}`;
  return {
    id: repo.id,
    owner: userJson(s, owner, access !== 'none', false),
    name: repo.name,
    full_name: `${repo.owner}/${repo.name}`,
    description: repo.description,
    empty: repo.isEmpty,
    private: repo.isPrivate,
    fork: false,
    template: false,
    mirror: false,
    size: Math.trunc(repo.size / 1024),
    language: '',
    languages_url: `${api}/languages`,
    html_url: `${base}${repo.owner}/${repo.name}`,
    url: api,
    link: '',
    ssh_url: sshUrl(s, repo),
    clone_url: `${base}${repo.owner}/${repo.name}.git`,
    original_url: '',
    website: '',
    stars_count: 0,
    forks_count: 0,
    watchers_count: 1,
    open_issues_count: 0,
    open_pr_counter: 0,
    release_counter: 0,
    default_branch: repo.defaultBranch,
    archived: repo.isArchived,
    created_at: goTime(repo.created),
    updated_at: goTime(repo.updated),
    archived_at: goTime(0),
    permissions: { admin: access === 'owner', push: access === 'owner' || access === 'write', pull: access !== 'none' },
    has_code: true,
    has_issues: true,
    has_wiki: true,
    has_pull_requests: true,
    has_projects: true,
    has_releases: true,
    has_packages: true,
    has_actions: true,
    internal: false,
    mirror_interval: '',
    object_format_name: 'sha1',
    mirror_updated: DateTimeZero,
    topics: [],
    licenses: [],
  };
}

export function keyJson(s: Settings, key: PublicKey, owner: User): Record<string, unknown> {
  return {
    id: key.id,
    key: key.content,
    url: `${s.appUrl}api/v1/user/keys/${key.id}`,
    title: key.name,
    fingerprint: key.fingerprint,
    created_at: goTime(key.created),
    last_used_at: goTime(key.updated),
    user: userJson(s, owner, true, true),
    key_type: 'user',
  };
}
