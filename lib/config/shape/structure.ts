import { type Problem, quoted, show } from '../problem.ts';
import { dotted, type Parsed, type Plain, valueAt, within } from '../reading/index.ts';
import { allowed, knownAt, pathsOf, type Schema, schemaAt } from '../schema.ts';
import { validate as compiled } from '../validate.generated.ts';
import { didYouMean, nearest } from './suggest.ts';

interface AjvError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, string>>;
}

const validate = compiled as ((data: unknown) => boolean) & { errors?: readonly AjvError[] | null };

export interface StructureProblem extends Problem {
  readonly pointer: string;
  /** The value has the right type but not the right form: a rule may say better what is wrong with it. */
  readonly form: boolean;
  /** No file has the value. */
  readonly missing: boolean;
}

/** Whether a text would do at a place, as far as the rules about single values can tell. */
type Accepts = (pointer: string, text: string) => boolean;

/** Checks `value` against the schema and fills in the defaults, in place. Hints are at what `accepts` lets through. */
export function checkStructure(
  value: Plain,
  { locate, written }: Pick<Parsed, 'locate' | 'written'>,
  accepts: Accepts,
): StructureProblem[] {
  if (validate(value)) return [];
  // "if" says only that a condition's other half failed; that half has said why.
  const errors = (validate.errors ?? []).filter((error) => error.keyword !== 'if');
  const typos = new Set<string>();
  const problems: StructureProblem[] = [];
  const sorted = [...errors].sort((a, b) => rank(a) - rank(b));
  for (const error of sorted) {
    const pointer = pointerOf(error);
    if (error.keyword === 'required' && typos.has(pointer)) continue;
    if (problems.some((problem) => problem.pointer === pointer)) continue;
    if (error.keyword === 'additionalProperties') {
      const meant = nearest(error.params.additionalProperty!, knownAt(error.instancePath));
      if (meant) typos.add(`${error.instancePath}/${meant}`);
    }
    const text = messageOf(error, valueAt(value, error.instancePath), written(error.instancePath), accepts);
    const message = pointer === '' ? `the file ${text}` : text;
    const place = locate(pointer, pointer === error.instancePath ? 'value' : 'key');
    problems.push({
      severity: 'error',
      ...place,
      path: dotted(pointer),
      message,
      pointer,
      form: error.keyword === 'pattern',
      missing: error.keyword === 'required',
    });
  }
  // Without a provider there is no telling whether an address is wanted.
  const provider = '/host/provider';
  const unsure = typos.has(provider) || problems.some(({ pointer }) => pointer === provider);
  return problems.filter(({ pointer, missing }) => !(unsure && missing && pointer === '/host/address'));
}

/** Unknown keys first: they explain missing ones. A wrong type explains every other complaint about the value. */
function rank(error: AjvError): number {
  return ['additionalProperties', 'required', 'type'].indexOf(error.keyword) + 1 || 4;
}

function pointerOf(error: AjvError): string {
  const name = error.params.additionalProperty ?? error.params.missingProperty;
  return name === undefined ? error.instancePath : within(error.instancePath, name);
}

function messageOf(error: AjvError, value: Plain | undefined, written: string | undefined, accepts: Accepts): string {
  const schema = schemaAt(error.instancePath) ?? {};
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(error.params.additionalProperty!, error.instancePath);
    case 'required':
      return `is missing, allowed is ${allowed(schema.properties?.[error.params.missingProperty!] ?? {})}`;
    case 'type':
      // What stands there may be the secret itself.
      if (isReferenceOnly(schema) && value !== null)
        return 'is no reference, allowed is { secret: NAME } with the name under which the value is kept';
      return `is ${show(value, written)}, allowed is ${allowed(schema)}${typeHint(schema, value, written, (text) => accepts(error.instancePath, text))}`;
    case 'enum':
      return `is ${show(value)}, allowed is ${allowed(schema)}${didYouMean(String(value), schema.enum ?? [])}`;
    default:
      return `is ${show(value, written)}, allowed is ${allowed(schema)}`;
  }
}

const isReferenceOnly = ({ type, properties }: Schema) => type === 'object' && properties?.secret !== undefined;

function unknownKey(name: string, parent: string): string {
  const known = knownAt(parent);
  const meant = didYouMean(name, known);
  const elsewhere = pathsOf(name).filter((path) => path !== dotted(`${parent}/${name}`));
  const hint = meant || (elsewhere.length > 0 ? ` - it belongs at ${elsewhere.join(' or ')}` : '');
  return `is not a known key, allowed ${parent ? 'here ' : ''}are ${known.join(', ')}${hint}`;
}

function typeHint(
  schema: Schema,
  value: Plain | undefined,
  written: string | undefined,
  accepts: (text: string) => boolean,
): string {
  if (value === null || value === undefined) return ' - give it a value or remove the line';
  if (schema.type === 'integer' && typeof value === 'string' && /^\d{1,15}$/.test(value)) {
    const number = Number(value);
    const fits = number >= (schema.minimum ?? number) && number <= (schema.maximum ?? number);
    return fits ? ` - write ${number} without quotes` : '';
  }
  if (schema.type === 'boolean' && typeof value === 'string') {
    const meant = new Map(
      Object.entries({
        yes: 'true',
        on: 'true',
        no: 'false',
        off: 'false',
        true: 'true',
        false: 'false',
      }),
    );
    const word = meant.get(value.toLowerCase());
    return word ? ` - did you mean ${word}?` : '';
  }
  if (schema.type !== 'string' || typeof value === 'object') return '';
  const text = written ?? String(value);
  const does = new RegExp(schema.pattern ?? '', 'u').test(text) && accepts(text);
  return does ? ` - put it in quotes: ${quoted(text)}` : '';
}
