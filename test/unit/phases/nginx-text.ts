/** The configuration's part for HTTP, and that for SSH. */
export const http = (text: string) => text.slice(text.indexOf('\nhttp {'));
export const stream = (text: string) => text.slice(text.indexOf('\nstream {'), text.indexOf('\nhttp {'));

/** The locations of the public server, each with its whole body. */
export function locations(text: string): Map<string, string> {
  const server = http(text).slice(
    http(text).indexOf('server_name git.example.com;\n        ssl_certificate'),
    http(text).indexOf('listen unix:'),
  );
  return new Map(
    [...server.matchAll(/\n {8}location ([^\n]*) \{\n([\s\S]*?)\n {8}\}/g)].map(([, name, body]) => [name!, body!]),
  );
}
