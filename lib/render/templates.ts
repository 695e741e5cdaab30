import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Text of a template by its name, for example `nginx/nginx.conf`. Throws for an unknown one. */
export type Templates = (name: string) => string;

/**
 * The templates of a folder, read when they are first asked for.
 * @param root - the folder `templates`, wherever the package lies: beside `lib` in the sources, beside `dist` when installed
 */
export function templatesFrom(root: string): Templates {
  const known = new Map<string, string>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    if (!/^[a-z][\w.-]*(\/[a-z][\w.-]*)*$/.test(name)) throw new TypeError(`not a template name: ${name}`);
    const text = readFileSync(join(root, `${name}.eta`), 'utf8');
    known.set(name, text);
    return text;
  };
}
