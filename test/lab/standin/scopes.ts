/** Access token scopes: parsing, normal form and the check that a route asks for. */

const CATEGORIES = [
  'activitypub',
  'admin',
  'misc',
  'notification',
  'organization',
  'package',
  'issue',
  'repository',
  'user',
] as const;
export type Category = (typeof CATEGORIES)[number];
export type ScopeLevel = 'read' | 'write';

/** The granted scopes, read implied by write. Throws on an unknown scope, with Gitea's words. */
function grants(scope: string): Set<string> {
  const granted = new Set<string>();
  const write = (category: string): void => {
    granted.add(`write:${category}`);
    granted.add(`read:${category}`);
  };
  for (const one of scope.split(',')) {
    const [level, category] = one.split(':');
    if (one === '') continue;
    else if (one === 'all') CATEGORIES.forEach(write);
    else if (one === 'public-only') granted.add(one);
    else if (!CATEGORIES.includes(category as Category)) throw new Error(`invalid access token scope: ${one}`);
    else if (level === 'write') write(category as string);
    else if (level === 'read') granted.add(one);
    else throw new Error(`invalid access token scope: ${one}`);
  }
  return granted;
}

/** The stored form: fixed order, no duplicates, "all" for everything. Throws on an unknown scope. */
export function normalizeScope(scope: string): string {
  const granted = grants(scope);
  const parts: string[] = granted.has('public-only') ? ['public-only'] : [];
  const writes = CATEGORIES.filter((category) => granted.has(`write:${category}`));
  if (writes.length === CATEGORIES.length) return [...parts, 'all'].join(',');
  for (const category of CATEGORIES) {
    if (granted.has(`write:${category}`)) parts.push(`write:${category}`);
    else if (granted.has(`read:${category}`)) parts.push(`read:${category}`);
  }
  return parts.join(',');
}

export function hasPermissionScope(scope: string): boolean {
  return scope !== '' && scope !== 'public-only';
}

export function hasScope(scope: string, level: ScopeLevel, category: Category): boolean {
  return grants(scope).has(`${level}:${category}`);
}

export function publicOnly(scope: string): boolean {
  return grants(scope).has('public-only');
}

/** Undefined when a token of `scope` may use a route, otherwise the message of the 403. */
export function scopeRefusal(scope: string, method: string, ...categories: Category[]): string | undefined {
  const level: ScopeLevel = ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method) ? 'write' : 'read';
  if (categories.every((category) => hasScope(scope, level, category))) return undefined;
  const required = categories.map((category) => `${level}:${category}`).join(' ');
  return `token does not have at least one of required scope(s), required=[${required}], token scope=${scope}`;
}
