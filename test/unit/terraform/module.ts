import { parse } from '@cdktf/hcl2json';

export type Body = Readonly<Record<string, unknown>>;

/** A Terraform module as data. Expressions are strings in `${}`; literals, lists and objects are what they are. */
export interface Module {
  /** Every file as it was read, the template too. */
  readonly texts: Readonly<Record<string, string>>;
  readonly terraform: Body;
  readonly providers: Readonly<Record<string, Body>>;
  readonly variables: Readonly<Record<string, Body>>;
  readonly outputs: Readonly<Record<string, Body>>;
  readonly modules: Readonly<Record<string, Body>>;
  readonly locals: Body;
  /** By address: `aws_instance.host`, `data.aws_ssm_parameter.ami`. */
  readonly resources: Readonly<Record<string, Body>>;
}

const known = new Map<string, Promise<Body>>();

/** Parsed once for each text: a test reads the same files hundreds of times, with one of them changed. */
function parsed(file: string, text: string): Promise<Body> {
  const key = `${file}\n${text}`;
  const one = known.get(key) ?? parse(file, text);
  known.set(key, one);
  return one;
}

type Blocks = Readonly<Record<string, readonly Body[]>>;

/** Reads the files of one module (name to text). Throws for what is no HCL, and for a block that is there twice. */
export async function readModule(texts: Readonly<Record<string, string>>): Promise<Module> {
  const all: [kind: string, name: string, body: Body][] = [];
  const plain: [kind: string, body: Body][] = [];
  for (const [file, text] of Object.entries(texts).filter(([name]) => name.endsWith('.tf'))) {
    for (const [kind, blocks] of Object.entries(await parsed(file, text))) {
      if (Array.isArray(blocks)) plain.push(...blocks.map((body): [string, Body] => [kind, body]));
      else all.push(...Object.entries(blocks as Blocks).flatMap(([name, value]) => named(kind, name, value)));
    }
  }
  const of = (wanted: string) => unique(all.filter(([kind]) => kind === wanted).map(([, name, body]) => [name, body]));
  const data = Object.entries(of('data')).map(([name, body]): [string, Body] => [`data.${name}`, body]);
  const merged = (wanted: string) =>
    unique(plain.filter(([kind]) => kind === wanted).flatMap(([, body]) => Object.entries(body)));
  return {
    texts,
    terraform: merged('terraform') as Body,
    providers: of('provider'),
    variables: of('variable'),
    outputs: of('output'),
    modules: of('module'),
    locals: merged('locals'),
    resources: { ...of('resource'), ...Object.fromEntries(data) },
  };
}

function named(kind: string, name: string, value: readonly Body[] | Blocks): [string, string, Body][] {
  if (Array.isArray(value)) return (value as Body[]).map((body) => [kind, name, body]);
  return Object.entries(value as Blocks).flatMap(([second, bodies]) =>
    bodies.map((body): [string, string, Body] => [kind, `${name}.${second}`, body]),
  );
}

function unique<T>(entries: [string, T][]): Record<string, T> {
  const found: Record<string, T> = {};
  for (const [name, value] of entries) {
    if (name in found) throw new Error(`${name} is there twice`);
    found[name] = value;
  }
  return found;
}

/** What stands at a path such as `metadata_options.http_tokens`; a block that is there once counts as an object. */
export function at(body: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    const one = Array.isArray(value) && value.length === 1 ? value[0] : value;
    return typeof one === 'object' && one !== null ? (one as Body)[key] : undefined;
  }, body);
}

/** Every string in a value, however deep, keys of objects left out. */
export function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** A value as a list: itself when it is one, else the one element that it is. */
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** The text of an expression, its line breaks and indentation taken out. */
export const flat = (value: unknown) => String(value).replace(/\s+/g, ' ');
