/** The configuration in a working directory, read by HashiCorp's own parser, as far as a plan of it needs. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = Record<string, unknown>;
type Blocks = Record<string, Record<string, Json[]>>;

export interface ResourceBlock {
  readonly type: string;
  readonly name: string;
  readonly body: Json;
  readonly preventDestroy: boolean;
  readonly ignored: readonly string[];
  readonly file: string;
  readonly line: number;
  /** Addresses without index that it refers to, modules as "module.vpc". */
  readonly needs: readonly string[];
}

export interface VariableBlock {
  readonly type: string;
  readonly required: boolean;
  readonly nullable: boolean;
  readonly ephemeral: boolean;
  readonly value: unknown;
}

export interface Module {
  readonly resources: ReadonlyMap<string, ResourceBlock>;
  readonly modules: readonly string[];
  readonly variables: ReadonlyMap<string, VariableBlock>;
  readonly outputs: ReadonlyMap<string, unknown>;
  readonly locals: Json;
  readonly backend: { readonly type: string; readonly settings: Json } | undefined;
}

/** Reads *.tf and *.tf.json; files called *_override win over all others, argument by argument, as Terraform merges them. */
export async function readModule(cwd: string, cache: string | undefined): Promise<Module> {
  const names = readdirSync(cwd).filter((name) => /\.tf(\.json)?$/.test(name));
  const isOverride = (name: string) => /(^|_)override\.tf(\.json)?$/.test(name);
  const parsed = new Map<string, Json>();
  for (const name of names.sort()) parsed.set(name, await parseFile(join(cwd, name), cache));
  const base = [...parsed].filter(([name]) => !isOverride(name));
  const over = [...parsed].filter(([name]) => isOverride(name)).map(([, body]) => body);
  const locals = Object.assign({}, ...base.flatMap(([, body]) => (body.locals as Json[] | undefined) ?? []));
  const resources = new Map<string, ResourceBlock>();
  for (const [file, body] of base) {
    for (const [type, named] of Object.entries((body.resource ?? {}) as Blocks)) {
      for (const [name, [own = {}] = []] of Object.entries(named)) {
        const lifecycle = Object.assign({}, lifecycleOf(own), ...over.map((one) => overriding(one, type, name)));
        resources.set(`${type}.${name}`, {
          type,
          name,
          body: own,
          preventDestroy: lifecycle.prevent_destroy === true,
          ignored: ((lifecycle.ignore_changes ?? []) as string[]).map((word) => word.replace(/^\$\{(.*)\}$/, '$1')),
          file,
          line: lineOf(join(cwd, file), type, name),
          needs: needsOf(own, locals),
        });
      }
    }
  }
  const all = base.map(([, body]) => body);
  const settings = all.concat(over).flatMap((body) => [body.terraform ?? []].flat() as Json[]);
  return {
    resources,
    modules: all.flatMap((body) => Object.keys((body.module ?? {}) as Json)).map((name) => `module.${name}`),
    variables: new Map(
      all.flatMap((body) => Object.entries((body.variable ?? {}) as Record<string, Json[]>).map(variable)),
    ),
    outputs: new Map(
      all.flatMap((body) =>
        Object.entries((body.output ?? {}) as Record<string, Json[]>).map(([name, [own]]): [string, unknown] => [
          name,
          own?.value,
        ]),
      ),
    ),
    locals,
    backend: backendOf(settings),
  };
}

function variable([name, [own = {}]]: [string, Json[]]): [string, VariableBlock] {
  return [
    name,
    {
      type: String(own.type ?? 'any').replace(/^\$\{(.*)\}$/, '$1'),
      required: !('default' in own),
      nullable: own.nullable !== false,
      ephemeral: own.ephemeral === true,
      value: own.default,
    },
  ];
}

function backendOf(settings: readonly Json[]): Module['backend'] {
  const found = settings
    .flatMap(({ backend }) => Object.entries((backend ?? {}) as Record<string, Json | Json[]>))
    .at(-1);
  return found && { type: found[0], settings: ([found[1]].flat()[0] ?? {}) as Json };
}

const lifecycleOf = (body: Json): Json => ([body.lifecycle ?? {}].flat()[0] ?? {}) as Json;

function overriding(body: Json, type: string, name: string): Json {
  const found = ((body.resource ?? {}) as Record<string, Record<string, Json | Json[]>>)[type]?.[name];
  return found === undefined ? {} : lifecycleOf([found].flat()[0] as Json);
}

function needsOf(value: unknown, locals: Json, seen = new Set<string>()): string[] {
  const text = JSON.stringify(value);
  const direct = [...text.matchAll(/\b((?:aws_\w+|module)\.\w+)/g)].map(([, address = '']) => address);
  const through = [...text.matchAll(/\blocal\.(\w+)/g)].flatMap(([, name = '']) => {
    if (seen.has(name)) return [];
    seen.add(name);
    return needsOf(locals[name] ?? null, locals, seen);
  });
  return [...new Set([...direct, ...through])];
}

function lineOf(path: string, type: string, name: string): number {
  const at = readFileSync(path, 'utf8')
    .split('\n')
    .findIndex((line) => line.startsWith(`resource "${type}" "${name}"`));
  return at + 1;
}

/** Parsing costs half a second of start-up, and the files are the same in all tests. */
async function parseFile(path: string, cache: string | undefined): Promise<Json> {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.json')) return JSON.parse(text);
  const kept = cache && join(cache, `${createHash('sha256').update(text).digest('hex')}.json`);
  try {
    if (kept) return JSON.parse(readFileSync(kept, 'utf8'));
  } catch {
    // Not there yet.
  }
  const { parse } = await import('@cdktf/hcl2json');
  const body = (await parse(path, text)) as Json;
  if (kept) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(kept, JSON.stringify(body));
  }
  return body;
}
