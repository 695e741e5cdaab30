import t from 'tap';
import { parseIni } from '../../lab/standin/ini.ts';
import { checkPolicies } from '../../lab/standin/policies.ts';

/** How Gitea of a version goes on from an app.ini: what it says, and whether that ends it. */
function start(version: string, ini: string): string {
  const { exit } = process;
  const write = process.stdout.write;
  const before = process.env.GITEA_STANDIN_VERSION;
  let said = '';
  process.env.GITEA_STANDIN_VERSION = version;
  process.stdout.write = ((text: string) => {
    said += text;
    return true;
  }) as typeof write;
  process.exit = ((code: number) => {
    throw new Error(`ends with ${code}`);
  }) as typeof exit;
  try {
    checkPolicies(parseIni(ini));
    return `goes on ${said}`;
  } catch (error) {
    return `${(error as Error).message} ${said}`;
  } finally {
    process.exit = exit;
    process.stdout.write = write;
    if (before === undefined) delete process.env.GITEA_STANDIN_VERSION;
    else process.env.GITEA_STANDIN_VERSION = before;
  }
}

t.test('the stand-in ends where Gitea does', async (t) => {
  const mail = (from: string) => start('1.25.4', `[mailer]\nENABLED = true\nPROTOCOL = smtps\n${from}\n`);
  t.match(mail('FROM = git@corp.test'), /^goes on/);
  t.match(mail('FROM = Git <git@corp.test>'), /^goes on/);
  t.match(mail('FROM = git'), /^ends with 1 .*Invalid mailer\.FROM \(git\)/s);
  t.match(mail(''), /^goes on .*no mailer\.FROM provided/s);
  t.equal(start('1.25.4', '[mailer]\nFROM = git\n'), 'goes on ', 'not enabled');
  const policy = (version: string, value: string) => start(version, `[security]\nTWO_FACTOR_AUTH = ${value}\n`);
  t.match(policy('1.25.4', 'required'), /^ends with 1 .*Invalid two-factor auth option: required/s);
  t.match(policy('1.25.4', 'enforced'), /^goes on/);
  t.match(policy('1.22.6', 'required'), /^goes on/);
});
