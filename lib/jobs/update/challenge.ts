// How a registry says which proof of identity it wants (RFC 9110, and the token protocol of Distribution). Pure.

export type Challenge =
  | { readonly scheme: 'basic' }
  /** `url`: where a token is to be had, with what it is for. */
  | { readonly scheme: 'bearer'; readonly url: string };

/** What a `WWW-Authenticate` asks for; undefined for what nobody here can give. `scope`: where it names none. */
export function challengeOf(header: string | undefined, scope: string): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*([A-Za-z]+)\s*(.*)$/.exec(header ?? '') ?? [];
  if (/^basic$/i.test(scheme)) return { scheme: 'basic' };
  if (!/^bearer$/i.test(scheme)) return undefined;
  const given = new Map(
    [...rest.matchAll(/([A-Za-z_]+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g)].map(([, name = '', quoted, plain]) => [
      name.toLowerCase(),
      quoted ?? plain ?? '',
    ]),
  );
  const realm = given.get('realm');
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  if (!['https:', 'http:'].includes(url.protocol)) return undefined;
  const service = given.get('service');
  if (service) url.searchParams.set('service', service);
  url.searchParams.set('scope', given.get('scope') ?? scope);
  return { scheme: 'bearer', url: url.href };
}

/** The next page of a list, by the `Link` of this one (RFC 8288); undefined for the last. Only within the same registry. */
export function nextPage(link: string | undefined, current: string): string | undefined {
  const [, target] = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(link ?? '') ?? [];
  if (target === undefined || !URL.canParse(target, current)) return undefined;
  const next = new URL(target, current);
  return next.origin === new URL(current).origin ? next.href : undefined;
}
