// The lab's own servers: names, certificate authority, registry. One image, started with different commands.

import dgram from 'node:dgram';
import https from 'node:https';
import { type Context, LABEL } from './context.ts';
import type { Docker } from './docker.ts';
import { address, containerName, NETWORK, SERVICE_BYTE, type Service } from './names.ts';
import { waitFor } from './wait.ts';

const READY_LIMIT = 20;
const HOSTS_FILE = '/etc/lab/hosts.d/lab';

/** Starts one of the lab's servers at its fixed address. */
export async function runService(
  docker: Docker,
  network: string,
  name: Service,
  image: string,
  command: string[],
  extra: string[] = [],
): Promise<void> {
  const where = [
    '--network',
    NETWORK,
    '--ip',
    address(network, SERVICE_BYTE[name]),
    '--network-alias',
    name,
    '--network-alias',
    `${name}.lab.test`,
  ];
  const limits = ['--log-opt', 'max-size=5m', '--stop-signal', 'SIGKILL'];
  const named = ['--name', containerName(name), '--hostname', name, '--label', LABEL];
  await docker.run(['run', '--detach', ...named, ...where, ...limits, ...extra, image, ...command]);
}

const gap = (name: Service) => containerName(`no-${name}`);

/**
 * Takes a service off the network, and puts a container that listens to nothing at its address: clients are refused at once.
 * The service itself runs on, because the authority keeps accounts and roots in memory where a real one has disks.
 */
export async function takeOff(docker: Docker, network: string, name: Service, image: string): Promise<void> {
  if ((await docker.attempt(['container', 'inspect', gap(name)])).code === 0) return;
  await docker.run(['network', 'disconnect', NETWORK, containerName(name)]);
  const where = ['--network', NETWORK, '--ip', address(network, SERVICE_BYTE[name])];
  const named = ['--name', gap(name), '--label', LABEL, '--stop-signal', 'SIGKILL'];
  await docker.run(['run', '--detach', ...named, ...where, image, 'sleep', 'infinity']);
}

/** Puts a service that was taken off back at its address. Fine to repeat. */
export async function putBack(docker: Docker, network: string, name: Service): Promise<void> {
  if ((await docker.attempt(['container', 'inspect', gap(name)])).code !== 0) return;
  await docker.run(['rm', '--force', gap(name)]);
  const ip = ['--ip', address(network, SERVICE_BYTE[name])];
  await docker.run([
    'network',
    'connect',
    ...ip,
    '--alias',
    name,
    '--alias',
    `${name}.lab.test`,
    NETWORK,
    containerName(name),
  ]);
}

const hint = (docker: Docker, name: Service) => `docker -H ${docker.host} logs ${containerName(name)}`;

/** Starts the name server and waits until it answers for the lab's names. */
export async function startDns(
  context: Context,
  docker: Docker,
  network: string,
  image: string,
  records: Map<string, string>,
) {
  await runService(docker, network, 'dns', image, ['dns.sh', hostsText(records)]);
  await waitDns(context, docker, network);
}

/** Waits until the name server answers. */
export async function waitDns(context: Context, docker: Docker, network: string): Promise<void> {
  const server = address(network, SERVICE_BYTE.dns);
  await waitFor('the name server', READY_LIMIT, () => askDns(server, 'acme.lab.test'), {
    signal: context.signal,
    next: hint(docker, 'dns'),
  });
}

/** One A query over UDP; undefined when no address comes back within half a second. Node's own resolver has no such short limit. */
function askDns(server: string, name: string): Promise<true | undefined> {
  const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  const header = Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  const query = Buffer.concat([header, ...labels, Buffer.from([0, 0, 1, 0, 1])]);
  return new Promise((resolve) => {
    const socket = dgram.createSocket('udp4');
    const end = (found: true | undefined) => {
      clearTimeout(limit);
      socket.close();
      resolve(found);
    };
    const limit = setTimeout(() => end(undefined), 500);
    socket.on('error', () => end(undefined));
    socket.on('message', (answer) => end(answer.readUInt16BE(6) > 0 ? true : undefined));
    socket.send(query, 53, server);
  });
}

const hostsText = (records: Map<string, string>) => [...records].map(([name, ip]) => `${ip} ${name}\n`).join('');

/** Replaces the names that the lab's name server knows (name to address). */
export async function writeRecords(docker: Docker, records: Map<string, string>): Promise<void> {
  const script = `cat >${HOSTS_FILE} && kill -HUP 1`; // process 1 is dnsmasq, which then reads the folder again
  await docker.run(['exec', '-i', containerName('dns'), 'sh', '-c', script], { input: hostsText(records) });
}

/** Starts the certificate authority; waits until it answers. */
export async function startAcme(context: Context, docker: Docker, network: string, image: string): Promise<void> {
  await runService(docker, network, 'acme', image, ['acme.sh', `${address(network, SERVICE_BYTE.dns)}:53`]);
  await waitAcme(context, docker, network);
}

/** Waits until the certificate authority answers; returns its root certificate as PEM. */
export async function waitAcme(context: Context, docker: Docker, network: string): Promise<string> {
  const host = address(network, SERVICE_BYTE.acme);
  await waitFor('the certificate authority', READY_LIMIT, () => fetchText(`https://${host}:14000/dir`), {
    signal: context.signal,
    next: hint(docker, 'acme'),
  });
  return fetchText(`https://${host}:15000/roots/0`);
}

/** The authority's own HTTPS certificate and the root of what it issues, both PEM, one after the other. */
export async function acmeTrust(context: Context, docker: Docker, network: string): Promise<string> {
  const root = await waitAcme(context, docker, network);
  const own = await docker.run(['exec', containerName('acme'), 'cat', '/var/lib/acme/server.pem']);
  return `${own.trim()}\n${root.trim()}\n`;
}

// This is where trust begins: the certificate was made a moment ago in a container of our own, on a bridge of this machine.
function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'user-agent': 'gitea-runbooks-lab' }; // the authority refuses a client that does not name itself
    const request = https.get(url, { rejectUnauthorized: false, timeout: 2000, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`${url}: HTTP ${response.statusCode}`)),
      );
    });
    request.on('timeout', () => request.destroy(new Error(`${url}: no answer within 2 s`)));
    request.on('error', reject);
  });
}
