/** Entry of the bundle: gitea itself and the two tools of the container's setup. */
import { main } from './cli.ts';
import { environmentToIni } from './env-to-ini.ts';
import { currentRelease } from './release.ts';
import { renderAppIni } from './template.ts';

process.title = 'gitea';
process.stdout.on('error', () => undefined); // the reader of a pipe may leave first
const [first = '', ...rest] = process.argv.slice(2);
if (first === 'standin:env-to-ini') environmentToIni(rest, process.env);
else if (first === 'standin:render') process.stdout.write(renderAppIni(process.env, currentRelease()));
else await main(process.argv.slice(2));
