import { posix } from 'node:path';
import type { Config } from '../config/config.types.ts';
import { sha256 } from '../core/hash.ts';
import type { GenerationsSpec, Spec } from '../core/spec.ts';
import { stableJson } from '../render/words.ts';
import { layout } from './layout.ts';
import type { DesiredInput, Phase } from './phase.ts';
import { nodeVersion, runtimeFor } from './runtime.ts';
import { specsOf } from './specs.ts';

const name = 'release';
const { file, directory } = specsOf(name);

const program = 'gitea-runbooks.mjs';

/** This very library on the host, with a Node of its own: what the timers run. */
export const release: Phase = {
  name,
  needs: ['system'],
  desired: ({ facts, assets }) => {
    const { packageName, integrity } = runtimeFor(facts.architecture);
    const folder = releaseFolder(assets);
    return [
      directory(layout.etc),
      directory(layout.state, '0750'),
      directory(layout.opt),
      directory(layout.node),
      directory(layout.releases),
      directory(folder),
      {
        kind: 'runtime',
        id: `runtime:${nodeVersion}`,
        phase: name,
        path: `${layout.node}/${nodeVersion}`,
        packageName,
        version: nodeVersion,
        integrity,
      },
      file(`${folder}/${program}`, assets.bundle),
    ];
  },
  // The key of the hashes in the labels of containers.
  secrets: () => [{ secret: 'inputs_key', fixed: true }],
  afterStart: hostJobs,
};

/** Where this release lies on a host. */
export const releaseFolder = ({ bundle }: DesiredInput['assets']) =>
  `${layout.releases}/${sha256(bundle).slice(0, 16)}`;

/**
 * What the host's own jobs go by: the config, and the program that reads it. Both follow the containers, so that where a
 * deploy fails at these the jobs go on with what fits the ones that run.
 */
function hostJobs({ config, assets }: DesiredInput, phase: string): Spec[] {
  return [
    specsOf(phase).file(layout.config, stableJson(hostConfig(config))),
    { kind: 'symlink', id: `symlink:${layout.current}`, phase, path: layout.current, target: releaseFolder(assets) },
    versions(phase, layout.releases, program, posix.basename(releaseFolder(assets))),
    versions(phase, layout.node, '.integrity', nodeVersion),
  ];
}

const versions = (phase: string, directory: string, mark: string, keep: string): GenerationsSpec => ({
  ...{ kind: 'generations', id: `generations:${directory}`, phase },
  ...{ directory, mark, keep },
});

/**
 * The config as the host's own jobs read it. What belongs to an operator (login, paths on the own machine) is left out or
 * made neutral: it means nothing there, and two operators must not undo each other's file. To itself every host exists.
 */
export function hostConfig(config: Config): Config {
  const {
    identityFile: _key,
    proxyCommand: _way,
    ...host
  } = config.host as Config['host'] & { proxyCommand?: unknown };
  const { caBundle, ...tls } = config.tls;
  const { profile: _profile, ...aws } = config.aws ?? {};
  return {
    ...config,
    ...(config.aws ? { aws: { ...(aws as typeof config.aws), inventory: 'gitea.inventory.json' } } : {}),
    host: { ...host, provider: 'existing', user: 'root', knownHosts: 'gitea.known_hosts' },
    tls: { ...tls, ...(caBundle === undefined ? {} : { caBundle: layout.caBundle }) },
    secrets: { ...config.secrets, file: 'gitea.secrets.yaml' },
  };
}
