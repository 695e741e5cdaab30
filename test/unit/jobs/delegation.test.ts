import t from 'tap';
import type { Config } from '../../../lib/config/config.types.ts';
import { delegationCheck, judge } from '../../../lib/jobs/doctor/delegation.ts';
import { refusalAnswer } from '../../lab/wire.ts';
import { cloud } from '../aws/cloud.ts';

const zone = { id: 'Z1', name: 'example.com' };
const wanted = ['ns-1.awsdns.test', 'ns-2.awsdns.test'];

t.test('what the name servers that are found mean', async (t) => {
  t.match(judge({ zone, wanted, found: wanted }), { status: 'pass', detail: /example\.com .*Route 53.*Z1/ });
  t.match(judge({ zone, wanted, found: wanted.slice(1) }), { status: 'pass' });
  t.match(judge({ zone, wanted, found: [] }), {
    status: 'fail',
    detail: /example\.com is not delegated/,
    next: /name servers of example\.com to ns-1\.awsdns\.test, ns-2\.awsdns\.test/,
  });
  t.match(judge({ zone, wanted, found: ['ns.registrar.test'] }), {
    status: 'fail',
    detail: /is answered by ns\.registrar\.test, its hosted zone Z1 has ns-1/,
    next: /name servers of example\.com .*aws\.dns: external/,
  });
  t.match(judge({ zone, wanted, found: [...wanted, 'ns.registrar.test'] }), {
    status: 'fail',
    detail: /is answered by ns\.registrar\.test too/,
  });
});

t.test('asked only where Route 53 keeps the record; a refusal is a result', async (t) => {
  const { aws, seen } = await cloud(t, (_, asked) => refusalAnswer(asked, 'denied'));
  const config = (provider: 'aws' | 'existing', dns: 'route53' | 'external') =>
    ({ host: { provider }, aws: { ...aws, dns }, domain: 'git.example.com', verify: {} }) as Config;
  t.same(await delegationCheck(config('existing', 'route53')), []);
  t.same(await delegationCheck(config('aws', 'external')), []);
  t.same(seen, []);
  t.match(await delegationCheck(config('aws', 'route53')), [
    { id: 'aws.delegation', status: 'fail', detail: /AWS denies route53:ListHostedZonesByName/, next: /IAM/ },
  ]);
});
