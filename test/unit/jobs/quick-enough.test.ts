// A restore that is asked to be quicker than it was measured: refused when it is asked for, and not afterwards.
import { writeFileSync } from 'node:fs';
import t from 'tap';
import { loadConfig } from '../../../lib/config/load.ts';
import { mustBeQuickEnough } from '../../../lib/jobs/converge/quick-enough.ts';
import { played, says } from './backups.ts';

const text = (restore?: string) => `host: { address: 10.20.30.40 }
domain: git.corp.test
admin: { username: gitadmin, email: ops@corp.test }
tls: { email: ops@corp.test }
${restore ? `backup:\n  objectives:\n    restore: ${restore}\n` : ''}`;
const drill = (seconds: number) =>
  JSON.stringify({ at: '2026-11-29T04:00:00Z', result: 'passed', rto: seconds * 1000, rpo: 60_000 });

t.test('with the line and the sum', async (t) => {
  const dir = t.testdir({});
  const configOf = (restore?: string) => {
    writeFileSync(`${dir}/gitea.config.yaml`, text(restore));
    return loadConfig(`${dir}/gitea.config.yaml`).config;
  };
  const refused = { name: 'RunbookError', exitCode: 10 };
  /** On a host whose last drill took so long, and whose last deploy allowed so much. */
  const on = (seconds: number | undefined, before: string | undefined) =>
    played(() =>
      says(
        `${seconds === undefined ? '' : `${drill(seconds)}\n`}\n${before ? JSON.stringify({ backup: { objectives: { restore: before } } }) : ''}`,
      ),
    ).host;
  const failure = await mustBeQuickEnough(configOf('20m'), on(1500, '30m')).catch((error) => error);
  t.match(failure, {
    ...refused,
    parts: {
      where: /gitea\.config\.yaml:7:14 backup\.objectives\.restore$/,
      what: /took 25 min \(1500 s\), backup\.objectives\.restore is 20m \(1200 s\): 300 s too many/,
    },
  });
  await t.rejects(
    mustBeQuickEnough(configOf('20m'), on(1500, undefined)),
    refused,
    'a config that nobody has deployed',
  );
  await t.resolves(mustBeQuickEnough(configOf('20m'), on(1500, '20m')), 'it has become slow: others tell');
  await t.resolves(mustBeQuickEnough(configOf('20m'), on(1500, '10m')), 'less is asked for than before');
  await t.resolves(mustBeQuickEnough(configOf('20m'), on(1200, '30m')));
  await t.resolves(mustBeQuickEnough(configOf('20m'), on(undefined, '30m')), 'none was measured');
  const byDefault = await mustBeQuickEnough(configOf(), on(1900, '1h')).catch((error) => error);
  t.match(byDefault, { ...refused, parts: { where: 'backup.objectives.restore' } });
});
