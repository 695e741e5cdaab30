import { join } from 'node:path';
import { readCaBundle } from '../../config/beside/index.ts';
import type { Config } from '../../config/config.types.ts';
import type { HostFacts } from '../../core/facts.ts';
import type { SecretSet } from '../../core/secrets.ts';
import type { Spec } from '../../core/spec.ts';
import { desiredState } from '../../phases/index.ts';
import type { Assets } from '../../phases/phase.ts';
import { templatesFrom } from '../../render/templates.ts';
import { hostBundle, packageRoot } from './package-files.ts';

/** Everything that is wanted on the host, in order: the pure `desiredState` with the files of this package put in. */
export function wantedOn(config: Config, facts: HostFacts, secrets: SecretSet, replacing = false): readonly Spec[] {
  return desiredState({ config, facts, secrets, replacing, assets: assetsFor(config) });
}

/** The files of this package, and those beside the config. */
export const assetsFor = (config: Config): Assets => ({
  bundle: hostBundle(),
  templates: templatesFrom(join(packageRoot(), 'templates')),
  ...(config.tls.caBundle ? { caBundle: readCaBundle(config.tls.caBundle) } : {}),
});
