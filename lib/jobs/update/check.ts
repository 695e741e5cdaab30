import type { Config } from '../../config/config.types.ts';
import { parseImage } from '../../config/grammar/index.ts';
import { type Component, type ComponentUpdate, components, type UpdateReport } from '../../core/update.ts';
import { loadTrust } from '../../outside/trust.ts';
import { loadGiven, storeOf } from '../../secrets/index.ts';
import type { Line } from './fetch.ts';
import { byHand, changesOf, jumpsBetween, neverTaken } from './known.ts';
import { type Place, placesOf } from './places.ts';
import { choose } from './policy.ts';
import { type Credentials, type Registry, registry } from './registry.ts';
import { newerReleases } from './releases.ts';

export interface CheckOptions {
  readonly signal?: AbortSignal | undefined;
  /** For tests. */
  readonly now?: Date;
}

/**
 * Asks the registries what there is beside the images of the config, and says what of it may be taken (`updates` of the config).
 * Changes nothing, and asks no host. A registry that does not answer is told with its component; the others go on. Throws
 * `configInvalid` where the password of a registry is not kept.
 */
export async function checkUpdates(
  config: Config,
  { signal, now = new Date() }: CheckOptions = {},
): Promise<UpdateReport> {
  const { registries } = config.updates;
  const names = Object.values(registries).map(({ password }) => password.secret);
  const kept = names.length > 0 ? await loadGiven(storeOf(config), names) : {};
  const credentials = new Map<string, Credentials>(
    Object.entries(registries).map(([name, { user, password }]) => [name, { user, password: kept[password.secret]! }]),
  );
  const line: Line = { ca: (await loadTrust(config.tls.caBundle)).pem, signal };
  const at = (place: Place) => registry(line, place, credentials.get(place.registry));
  const found = await Promise.all(components.map((component) => lookAt(config, component, at, now)));
  signal?.throwIfAborted();
  return { at: now.toISOString(), components: found };
}

async function lookAt(
  { images, docker, updates }: Config,
  component: Component,
  at: (place: Place) => Registry,
  now: Date,
): Promise<ComponentUpdate> {
  const image = images[component];
  const ref = parseImage(image);
  const { tag, digest } = ref ?? {};
  const base = { component, image, ...(tag === undefined ? {} : { tag }), changes: changesOf(component, tag ?? '') };
  const nothing = (unknown: string): ComponentUpdate => ({ ...base, held: [], notes: [], unknown });
  if (!ref || tag === undefined) return nothing('the config names a digest only, which does not tell a version');
  const notes: string[] = [];
  let trouble = '';
  for (const place of placesOf(ref, docker.registryMirror)) {
    try {
      const there = at(place);
      const newer = newerReleases(component, tag, await there.tags());
      const policy = {
        ...{ upTo: updates.policy[component], holdBack: updates.holdBack },
        pinned: updates.pinned.find((one) => one.component === component),
      };
      const { due, held } = await choose(
        newer,
        policy,
        now,
        (one) => neverTaken(component, one),
        (one) => there.made(one.tag),
      );
      const today = digest === undefined ? undefined : await there.digest(tag);
      return {
        ...base,
        ...(due ? { due, changes: changesOf(component, due.tag) } : {}),
        held,
        ...(digest !== undefined && today !== digest ? { moved: { from: digest, to: today! } } : {}),
        notes: [...notes, ...(due ? [byHand(component, due), ...jumpsBetween(component, tag, due.tag)] : [])].filter(
          (note) => note !== undefined,
        ),
      };
    } catch (error) {
      trouble = wordsOf(error, place);
      notes.push(`${trouble}: asked elsewhere`);
    }
  }
  return nothing(trouble);
}

/** In one sentence, for people. */
function wordsOf(error: unknown, { base }: Place): string {
  const { code, message } = error as { code?: string; message?: string };
  const text = String(message ?? error).split('\n')[0]!;
  if (code === undefined) return text;
  return `${base} cannot be reached: ${text || code}`;
}
