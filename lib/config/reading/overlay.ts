import { schemaAt } from '../schema.ts';
import { type Parsed, type Plain, parent, valueAt, within } from './document.ts';

type Mapping = { [key: string]: Plain };

/**
 * One document out of a base and what lies over it, the last on top: maps are merged key by key, everything else
 * replaces what was there as a whole, and a key without a value takes the key away that is below it. A place is that of
 * the file in which the value stands; of one that no file has, the nearest parent in the last file that has it.
 */
export function layered(layers: readonly [Parsed, ...Parsed[]]): Parsed {
  const [base, ...overlays] = layers;
  const ownerOf = (pointer: string): Parsed | undefined => {
    for (const layer of layers.toReversed()) {
      if (layer.has(pointer)) return layer;
      if (covers(layer, pointer)) return undefined;
    }
    return undefined;
  };
  const locate: Parsed['locate'] = (pointer, part) => {
    const owner = pointer === '' ? base : ownerOf(pointer);
    return owner ? owner.locate(pointer, part) : locate(parent(pointer), 'key');
  };
  return {
    value: overlays.reduce<Plain>((below, overlay) => merge(below, overlay.value ?? null, ''), base.value ?? null),
    problems: layers.flatMap(({ problems }) => problems),
    refused: layers.flatMap(({ refused }) => refused),
    unsure: layers.flatMap(({ unsure }) => unsure),
    locate,
    written: (pointer) => ownerOf(pointer)?.written(pointer),
    has(pointer) {
      const owner = ownerOf(pointer);
      return owner !== undefined && (owner === base || valueAt(owner.value, pointer) !== null);
    },
  };
}

/** Whether the layer puts something else in the place of a map that would hold what the pointer names. */
function covers(layer: Parsed, pointer: string): boolean {
  for (let above = parent(pointer); above !== ''; above = parent(above))
    if (layer.has(above)) return !isMap(valueAt(layer.value, above));
  return false;
}

function merge(below: Plain | undefined, above: Plain, pointer: string): Plain {
  if (!isMap(above)) return above;
  const result: Mapping = Object.assign(Object.create(null), isMap(below) ? below : {});
  for (const [name, value] of Object.entries(above)) {
    const here = within(pointer, name);
    // A key that the schema does not know stays, to be told like any other mistyped one.
    if (value === null && schemaAt(here)) delete result[name];
    else result[name] = merge(result[name], value, here);
  }
  return result;
}

export function isMap(value: Plain | undefined): value is Mapping {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
