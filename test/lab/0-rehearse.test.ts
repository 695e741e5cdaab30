// The first line of the README, as a newcomer types it: it ends well and leaves nothing behind.
import { existsSync } from 'node:fs';
import t from 'tap';
import { lower, open, status } from './lab.ts';
import { spawnRunbook } from './rehearse.ts';

t.setTimeout(0);
if (await open()) await lower();

t.test('rehearse raises, deploys, checks, reports and takes everything down again', async (t) => {
  const child = spawnRunbook('rehearse', []);
  let said = '';
  let report = '';
  child.stderr!.on('data', (data: Buffer) => {
    said += data;
  });
  child.stdout!.on('data', (data: Buffer) => {
    report += data;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  t.equal(code, 0, code === 0 ? 'ended with 0' : `${report}\n${said.slice(-3000)}`);
  t.match(report, /^Rehearsal passed in \d+ s$/m);
  t.match(report, /deploy onto the bare host +\d+\.\d s +\d\d changes, 15 checks from outside passed/);
  t.match(report, /deploy again +\d+\.\d s +nothing to do/);
  t.match(report, /backup +\d+\.\d s +full generation, \d+ repositories\n/);
  t.match(report, /drill +\d+\.\d s +\d{8}T\d{6}Z is proven to come back: RTO \d+ s, RPO \d+ s\n/);
  t.match(report, /restore +\d+\.\d s +\d{8}T\d{6}Z is back; checked from outside\n/);
  t.match(report, /^What ran$/m);
  t.match(report, /gitea\/gitea:\S+: (STAND-IN, not Gitea|real image)/, 'it says whether that was Gitea');
  for (const line of report.trimEnd().split('\n')) t.comment(line);
  const left = await status();
  t.same({ up: left.up, containers: left.containers }, { up: false, containers: [] });
  t.notOk(existsSync(`${left.dir}/gitea.secrets.yaml`), 'the lab’s secrets are gone with it');
});
