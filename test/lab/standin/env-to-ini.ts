/** The last step of the container's setup, on every start: the environment goes into app.ini. */
import { writeFileSync } from 'node:fs';
import { goPathError, mergeEnvironment } from './config-env.ts';
import { formatIni } from './ini.ts';
import { fatal, log } from './log.ts';
import { readIniFile } from './settings.ts';

/** Writes only when something changed; a file that cannot be written ends with exit code 1. */
export function environmentToIni(args: string[], env: NodeJS.ProcessEnv): void {
  const at = args.findIndex((arg) => arg === '--config' || arg === '-c');
  const file = args[at + 1] as string;
  try {
    const ini = readIniFile(file);
    // Gitea logs the files that it could not read, but the program ends before the line is written: nobody sees it.
    const { changed } = mergeEnvironment(ini, env);
    if (!changed) return;
    log(
      'I',
      'contrib/environment-to-ini/environment-to-ini.go:112:runEnvironmentToIni()',
      `Settings saved to: "${file}"`,
    );
    writeFileSync(file, formatIni(ini));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ? goPathError(error) : (error as Error).message;
    fatal(
      'contrib/environment-to-ini/environment-to-ini.go:90:main()',
      `Failed to run app with [environment-to-ini ${args.join(' ')}]: ${why}`,
    );
  }
}
