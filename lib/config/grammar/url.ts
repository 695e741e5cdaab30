import { isIPv6 } from 'node:net';
import { quoted } from '../problem.ts';

/** What is wrong with the URL of a server that must be who it says, or undefined. */
export function httpsProblem(text: string): string | undefined {
  const url = parseWebUrl(text);
  const is = `is the text ${quoted(text)}`;
  if (!url) return `${is}, allowed is an https:// URL`;
  if (url.protocol === 'http:')
    return `${is}, which is not encrypted, allowed is https:// - did you mean ${quoted(text.replace(/^http:/i, 'https:'))}?`;
  if (url.protocol !== 'https:') return `${is}, allowed is an https:// URL`;
  if (url.username || url.password) return 'holds a user name or password, allowed is a URL without them';
  return undefined;
}

/** What is wrong with the URL of a registry mirror, or undefined. The Docker daemon does not start with a path in it. */
export function mirrorProblem(text: string): string | undefined {
  const url = parseWebUrl(text);
  const is = `is the text ${quoted(text)}`;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    return `${is}, allowed is an http:// or https:// URL, for example https://mirror.your-company.com`;
  if (url.username || url.password)
    return 'holds a user name or password, allowed is a URL without them: the Docker daemon refuses it';
  if (url.pathname !== '/' || url.search || url.hash)
    return `${is} with a path, allowed is a URL without one: the Docker daemon refuses it - did you mean ${quoted(url.origin)}?`;
  return undefined;
}

/**
 * What is wrong with the address that stands for all of AWS, or undefined. The credentials are a matter of the profile, so a
 * name or password in it is a slip, and is never repeated.
 */
export function endpointProblem(text: string): string | undefined {
  if (text.includes('@')) return 'holds a user name or password, allowed is a URL without them';
  const url = parseWebUrl(text);
  const is = `is the text ${quoted(text)}`;
  if (!url || !['http:', 'https:'].includes(url.protocol) || /[\s\p{Cc}\\]/u.test(text))
    return `${is}, allowed is an http:// or https:// URL, for example http://192.0.2.7:5000`;
  if (url.pathname !== '/' || text.includes('?') || text.includes('#'))
    return `${is} with more than a host and a port, allowed is a URL without it - did you mean ${quoted(url.origin)}?`;
  return undefined;
}

/** The host of a URL, without brackets; empty for what is no URL. */
export function urlHost(text: string): string {
  return parseWebUrl(text)?.hostname.replace(/^\[|\]$/g, '') ?? '';
}

/** What every reader of these URLs takes, Go's url.Parse among them: a name or an address, a port, and printable ASCII. */
const form =
  /^[a-z]+:\/\/(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::(\d{1,5}))?(?:[/?#](?:[!$&-;=?-Z_a-z~#@]|%[0-9a-f]{2})*)?$/i;

/** A URL whose host is a name or an address, as all its readers take it; what is no such thing is undefined. */
export function parseWebUrl(text: string): URL | undefined {
  // What is refused for a name or password in it is told so.
  const plain = text.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
  const [whole, six, name, port] = form.exec(plain) ?? [];
  if (whole === undefined || (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65535))) return undefined;
  if (
    six === undefined ? !/^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/i.test(name ?? '') : !isIPv6(six)
  )
    return undefined;
  return URL.canParse(text) ? new URL(text) : undefined;
}
