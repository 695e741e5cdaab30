import type { Config } from '../config/config.types.ts';
import { RunbookError } from '../core/errors.ts';
import type { Aws } from './settings.ts';

/** The section `aws` of a configuration whose host is made there. Throws `configInvalid` for any other. */
export function settingsOf({ host, aws }: Config): Aws {
  if (host.provider === 'aws' && aws) return aws;
  throw new RunbookError('configInvalid', {
    what: `host.provider is ${host.provider}: there is no infrastructure to make for a host that is there already`,
    next: 'set host.provider: aws and fill in the section aws (docs/reference/config.md), or go on with npx zx runbooks/deploy.mjs',
  });
}
