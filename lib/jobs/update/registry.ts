import type { Secret } from '../../core/secret.ts';
import { challengeOf, nextPage } from './challenge.ts';
import { type Answer, fetchText, type Line } from './fetch.ts';
import type { Place } from './places.ts';

export interface Credentials {
  readonly user: string;
  readonly password: Secret;
}

/** What can be asked about a repository in a registry (the OCI distribution API). Each throws an error with a sentence. */
export interface Registry {
  /** All tags. */
  tags(): Promise<readonly string[]>;
  /** The digest that a tag stands for. Is not counted as a download. */
  digest(tag: string): Promise<string>;
  /** When its image was made, ISO 8601; undefined where it does not say so. Counts as a download. */
  made(tag: string): Promise<string | undefined>;
}

const index = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const;
const image = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;
const accepted = { accept: [...index, ...image].join(', ') };

/** Of tags, one after the other: no repository has so many. */
const mostPages = 100;

export function registry(line: Line, place: Place, credentials: Credentials | undefined): Registry {
  const { base, repository } = place;
  const basic =
    credentials && `Basic ${Buffer.from(`${credentials.user}:${credentials.password.reveal()}`).toString('base64')}`;
  let authorization: string | undefined;

  const sent = (url: string, method: 'GET' | 'HEAD', headers: Readonly<Record<string, string>>) =>
    fetchText(line, url, { method, headers: { ...headers, ...(authorization ? { authorization } : {}) } });

  /** Asks, and once more with what the registry wants to see first. */
  async function ask(path: string, method: 'GET' | 'HEAD' = 'GET', headers: Readonly<Record<string, string>> = {}) {
    const url = path.startsWith('/') ? `${base}${path}` : path;
    let answer = await sent(url, method, headers);
    if (answer.status === 401) {
      authorization = await identify(answer);
      answer = await sent(url, method, headers);
    }
    if (answer.status === 200) return answer;
    throw refusal(place, answer, credentials !== undefined);
  }

  async function identify({ headers, status, text, url }: Answer): Promise<string> {
    const challenge = challengeOf(headers['www-authenticate'], `repository:${repository}:pull`);
    if (challenge?.scheme === 'bearer') {
      // A password goes nowhere without encryption, unless the registry itself is spoken to without it.
      const open = challenge.url.startsWith('http:') && base.startsWith('https:');
      const given = await fetchText(line, challenge.url, { headers: basic && !open ? { authorization: basic } : {} });
      const token = given.status === 200 ? tokenIn(given.text) : undefined;
      if (token) return `Bearer ${token}`;
      throw refusal(place, given, credentials !== undefined);
    }
    if (challenge?.scheme === 'basic' && basic) return basic;
    throw refusal(place, { headers, status, text, url }, credentials !== undefined);
  }

  return {
    async tags() {
      const found: string[] = [];
      let path: string | undefined = `/v2/${repository}/tags/list?n=1000`;
      for (let page = 0; path !== undefined && page < mostPages; page++) {
        const answer: Answer = await ask(path);
        found.push(...tagsIn(json(answer)));
        path = nextPage(one(answer.headers.link), answer.url);
      }
      return found;
    },
    async digest(tag) {
      const { headers } = await ask(`/v2/${repository}/manifests/${tag}`, 'HEAD', accepted);
      const digest = one(headers['docker-content-digest']);
      if (digest && /^sha256:[a-f0-9]{64}$/.test(digest)) return digest;
      throw new Error(`${base} names no digest for ${repository}:${tag}`);
    },
    async made(tag) {
      const top = json(await ask(`/v2/${repository}/manifests/${tag}`, 'GET', accepted));
      const chosen = chosenIn(top);
      const manifest = chosen ? json(await ask(`/v2/${repository}/manifests/${chosen}`, 'GET', accepted)) : top;
      const config = (manifest.config as { digest?: unknown } | undefined)?.digest;
      if (typeof config !== 'string') return undefined;
      const { created } = json(await ask(`/v2/${repository}/blobs/${config}`));
      const at = typeof created === 'string' ? Date.parse(created) : Number.NaN;
      // Builds that come out the same each time say 1970, or the like.
      return at > Date.parse('2000-01-01') ? new Date(at).toISOString() : undefined;
    },
  };
}

const one = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);

function json({ text, url }: Answer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // It is told below.
  }
  throw new Error(`${new URL(url).origin} answered with something else than JSON: is that a registry?`);
}

/** Of an image for several machines the one for the usual one: all of a release are made together. */
function chosenIn({ manifests }: Readonly<Record<string, unknown>>): string | undefined {
  if (!Array.isArray(manifests)) return undefined;
  const all = manifests as { digest?: string; platform?: { os?: string; architecture?: string } }[];
  const usual = all.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64');
  return (usual ?? all[0])?.digest;
}

function tokenIn(text: string): string | undefined {
  try {
    const { token, access_token } = JSON.parse(text) as { token?: string; access_token?: string };
    return token ?? access_token;
  } catch {
    return undefined;
  }
}

const tagsIn = ({ tags }: { readonly tags?: unknown }): readonly string[] =>
  Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];

/** Why there was no answer to what was asked, and what to do about it. */
function refusal({ base, registry: name, repository }: Place, { status, headers }: Answer, known: boolean): Error {
  if (status === 429) {
    const wait = one(headers['retry-after']);
    const next = known ? '' : `; with credentials in updates.registries it gives more (${name})`;
    return new Error(`${base} has been asked too often${wait ? `, and asks to wait ${wait} s` : ''}${next}`);
  }
  if (status === 401 || status === 403)
    return new Error(
      known
        ? `${base} does not take the credentials for ${name}, or they do not reach ${repository}`
        : `${base} does not show ${repository} to everybody: give credentials in updates.registries (${name})`,
    );
  if (status === 404) return new Error(`${base} has no ${repository}`);
  return new Error(`${base} answered ${status} when it was asked about ${repository}`);
}
