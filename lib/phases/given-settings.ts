import { isReference, nameless } from '../config/rules/index.ts';
import type { Secret } from '../core/secret.ts';
import { givenSecret } from '../core/secrets.ts';
import type { DesiredInput } from './phase.ts';

/** What `gitea.settings` says. The rules of the config see to it that nothing there is ours. */
export function givenSettings({
  config,
  secrets,
}: DesiredInput): { section: string; key: string; value: string | Secret }[] {
  return Object.entries(config.gitea.settings).flatMap(([section, keys]) =>
    Object.entries(keys).map(([key, value]) => ({
      section: section === nameless ? '' : section,
      key,
      value: isReference(value) ? givenSecret(secrets, value.secret) : String(value),
    })),
  );
}
