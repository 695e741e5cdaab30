import { nameless } from '../config/owned-settings.ts';
import type { DesiredInput } from './phase.ts';

/** What `gitea.settings` says. The rules of the config see to it that nothing there is ours. */
export function givenSettings({ config }: DesiredInput): { section: string; key: string; value: string }[] {
  return Object.entries(config.gitea.settings).flatMap(([section, keys]) =>
    Object.entries(keys).map(([key, value]) => ({
      section: section === nameless ? '' : section,
      key,
      value: String(value),
    })),
  );
}
