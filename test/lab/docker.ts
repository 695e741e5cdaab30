// The docker client, bound to one engine.
import { LabError, type Result, type RunOptions, run, tail } from './process.ts';

type Options = Partial<RunOptions>;

/** One Docker engine, by its address (`unix:///…`). */
export interface Docker {
  host: string;
  /** Runs a docker command, returns its output without the trailing newline; a failure is a LabError with the last lines. Default limit 60 s. */
  run(args: string[], options?: Options): Promise<string>;
  /** The same, but a non-zero exit code is a result. */
  attempt(args: string[], options?: Options): Promise<Result>;
  /** The same engine without the cancellation: for tearing down after a cancel. */
  unstoppable(): Docker;
}

export function connectDocker(host: string, signal?: AbortSignal): Docker {
  const attempt = (args: string[], options: Options = {}) =>
    run('docker', ['-H', host, ...args], { timeout: 60, signal, ...options });
  return {
    host,
    attempt,
    async run(args, options) {
      const result = await attempt(args, options);
      if (result.code === 0) return result.stdout.replace(/\n$/, '');
      const shown = args.slice(0, 3).join(' ');
      throw new LabError(
        `docker ${shown} failed (exit code ${result.code}): ${tail(result)}`,
        `look at the engine with: docker -H ${host} info; clean up with: npm run rehearse -- down`,
      );
    },
    unstoppable: () => connectDocker(host),
  };
}

/** Ids or names listed by a docker command, one a line. */
export async function list(docker: Docker, args: string[]): Promise<string[]> {
  return (await docker.run(args)).split('\n').filter(Boolean);
}
