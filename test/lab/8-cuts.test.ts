// Scripts of the most dangerous kinds, killed after each of their commands on a real host. All the others: test/soak.
import t, { type Test } from 'tap';
import type { Spec, SpecKind, VolumeSpec } from '../../lib/core/spec.ts';
import type { Reconnectable } from '../../lib/host/port.ts';
import { look } from '../../lib/jobs/converge/look.ts';
import { loadSecrets, storeOf } from '../../lib/secrets/index.ts';
import { type Cut, cutting, Killed } from '../cut/cutting.ts';
import { bringAbout, byTurns } from '../cut/one.ts';
import { convergedLab, giteaRole, HOST, inside, library, run, variant } from './suite.ts';

t.setTimeout(0);
const lab = await convergedLab();

/** What a config wants, and a connection. */
async function wanted(t: Test, file: string) {
  const { config, host } = await library(file);
  t.teardown(() => host.close());
  const { specs } = await look(host, config, await loadSecrets(storeOf(config)), () => {});
  return { host, specs, one: (kind: SpecKind) => specs.find((spec) => spec.kind === kind)! };
}

/** Brings a thing about, one cut further each time, until nothing cuts it any more. Gives how often it was cut. */
async function eachCut(host: Reconnectable, spec: Spec, cut: Cut = byTurns(), meanwhile = () => {}): Promise<number> {
  for (let cuts = 0; ; cuts++) {
    const dying = cutting<Reconnectable>(host, cut);
    try {
      await bringAbout(dying, spec);
      return cuts;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    meanwhile();
  }
}

const done = async (t: Test, file = lab.configPath) => {
  const { code, json } = await run(lab, 'plan', ['--exit-code'], file);
  t.equal(code, 0, `nothing is left to do: ${JSON.stringify(json.changes)}`);
};

t.test('sshd settings, and the way back from them', async (t) => {
  const { host, one } = await wanted(t, lab.configPath);
  await inside(lab, "echo '# by hand' > /etc/ssh/sshd_config.d/10-gitea-runbooks.conf; systemctl restart ssh");
  const cuts = await eachCut(host, one('sshd'));
  t.ok(cuts > 30, `${cuts} cuts`);
  t.match(await inside(lab, 'sshd -T'), /^passwordauthentication no$/m);
  const left = await inside(
    lab,
    'ls /var/lib/gitea-runbooks/unconfirmed; ls /etc/systemd/system /run/systemd/transient | grep revert || true',
  );
  t.equal(left.trim(), '', 'no way back lies about');
  await done(t);
});

t.test('a restart of Gitea, while requests wait for it', async (t) => {
  const requests: Promise<string>[] = [];
  const ask = () =>
    void requests.push(
      inside(
        lab,
        `curl -sk --max-time 110 --resolve ${lab.domain}:443:127.0.0.1 -o /dev/null -w '%{http_code}' https://${lab.domain}/user/login`,
      ).catch((error) => String(error)),
    );
  // There after each command; and back in the middle of what works longest, where a cut after a command never comes.
  let within = 0;
  const there = await variant(lab, 'cuts', { 'gitea.title': 'Cut' });
  const back = await variant(lab, 'cuts-back', {});
  for (const [file, cut, least] of [
    [there, byTurns(), 10],
    [back, () => (within < 3 ? { seconds: 0.7 * ++within } : undefined), 1],
  ] as const) {
    const { host, specs, one } = await wanted(t, file);
    for (const spec of specs.filter(({ kind }) => kind === 'directory' || kind === 'file'))
      await bringAbout(host, spec);
    const cuts = await eachCut(host, one('compose'), cut, ask);
    t.ok(cuts >= least, `${cuts} cuts`);
    // What is no part of Compose: the settings of before.
    for (const spec of specs.filter(({ kind }) => kind === 'leftovers')) await bringAbout(host, spec);
    await settled();
    await done(t, file);
  }
  const answers = await Promise.all(requests);
  t.same(new Set(answers), new Set(['200']), `${answers.length} requests, none was sent away`);
});

/** A cut may have left a container on its way: until none is. */
async function settled(): Promise<void> {
  await inside(
    lab,
    'for i in $(seq 60); do [ -n "$(docker ps -q --filter health=starting)" ] || exit 0; sleep 1; done; exit 1',
  );
}

t.test('the login to the database', async (t) => {
  const { host, specs } = await wanted(t, lab.configPath);
  const role = await giteaRole(lab);
  await inside(lab, `docker exec gitea-database-1 psql -U postgres -d gitea -c 'revoke gitea from ${role}'`);
  const cuts = await eachCut(host, specs.find((spec) => spec.kind === 'login' && spec.role === role)!);
  t.ok(cuts > 2, `${cuts} cuts`);
  await done(t);
});

t.test("the stream of the database's log", async (t) => {
  const { host, specs } = await wanted(t, lab.configPath);
  await inside(lab, "docker exec gitea-database-1 psql -U postgres -d gitea -c 'alter role gitea_backup nologin'");
  const cuts = await eachCut(host, specs.find(({ kind }) => kind === 'replication')!);
  t.ok(cuts > 2, `${cuts} cuts`);
  await done(t);
});

t.test('a file system for the data: made once, and never over one that is there', async (t) => {
  const disk = 'cut-1';
  await lab.removeDisk(disk);
  const device = await lab.addDisk(HOST, disk, 64);
  const { host } = await wanted(t, lab.configPath);
  const unit = 'mnt-cut.mount';
  const text = `[Mount]\nWhat=${device}\nWhere=/mnt/cut\n[Install]\nWantedBy=multi-user.target\n`;
  const spec: VolumeSpec = {
    ...{ kind: 'volume', id: 'volume:/mnt/cut', phase: 'system', device, path: '/mnt/cut', unit },
    files: [{ path: `/etc/systemd/system/${unit}`, content: text }],
  };
  const cuts = await eachCut(host, spec);
  t.ok(cuts > 20, `${cuts} cuts`);
  await inside(lab, 'echo data > /mnt/cut/file; systemctl stop mnt-cut.mount');
  const more = await eachCut(host, spec);
  t.ok(more > 5, `${more} cuts`);
  t.equal(await inside(lab, 'cat /mnt/cut/file'), 'data\n');
  await inside(lab, `systemctl disable --now ${unit}; rm /etc/systemd/system/${unit}; systemctl daemon-reload`);
  await lab.removeDisk(disk);
});
