import t from 'tap';
import { iniText, readIni } from '../../../lib/core/ini.ts';
import { changed, scratchSettings } from '../../../lib/jobs/drill/settings.ts';
import { appIniLines } from '../../../lib/phases/app-ini-lines.ts';
import { input } from '../phases/input.ts';

t.test('what is changed, what is added, what goes; all else stays as it was', async (t) => {
  const text = '; head\nNAME = x\n\n[a]\n; why\nONE = 1\nTWO = `2`\n\n[b]\nONE = 1\nGONE = 1\n';
  t.equal(
    changed(text, { a: { ONE: 'one' }, b: { GONE: undefined }, c: { NEW: 'n' }, d: { NOT: undefined } }),
    '; head\nNAME = x\n\n[a]\nONE = one\n; why\nTWO = `2`\n\n[b]\nONE = 1\n\n[c]\nNEW = n\n',
  );
});

t.test('nothing goes out of a Gitea for the looking, and everything else is as in the one in use', async (t) => {
  const { config } = input();
  const mail = { host: 'smtp.corp.test', port: 465, tls: 'smtps', from: 'g@corp.test', notifications: true } as const;
  const lines = appIniLines(input({ config: { ...config, mail } })).map(({ value, ...line }) => ({
    ...line,
    value: typeof value === 'string' ? value : value.reveal(),
  }));
  const before = iniText('', lines);
  const [was, is] = [readIni(before), readIni(scratchSettings(before, 'http://gitea:3000/'))];
  t.equal(was.get('mailer')?.get('ENABLED'), 'true');
  const value = (section: string, key: string) => is.get(section)?.get(key);
  t.equal(value('mailer', 'ENABLED'), 'false');
  t.equal(value('mirror', 'ENABLED'), 'false');
  t.equal(value('webhook', 'ALLOWED_HOST_LIST'), '192.0.2.1');
  t.equal(value('server', 'ROOT_URL'), 'http://gitea:3000/');
  t.equal(value('server', 'START_SSH_SERVER'), 'false');
  for (const [section, key] of [
    ['security', 'SECRET_KEY'],
    ['database', 'PASSWD'],
    ['server', 'LFS_JWT_SECRET'],
    ['repository', 'ROOT'],
  ] as const)
    t.equal(value(section, key), was.get(section)?.get(key), `${section}.${key}`);
});
