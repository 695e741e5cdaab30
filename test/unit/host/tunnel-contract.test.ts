import t from 'tap';
import { connect } from '../../../lib/host/connect.ts';
import { contract } from './contract.ts';
import { contractPut } from './contract-put.ts';
import { fakeAws } from './fake-aws.ts';
import { fakes, raise } from './raise.ts';
import { alive, until } from './support.ts';

t.test('the whole contract of a host holds through a tunnel', async (t) => {
  const { server, target } = await raise(t);
  const aws = fakeAws(t, server.port);
  const { address, port, user, identityFile, knownHostsFile: knownHosts } = target;
  const host = await connect({ host: { address, port, user, identityFile, knownHosts, proxyCommand: ['aws'] } });
  const subject = { host, dir: t.testdir(), fakes };
  await contract(t, subject);
  await contractPut(t, subject);
  await host.close();
  await until(() => !aws.pids().some(alive));
});
