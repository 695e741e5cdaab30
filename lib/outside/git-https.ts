import { limits } from './limits.ts';
import type { Repository } from './probe.ts';
import { roundTrip, type Transport } from './round-trip.ts';
import { pass, type Verdict } from './verdict.ts';

const mebibyte = 1024 * 1024;

function overHttps({ site, fullName, https }: Repository): Transport {
  return { url: `${site.origin}/${fullName}.git`, config: https };
}

/** Clone and push over HTTPS with the real git. */
export async function gitOverHttps(repository: Repository): Promise<Verdict> {
  await roundTrip(repository, overHttps(repository), { branch: 'https', bytes: 64 * 1024 });
  return pass('cloned, pushed, cloned again: the same content');
}

/** A large push through the proxy. */
export async function largePush(repository: Repository): Promise<Verdict> {
  const size = repository.site.config.verify.pushSizeMiB;
  const timeout = limits.git + Math.ceil(size / 10) * limits.gitPer10MiB;
  const took = await roundTrip(repository, overHttps(repository), { branch: 'large', bytes: size * mebibyte, timeout });
  const seconds = took / 1000;
  return pass(
    `${size} MiB in ${seconds.toFixed(1)} s, ${(size / seconds).toFixed(0)} MiB/s; the same content after a fresh clone`,
  );
}
