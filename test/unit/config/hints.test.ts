import t from 'tap';
import { schema } from '../../../lib/config/validate.generated.ts';
import { goodWith, problemsOf } from './sample.ts';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: object;
}

/** A config in which every value that the schema knows is this text, a line each; and their paths. */
function everywhere(text: string, { properties = {} }: Node, depth = 0, path = ''): { yaml: string; paths: string[] } {
  const parts = Object.entries(properties).map(([name, child]) => {
    const head = `${'  '.repeat(depth)}${name}:`;
    const here = path ? `${path}.${name}` : name;
    if (child.items) return { yaml: `${head} [${text}]\n`, paths: [`${here}.0`] };
    if (!child.properties) return { yaml: `${head} ${text}\n`, paths: [here] };
    const { yaml, paths } = everywhere(text, child, depth + 1, here);
    return { yaml: `${head}\n${yaml}`, paths };
  });
  return { yaml: parts.map(({ yaml }) => yaml).join(''), paths: parts.flatMap(({ paths }) => paths) };
}

t.test('nothing, written out, in the place of every value', async (t) => {
  const { yaml, paths } = everywhere('""', schema as Node);
  t.ok(paths.length > 60);
  const said = problemsOf(yaml).map((line) => /^f\.yaml:\d+:\d+ (\S+): is /.exec(line)?.[1] ?? line);
  t.strictSame(said, paths, 'each is told, once');
});

t.test('a list of networks with items that are none', async (t) => {
  for (const list of ['ssh', 'web', 'other'])
    t.match(problemsOf(goodWith(`network: {allow: {${list}: [7, 10.0.0.0/8, {}, x]}}`)).slice(-3), [
      new RegExp(`^f\\.yaml:9:\\d+ network\\.allow\\.${list}\\.0: is the number 7`),
      new RegExp(`^f\\.yaml:9:\\d+ network\\.allow\\.${list}\\.2: is a mapping`),
      new RegExp(`^f\\.yaml:9:\\d+ network\\.allow\\.${list}\\.3: is the text "x"`),
    ]);
});
