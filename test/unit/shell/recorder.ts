import { quoteAll } from '../../../lib/core/quote.ts';
import type { Command, Output, Reconnectable } from '../../../lib/host/port.ts';

/** A host that runs nothing: each script, command line and check of a file that it is given, as a shell would get it. */
export function recorder(answer: Partial<Output> = {}) {
  const scripts: string[] = [];
  const take = async ({ argv, script }: Command): Promise<Output> => {
    scripts.push(script ?? quoteAll(argv ?? []));
    return { code: 0, stdout: '', stderr: '', ...answer };
  };
  const host: Reconnectable = {
    label: 'host',
    query: take,
    run: take,
    put: async ({ path, mode, uid, gid, validate }) => {
      scripts.push(quoteAll([path, mode, `${uid}:${gid}`]), ...(validate === undefined ? [] : [validate]));
    },
    hold: async (script) => {
      scripts.push(script);
      return { firstLine: 'held', lost: new Promise(() => {}), release: async () => {} };
    },
    close: async () => {},
    reconnect: async () => host,
  };
  return { host, scripts };
}
