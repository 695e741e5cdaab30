import t from 'tap';
import type { FirewallSpec } from '../../../lib/core/spec.ts';
import { desiredState } from '../../../lib/phases/index.ts';
import { input } from './input.ts';

type Changes = NonNullable<Parameters<typeof input>[0]>;

/** The rules of a chain, one a line, without what is said about them. */
function chain(name: string, config: Changes['config'] = {}): string[] {
  const spec = desiredState(input({ config })).find((found): found is FirewallSpec => found.kind === 'firewall');
  const [, body = ''] =
    new RegExp(`chain ${name} \\{\\n([^}]*(?:\\{[^}]*\\}[^}]*)*?)\\n\\t\\}`).exec(spec!.rules!) ?? [];
  return body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

t.test('the metadata service of either family is looked at before anything else that is forwarded', async (t) => {
  t.same(chain('forward').slice(1, 4), [
    'ip daddr 169.254.169.254 jump metadata',
    'ip6 daddr fd00:ec2::254 jump metadata',
    'ct state established,related accept',
  ]);
  t.match(chain('metadata').at(-1), /^reject/);
});

t.test('once the services of the host itself are closed, they are to the containers of the instance too', async (t) => {
  const open = chain('input');
  t.ok(open.includes('iifname "br-*" accept'), 'they are not closed by default');
  t.notOk(open.includes('goto other'));
  const closed = chain('input', { network: { allow: { other: [] } } });
  const bridges = closed.filter((rule) => rule.startsWith('iifname "br-*"'));
  t.same(bridges, [
    'iifname "br-*" ip saddr != 172.31.250.0/24 accept',
    'iifname "br-*" meta l4proto { tcp, udp } th dport 53 accept',
    'iifname "br-*" tcp dport { 80, 443, 2222 } accept',
  ]);
  t.equal(closed.at(-1), 'goto other');
});
