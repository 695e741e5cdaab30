// The oldest Debian that is supported: its own Docker Engine, and Compose from elsewhere. As an operator who is not root.
import t from 'tap';
import { run, theLab, variant } from './suite.ts';

const NAME = 'bookworm-1';
const domain = 'git12.lab.test';

t.setTimeout(0);
const lab = await theLab();
const known = lab.hosts.some(({ name }) => name === NAME);
const { address } = known ? await lab.wipeHost(NAME) : await lab.addHost(NAME, { suite: 'bookworm' });
await lab.setName(domain, address);
// Secrets of its own: those of another host would be taken for the ones that its data was encrypted with.
const values = { 'host.address': address, domain, 'secrets.file': `variant-${NAME}-${Date.now()}.secrets.yaml` };
const ops = await variant(lab, NAME, { ...values, 'host.user': 'ops' });

t.test('it is a bare Debian 12', async (t) => {
  t.match((await lab.exec(NAME, '. /etc/os-release; echo "$VERSION_ID"; command -v docker')).stdout, /^12\n$/);
  const { code, json } = await run(lab, 'doctor', [], ops);
  t.equal(code, 0, JSON.stringify(json.checks?.filter((check: { status: string }) => check.status === 'fail')));
});

t.test('a user with sudo deploys it, with everything that a developer does', async (t) => {
  const { code, json, said } = await run(lab, 'deploy', ['--yes', '--verify'], ops);
  t.equal(code, 0, said);
  t.same(
    json.checks.filter(({ status }: { status: string }) => status !== 'pass'),
    [],
  );
  t.match((await run(lab, 'deploy', [], ops)).json, { outcome: 'converged', changes: [] });
});

t.test('root finds the same host; the second plan is empty', async (t) => {
  const root = await variant(lab, `${NAME}-root`, values);
  t.equal((await run(lab, 'plan', ['--exit-code'], root)).code, 0);
  const { code, json } = await run(lab, 'status', [], root);
  t.equal(code, 0);
  t.match(json, { healthy: true, pending: 0, certificate: { placeholder: false } });
});
