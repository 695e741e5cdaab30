const GLOBAL: Record<string, string> = {
  c: 'config',
  config: 'config',
  w: 'work-path',
  'work-path': 'work-path',
  C: 'custom-path',
  'custom-path': 'custom-path',
};

/** Takes the global flags out, wherever they stand. */
export function globalFlags(args: string[]): { config: string | undefined; rest: string[] } {
  const rest: string[] = [];
  let config: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const match = /^--?(c|config|w|work-path|C|custom-path)(?:=(.*))?$/.exec(args[i] as string);
    if (!match) {
      rest.push(args[i] as string);
      continue;
    }
    const value = match[2] ?? args[++i];
    if (GLOBAL[match[1] as string] === 'config') config = value;
  }
  return { config, rest };
}
