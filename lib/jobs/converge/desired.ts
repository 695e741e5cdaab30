import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/config.types.ts';
import { RunbookError } from '../../core/errors.ts';
import type { HostFacts } from '../../core/facts.ts';
import type { SecretSet } from '../../core/secrets.ts';
import type { Spec } from '../../core/spec.ts';
import { desiredState } from '../../phases/index.ts';
import { templatesFrom } from '../../render/templates.ts';
import { hostBundle, packageRoot } from './package-files.ts';

/** Everything that is wanted on the host, in order: the pure `desiredState` with the files of this package put in. */
export function wantedOn(config: Config, facts: HostFacts, secrets: SecretSet, replacing = false): readonly Spec[] {
  return desiredState({
    config,
    facts,
    secrets,
    replacing,
    assets: {
      bundle: hostBundle(),
      templates: templatesFrom(join(packageRoot(), 'templates')),
      ...(config.tls.caBundle ? { caBundle: readCaBundle(config.tls.caBundle) } : {}),
    },
  });
}

/** The text of `tls.caBundle`. Throws `configInvalid` when it cannot be read. */
export function readCaBundle(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new RunbookError(
      'configInvalid',
      {
        what: 'the file named by tls.caBundle cannot be read',
        where: path,
        cause: (error as Error).message,
        next: 'correct the path, or take the key out of the config',
      },
      { cause: error },
    );
  }
}
