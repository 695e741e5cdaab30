import type { Config } from '../config.types.ts';
import { httpsProblem, placeholderProblem, urlHost } from '../grammar/index.ts';
import { cut, quoted } from '../problem.ts';
import { type Draft, error, type Finding } from './finding.ts';
import { isReference, secretNameProblem } from './secret-names.ts';

type Source = Config['gitea']['signIn']['sources'][number];

/** A list of which anything may be missing: what is wrong by itself has been taken out. */
const listOf = ({ gitea }: Draft): readonly (Partial<Source> | undefined)[] => gitea?.signIn?.sources ?? [];

const root = 'gitea.signIn.sources';

/** `gitea.signIn.sources`: each value by itself. */
export function sourceFindings(draft: Draft, refusePlaceholders: boolean): Finding[] {
  return listOf(draft).flatMap((source, index) => {
    const at = `${root}.${index}`;
    const { discoveryUrl, iconUrl, urls, clientSecret } = source ?? {};
    const addresses = Object.entries({ discoveryUrl, iconUrl, ...within('urls', urls) });
    const secret = isReference(clientSecret) ? clientSecret.secret : undefined;
    const problem = typeof secret === 'string' ? secretNameProblem(secret) : undefined;
    return [
      ...addresses.flatMap(([key, url]) => addressFindings(`${at}.${key}`, url, refusePlaceholders)),
      ...(problem ? [error(`${at}.clientSecret.secret`, problem)] : []),
    ];
  });
}

const within = (name: string, values: object | undefined) =>
  Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [`${name}.${key}`, value as string]));

function addressFindings(path: string, url: string | undefined, refusePlaceholders: boolean): Finding[] {
  if (url === undefined) return [];
  const message =
    httpsProblem(url) ??
    (path.endsWith('.discoveryUrl') ? discoveryProblem(url) : undefined) ??
    (refusePlaceholders ? placeholderProblem(urlHost(url)) : undefined);
  return message ? [error(path, message)] : [];
}

/** The issuer's own address is what people find first. */
function discoveryProblem(text: string): string | undefined {
  const { origin, pathname } = new URL(text);
  if (pathname.includes('/.well-known/')) return undefined;
  const meant = `${origin}${pathname.replace(/\/$/, '')}/.well-known/openid-configuration`;
  return `is the text ${quoted(text)}, which is no discovery document, allowed is a URL with /.well-known/ - did you mean ${quoted(meant)}?`;
}

/** Which of `urls` Gitea passes on for a provider; and whether there is no server of that sort that all use. */
const taken: Readonly<Record<string, { readonly keys: readonly string[]; readonly needed?: boolean }>> = {
  github: { keys: ['authorize', 'token', 'profile', 'email'] },
  gitlab: { keys: ['authorize', 'token', 'profile'] },
  gitea: { keys: ['authorize', 'token', 'profile'] },
  nextcloud: { keys: ['authorize', 'token', 'profile'], needed: true },
  mastodon: { keys: ['authorize'] },
};

/** Rules between the values of one source, between sources, and with the rest of `signIn`. */
export function sourcesTogether(draft: Draft): Finding[] {
  const sources = listOf(draft);
  const found = sources.flatMap((source, index) => (source ? together(source, `${root}.${index}`) : []));
  return [...found, ...sameNames(sources), ...ownDomain(draft, sources), ...noWayIn(draft)];
}

function together(source: Partial<Source>, at: string): Finding[] {
  const { provider, discoveryUrl, urls, groups } = source;
  const other = at;
  const needs = provider === undefined ? undefined : taken[provider];
  const missing = needs?.needed ? needs.keys.filter((key) => !Object.keys(urls ?? {}).includes(key)) : [];
  return [
    ...(provider === 'openidConnect' && discoveryUrl === undefined
      ? [
          error(
            `${at}.discoveryUrl`,
            'is missing, allowed is the URL of the discovery document: OpenID Connect needs it',
            { other },
          ),
        ]
      : []),
    ...(provider !== undefined && provider !== 'openidConnect' && discoveryUrl !== undefined
      ? [error(`${at}.discoveryUrl`, `is set for ${provider}, which has none, allowed is it for openidConnect`)]
      : []),
    ...Object.keys(urls ?? {}).flatMap((key) =>
      provider === undefined || needs?.keys.includes(key)
        ? []
        : [error(`${at}.urls.${key}`, notTaken(provider, needs?.keys ?? []))],
    ),
    ...missing.map((key) =>
      error(`${at}.urls.${key}`, `is missing, allowed is an https:// URL: ${provider} is a server of your own`, {
        other,
      }),
    ),
    ...(groups?.claim !== undefined && groups.admin === undefined && groups.restricted === undefined
      ? [
          error(`${at}.groups`, 'says of no group what it means, allowed is it with admin, restricted or both', {
            other: `${at}.groups.restricted`,
            needs: `${at}.groups.admin`,
          }),
        ]
      : []),
  ];
}

const notTaken = (provider: string, keys: readonly string[]) =>
  `is set for ${provider}, which takes ${keys.length === 0 ? 'no addresses: leave urls out' : `${keys.join(', ')} only`}`;

/** They are parts of URLs, and people tell them apart on buttons. */
function sameNames(sources: readonly (Partial<Source> | undefined)[]): Finding[] {
  const seen = new Map<string, number>();
  return sources.flatMap((source, index) => {
    const name = source?.name;
    if (typeof name !== 'string') return [];
    const first = seen.get(name.toLowerCase());
    if (first === undefined) seen.set(name.toLowerCase(), index);
    return first === undefined
      ? []
      : [error(`${root}.${index}.name`, `is ${cut(name)}, the name of source ${first + 1}, allowed is any other one`)];
  });
}

/** Gitea asks for the document before it serves, and the proxy keeps the question until it does. */
function ownDomain({ domain }: Draft, sources: readonly (Partial<Source> | undefined)[]): Finding[] {
  return sources.flatMap((source, index) =>
    domain === undefined || urlHost(source?.discoveryUrl ?? '').toLowerCase() !== domain.toLowerCase()
      ? []
      : [
          error(
            `${root}.${index}.discoveryUrl`,
            'is at this very Gitea, which would wait for itself when it starts, allowed is another server',
          ),
        ],
  );
}

/** One that was made in the browser, or a passkey, may be a way in: only the host knows. So this is no error. */
function noWayIn({ gitea }: Draft): Finding[] {
  const { passwordForm, sources } = gitea?.signIn ?? {};
  if (passwordForm !== false || sources === undefined || sources.length > 0) return [];
  const message =
    'is false without gitea.signIn.sources, allowed but not safe - nobody gets in any more but by a passkey, or by a source that was made in the browser';
  return [{ path: 'gitea.signIn.passwordForm', severity: 'warning', message }];
}
