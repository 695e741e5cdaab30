/** A figure as a reader of Prometheus' text format finds it. */
export interface ReadSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const head = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/;
const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;
const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;

const plain = (text: string) => text.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one));

/**
 * Reads the text format of Prometheus as node_exporter does, and stricter: each figure has its help and its type right before
 * its samples, stands together, no sample twice, no times, only numbers. Throws with the line.
 */
export function read(text: string): Record<string, ReadSample[]> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const found: Record<string, ReadSample[]> = {};
  const seen = new Set<string>();
  let helped: string | undefined;
  let current: string | undefined;
  for (const each of text.slice(0, -1).split('\n')) {
    const [, word, name, rest] = head.exec(each) ?? [];
    if (word === 'HELP') {
      if (found[name!]) throw new Error(`${name} stands in two places`);
      if (!rest) throw new Error(`${name} has no help`);
      [helped, current] = [name, undefined];
      continue;
    }
    if (word === 'TYPE') {
      if (helped !== name) throw new Error(`${name} has a type and no help before it`);
      if (rest !== 'gauge' && rest !== 'counter') throw new Error(`${name} is a ${rest}`);
      current = name;
      found[name!] = [];
      continue;
    }
    const sample = line.exec(each);
    if (!sample) throw new Error(`not understood: ${each}`);
    const [, of, pairs = '', number] = sample;
    if (of !== current) throw new Error(`${of} has no type before it`);
    const key = each.slice(0, each.lastIndexOf(' '));
    if (seen.has(key)) throw new Error(`twice: ${key}`);
    seen.add(key);
    found[of!]!.push({ labels: labelsIn(pairs), value: Number(number) });
  }
  return found;
}

function labelsIn(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== ''; ) {
    const match = label.exec(rest);
    if (!match) throw new Error(`not understood: {${text}}`);
    labels[match[1]!] = plain(match[2]!);
    rest = rest.slice(match[0].length);
  }
  return labels;
}
