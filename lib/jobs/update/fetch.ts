import { type IncomingHttpHeaders, request as plain } from 'node:http';
import { request as secure } from 'node:https';

/** Whom to trust (PEM), and what ends it early. */
export interface Line {
  readonly ca: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Where it came from in the end. */
  readonly url: string;
}

/** Milliseconds without a byte. */
const patience = 20_000;
/** Bytes: the list of all tags of a large repository has some hundred thousand. */
const largest = 16 * 1024 * 1024;
const hops = 3;

/** One request. Throws where there is no answer. Redirects are followed; who is sent elsewhere is not told who asks. */
export async function fetchText(
  { ca, signal }: Line,
  url: string,
  { method = 'GET', headers = {} }: { method?: 'GET' | 'HEAD'; headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  let [at, sent] = [url, headers];
  for (let hop = 0; ; hop++) {
    const answer = await once(at, method, sent, ca, signal);
    const to = answer.headers.location;
    if (![301, 302, 303, 307, 308].includes(answer.status) || to === undefined) return answer;
    if (hop === hops) throw new Error(`it was sent from one place to the next more than ${hops} times`);
    const next = new URL(to, at);
    const before = new URL(at);
    if (next.protocol !== 'https:' && before.protocol === 'https:')
      throw new Error(`it was sent on without encryption, to ${next.origin}`);
    if (next.origin !== before.origin) {
      const { authorization: _, ...others } = sent;
      sent = others;
    }
    at = next.href;
  }
}

function once(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  ca: string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      ...{ method, timeout: patience, headers: { 'user-agent': 'gitea-runbooks', ...headers } },
      ...(signal ? { signal } : {}),
    };
    const sent = url.startsWith('https:') ? secure(url, { ...options, ca }) : plain(url, options);
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${patience / 1000} s`)));
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > largest) sent.destroy(new Error(`it answers with more than ${largest / 1024 / 1024} MiB`));
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text, url }));
    });
    sent.end();
  });
}
