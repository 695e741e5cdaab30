import { probeEmail, probeUser } from '../../core/probe-account.ts';
import { isDaily, subnetContains } from '../grammar/index.ts';
import { cut } from '../problem.ts';
import { type Draft, error, type Finding } from './finding.ts';
import { mailTogether } from './mail-rules.ts';
import { signInTogether } from './sign-in-rules.ts';
import { sourcesTogether } from './source-rules.ts';

/** Rules between values. Each is silent while a value that it needs is missing or wrong by itself. */
export function crossFindings(draft: Draft): Finding[] {
  return [
    probe(draft),
    probeMail(draft),
    hostPort(draft),
    sshPort(draft),
    staging(draft),
    subnet(draft),
    pushSize(draft),
    renewal(draft),
    samePath(draft),
    ...mailTogether(draft),
    ...signInTogether(draft),
    ...sourcesTogether(draft),
  ].filter((finding) => finding !== undefined);
}

/** Gitea tells accounts apart by neither case of letters. */
function probe({ admin }: Draft): Finding | undefined {
  if (admin?.username?.toLowerCase() !== probeUser) return undefined;
  return error('admin.username', `is ${admin.username}, the account of the checks, allowed is any other name`);
}

function probeMail({ admin, domain }: Draft): Finding | undefined {
  if (domain === undefined || admin?.email?.toLowerCase() !== probeEmail(domain)) return undefined;
  return error('admin.email', `is ${cut(admin.email)}, the address of the checks' account, allowed is any other one`);
}

function hostPort({ host }: Draft): Finding | undefined {
  if (host?.port !== 80 && host?.port !== 443) return undefined;
  return error('host.port', `is ${host.port}, where the proxy serves HTTP, allowed is any other port, for example 22`);
}

function sshPort({ gitea, host }: Draft): Finding | undefined {
  const port = gitea?.sshPort;
  const path = 'gitea.sshPort';
  if (port === 80 || port === 443)
    return error(path, `is ${port}, where the proxy serves HTTP, allowed is any other port, for example 2222`);
  if (port === 8081)
    return error(path, 'is 8081, where the proxy tells its own status, allowed is any other port, for example 2222');
  if (port === undefined || port !== host?.port) return undefined;
  return error(
    path,
    `is ${port}, where the host's own SSH server listens (host.port), allowed is any other port, for example 2223`,
    { other: 'host.port' },
  );
}

function staging({ tls }: Draft): Finding | undefined {
  if (!tls?.staging || tls.directory === undefined) return undefined;
  return error(
    'tls.directory',
    "is set together with tls.staging: true, allowed is one of them - staging belongs to Let's Encrypt",
  );
}

function subnet({ network, host }: Draft): Finding | undefined {
  const value = network?.subnet;
  if (value === undefined || host?.address === undefined) return undefined;
  if (!subnetContains(value, host.address)) return undefined;
  return error(
    'network.subnet',
    `is ${value}, which holds host.address ${cut(host.address)}, allowed is a private network that is not in use yet`,
    { other: 'host.address' },
  );
}

function pushSize({ verify, proxy }: Draft): Finding | undefined {
  const limit = proxy?.maxUploadSize === undefined ? undefined : bytesOf(proxy.maxUploadSize);
  if (verify?.pushSizeMiB === undefined || limit === undefined || limit === 0) return undefined;
  if (verify.pushSizeMiB * 1024 ** 2 < limit) return undefined;
  return error(
    'verify.pushSizeMiB',
    `is ${verify.pushSizeMiB} MiB, which the proxy would refuse (proxy.maxUploadSize is ${proxy?.maxUploadSize}), allowed is less than that limit`,
    { other: 'proxy.maxUploadSize' },
  );
}

function renewal({ tls }: Draft): Finding | undefined {
  const value = tls?.renewCalendar;
  if (value === undefined || isDaily(value)) return undefined;
  const message = `is ${cut(value)}, which does not come every day`;
  const path = 'tls.renewCalendar';
  return tls?.profile === 'shortlived'
    ? error(
        path,
        `${message}, allowed for a certificate of 160 hours is at least once a day, for example *-*-* 03,15:27:00`,
      )
    : {
        path,
        severity: 'warning',
        message: `${message}, allowed but not safe - look at least once a day`,
      };
}

/** The secrets must not be where something else is written, or committed. */
function samePath({ secrets, host }: Draft): Finding | undefined {
  if (secrets?.file === undefined || secrets.file !== host?.knownHosts) return undefined;
  return error(
    'secrets.file',
    `is ${cut(secrets.file)}, the same file as host.knownHosts, allowed is a file of its own`,
    {
      other: 'host.knownHosts',
    },
  );
}

/** Bytes of a size as Nginx writes it, or undefined for what is none. */
function bytesOf(size: string): number | undefined {
  const match = /^(\d+)([kmg]?)$/i.exec(size);
  if (!match) return undefined;
  return (
    Number(match[1]) * { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[match[2]!.toLowerCase() as '' | 'k' | 'm' | 'g']
  );
}
