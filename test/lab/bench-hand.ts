// The same first deploy as somebody would type it who knows every command already and waits for nothing that can wait:
// one ssh session, one stream of files, whatever can run side by side does.
// The commands are those that the product runs itself (asked from its kinds), so that only their order differs.
import type { Config } from '../../lib/config/config.types.ts';
import { quote, quoteAll } from '../../lib/core/quote.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { Spec, SpecKind } from '../../lib/core/spec.ts';
import type { FilePut, Host } from '../../lib/host/port.ts';
import { kinds } from '../../lib/kinds/index.ts';
import { measure } from './bench-run.ts';
import { type Entry, tar } from './bench-tar.ts';
import type { Lab } from './lab.ts';

/** Seconds since the start of the ssh client until each part was done. */
export interface ByHand {
  readonly packages: number;
  readonly images: number;
  readonly containers: number;
  readonly certificate: number;
  /** With the accounts too, which the product makes as well. */
  readonly accounts: number;
}

/** What a kind would do on a bare host: its scripts and the files that it puts. */
async function commandsOf(specs: readonly Spec[], kind: SpecKind) {
  const scripts: string[] = [];
  const puts: FilePut[] = [];
  const record = async ({ script = '' }) => {
    scripts.push(script);
    return { code: 0, stdout: '', stderr: '' };
  };
  const host = { label: 'paper', run: record, query: record, put: async (file: FilePut) => void puts.push(file) };
  const bare: Partial<Record<SpecKind, unknown>> = {
    packages: new Set(),
    certificate: { server: '', now: 0 },
    account: { exists: false, hasToken: false },
    compose: { wanted: undefined, containers: new Map() },
  };
  for (const spec of specs.filter((each) => each.kind === kind)) {
    type Apply = (spec: Spec, change: undefined, context: unknown, observed: unknown) => Promise<void>;
    const apply = kinds[kind].apply as unknown as Apply;
    await apply(spec, undefined, { host: host as unknown as Host, progress: () => {} }, bare[kind]);
  }
  return { scripts, puts };
}

function entryOf(spec: Spec): Entry[] {
  if (spec.kind === 'directory') return [{ type: 'directory', ...spec }];
  if (spec.kind === 'symlink')
    return [{ type: 'symlink', path: spec.path, target: spec.target, mode: '0777', uid: 0, gid: 0 }];
  if (spec.kind === 'sshd')
    return [{ type: 'file', path: spec.path, content: spec.content, mode: '0644', uid: 0, gid: 0 }];
  if (spec.kind !== 'file') return [];
  const { content } = spec;
  return [{ ...spec, type: 'file', content: content instanceof Secret ? content.reveal() : content }];
}

/** Everything in its best order. Standard input: the archive of the small files, then the one of Node. */
async function script(specs: readonly Spec[], small: number, nodeArchive: string): Promise<string> {
  const of = async (kind: SpecKind) => (await commandsOf(specs, kind)).scripts;
  // Each in a shell of its own, without the standard input that carries the files.
  const alone = (text: string) => `(\n${text}\n) </dev/null >&2`;
  const units = specs.flatMap((spec) => (spec.kind === 'unit' ? [spec.name] : []));
  const pulls = await of('images');
  return `set -eu
mark() { echo "@$1 $(date +%s%3N)"; }
exec 3<&0
head -c ${small} <&3 | tar -xpf - -C /
{ cat <&3 > ${quote(nodeArchive)}; ${alone((await of('runtime')).join('\n'))}; } & node=$!
${alone((await of('packages')).join('\n'))}
mark packages
${pulls.map((text, at) => `${alone(text)} & pull${at}=$!`).join('\n')}
${alone((await of('placeholder')).join('\n'))}
{ systemctl daemon-reload; systemctl enable ${quoteAll(units)}; systemctl start ${quoteAll(units)}; sshd -t; systemctl restart ssh; } >&2 & units=$!
# The last image is certbot's: nothing waits for it before the containers are up.
${pulls
  .slice(0, -1)
  .map((_, at) => `wait $pull${at}`)
  .join('\n')}
mark images
${alone((await of('compose')).join('\n'))}
wait $pull${pulls.length - 1}
mark containers
${alone((await of('certificate')).join('\n'))}
wait $node
wait $units
mark certificate
${(await of('account')).map((text) => alone(text)).join('\n')}
mark accounts`;
}

/** Do it by hand on the bare host of the lab. `specs` are what the config wants of it. */
export async function byHand(lab: Lab, config: Config, specs: readonly Spec[]): Promise<ByHand> {
  const [node] = (await commandsOf(specs, 'runtime')).puts;
  const small = tar(specs.flatMap(entryOf));
  const input = Buffer.concat([small, node!.content as Uint8Array]);
  const ssh = ['ssh', '-i', lab.identityFile, '-o', `UserKnownHostsFile=${lab.knownHostsPath}`, '-o', 'BatchMode=yes'];
  const typed = await script(specs, small.length, node!.path);
  const started = Date.now();
  const { stdout } = await measure([...ssh, '-p', `${config.host.port}`, `root@${config.host.address}`, typed], {
    input,
  });
  // The lab's host shares this machine's clock.
  const at = (name: string) => (Number(new RegExp(`^@${name} (\\d+)$`, 'm').exec(stdout)?.[1]) - started) / 1000;
  const [packages, images, containers] = [at('packages'), at('images'), at('containers')];
  return { packages, images, containers, certificate: at('certificate'), accounts: at('accounts') };
}
