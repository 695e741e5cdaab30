/** The hooks' entry: apart from the rest, for git starts it twice in every push. */
import { globalFlags } from './global-flags.ts';
import { hook } from './hook-cli.ts';

const { config, rest } = globalFlags(process.argv.slice(2));
process.exitCode = await hook(config ?? process.env.GITEA_APP_INI ?? '/etc/gitea/app.ini', rest[1] ?? '');
