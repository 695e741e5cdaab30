import { quoted } from '../problem.ts';
import { parseWebUrl } from './url.ts';

/** Says what is wrong with what stands behind the word for a sort of place; it is to have room for a name below it. */
type Check = (rest: string, is: string) => string | undefined;

const web =
  (example: string, more: (url: URL, is: string) => string | undefined = () => undefined): Check =>
  (rest, is) => {
    const url = parseWebUrl(rest);
    if (!url || !['http:', 'https:'].includes(url.protocol)) return `${is}, allowed is ${example}`;
    if (url.search || url.hash) return `${is} with "?" or "#", allowed is an address without them, as in ${example}`;
    return more(url, is);
  };

const s3Example = 's3:https://s3.eu-central-1.amazonaws.com/BUCKET/PREFIX';

/** A name with a colon behind it, and a path. Without the colon a name below it would become part of the first one. */
const named =
  (word: string, name: RegExp, allowed: string): Check =>
  (rest, is) => {
    const [, first = '', path] = /^([^:]*)(?::(.*))?$/.exec(rest) ?? [];
    if (path === undefined)
      return `${is}, allowed is ${word}:NAME:/PATH - did you mean ${quoted(`${word}:${rest}:/`)}?`;
    return name.test(first) ? undefined : `${is}, allowed is ${word}:NAME:/PATH with a name of ${allowed}`;
  };

const checks: Readonly<Record<string, Check>> = {
  s3: (rest, is) => {
    // restic takes an address without a scheme for one of https.
    const text = /^https?:/.test(rest) ? rest : `https://${rest.replace(/^\/\//, '')}`;
    return web(s3Example, ({ pathname }) =>
      /^\/[^/]/.test(pathname) ? undefined : `${is}, which names no bucket, allowed is ${s3Example}`,
    )(text, is);
  },
  rest: web('rest:https://HOST:PORT/PATH'),
  sftp: (rest, is) => {
    const url = /^\/\/(?:[^@/]*@)?[^@/:]+(?::\d{1,5})?\/(.+)$/.exec(rest);
    const [, path] = url ?? /^(?:[^@/:]*@)?[^@/:]+:([^@]+)$/.exec(rest) ?? [];
    if (path === undefined) return `${is}, allowed is sftp:USER@HOST:/PATH or sftp://USER@HOST:PORT//PATH`;
    return path.startsWith('~')
      ? `${is}, which an SFTP server does not understand, allowed is a path without "~"`
      : undefined;
  },
  b2: named('b2', /^[A-Za-z0-9-]{6,50}$/, '6 to 50 letters, digits and "-"'),
  azure: named('azure', /^[a-z0-9](-?[a-z0-9])+$/, 'small letters, digits and "-"'),
  gs: named('gs', /^[a-z0-9][a-z0-9._-]+$/, 'small letters, digits, "-", "_" and "."'),
  swift: (rest, is) =>
    named('swift', /^[^/]+$/, 'any characters but "/"')(rest, is) ??
    (/^[^:]*:\//.test(rest) ? undefined : `${is}, whose path does not begin with "/", allowed is swift:NAME:/PATH`),
};

const longest = 500;

/**
 * What is wrong with the address of a repository of restic, or undefined. A password in it is never repeated. The
 * schema knows the sorts of places.
 */
export function resticAddressProblem(text: string): string | undefined {
  const [, sort = '', rest = ''] = /^(\w+):(.*)$/s.exec(text) ?? [];
  if (/^(https?:|sftp:)?\/*[^/]*@/.test(rest) && sort !== 'sftp')
    return 'holds a user name or password, allowed is an address without them: they go to backup.remote.environment';
  if (sort === 'sftp' && /^(\/\/)?[^@/]*:[^@/]*@/.test(rest))
    return 'holds a password, which restic does not take there, allowed is an address without it';
  const is = `is the text ${quoted(text)}`;
  if (!/^[\x21-\x7e]+$/.test(text)) return `${is}, allowed are letters, digits and signs of ASCII without spaces`;
  if (text.length > longest) return `${is}, which is too long, allowed are at most ${longest} characters`;
  if (/(^|\/)\.\.?(\/|$)/.test(rest)) return `${is}, allowed is an address without "." and ".." in its path`;
  return Object.hasOwn(checks, sort) ? checks[sort]!(rest, is) : undefined;
}

/** The host of such an address, where it has one. */
export function resticHost(text: string): string {
  const [, host = ''] = /^(?:s3|rest|sftp):(?:https?:)?(?:\/\/)?(?:[^@/]*@)?(\[[^\]]*\]|[^/:]*)/.exec(text) ?? [];
  return host.replace(/^\[|\]$/g, '');
}
