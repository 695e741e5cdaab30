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
import { isRelease, newerReleases } from './releases.ts';

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
  config: Config,
  component: Component,
  at: (place: Place) => Registry,
  now: Date,
): Promise<ComponentUpdate> {
  const image = config.images[component];
  const ref = parseImage(image);
  const tag = ref?.tag;
  const base = { component, image, ...(tag === undefined ? {} : { tag }), changes: changesOf(component, tag ?? '') };
  if (!ref || tag === undefined)
    return { ...base, ...nothing, unknown: 'the config names a digest only, which does not tell a version' };
  const places = placesOf(ref, config.docker.registryMirror);
  const { answer, troubles } = await inTurn(places, (place) => ask(config, component, { ...ref, tag }, at(place), now));
  if (!answer) return { ...base, ...nothing, unknown: troubles.join('; ') };
  return { ...base, ...answer, notes: [...troubles.map((trouble) => `${trouble}: asked elsewhere`), ...answer.notes] };
}

const nothing = { held: [], notes: [] };

/** The first answer of places that are asked one after the other, and why those before it gave none. */
export async function inTurn<T>(
  places: readonly Place[],
  ask: (place: Place) => Promise<T>,
): Promise<{ readonly answer?: T; readonly troubles: readonly string[] }> {
  const troubles: string[] = [];
  for (const place of places) {
    try {
      return { answer: await ask(place), troubles };
    } catch (error) {
      troubles.push(wordsOf(error, place));
    }
  }
  return { troubles };
}

async function ask(
  { updates }: Config,
  component: Component,
  { tag, digest }: { readonly tag: string; readonly digest?: string },
  there: Registry,
  now: Date,
) {
  const policy = {
    ...{ upTo: updates.policy[component], holdBack: updates.holdBack },
    pinned: updates.pinned.find((one) => one.component === component),
  };
  const { due, held } = await choose(
    newerReleases(component, tag, await there.tags()),
    policy,
    now,
    (one) => neverTaken(component, one),
    (one) => there.made(one.tag),
  );
  const today = digest === undefined ? undefined : await there.digest(tag);
  const notes = [
    ...(isRelease(component, tag) ? [] : [`${tag} names no single release: which one it is today nobody can tell`]),
    ...(due ? [byHand(component, due), ...jumpsBetween(component, tag, due.tag)] : []),
  ];
  return {
    ...(due ? { due, changes: changesOf(component, due.tag) } : {}),
    held,
    ...(digest !== undefined && today !== digest ? { moved: { from: digest, to: today! } } : {}),
    notes: notes.filter((note) => note !== undefined),
  };
}

/** In one sentence, for people. */
function wordsOf(error: unknown, { base }: Place): string {
  const { code, message } = error as { code?: string; message?: string };
  const text = String(message ?? error).split('\n')[0]!;
  if (code === undefined) return text;
  return `${base} cannot be reached: ${text || code}`;
}
