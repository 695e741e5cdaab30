import { loginOf } from '../core/database-login.ts';
import { render } from '../render/render.ts';
import { composeWord } from '../render/words.ts';
import { addressesOf, numbers } from './addresses.ts';
import { maxConnections } from './database.ts';
import { healthOf } from './health.ts';
import { dataPaths, users } from './layout.ts';
import type { DesiredInput, Phase } from './phase.ts';
import { inputsOf, mountedBy } from './secrets.ts';
import { specsOf } from './specs.ts';

const name = 'gitea';
const { directory } = specsOf(name);

/** Gitea: its folders here, its service in the compose file. */
export const gitea: Phase = {
  name,
  needs: ['database'],
  desired: ({ config }) => {
    const paths = dataPaths(config);
    return [
      directory(paths.gitea),
      directory(paths.giteaData, '0750', users.gitea),
      // app.ini holds the secrets in clear once Gitea has started.
      directory(paths.giteaConfig, '0700', users.gitea),
      directory(paths.giteaTmp, '0700', users.gitea),
    ];
  },
  services: ({ images, gitea: { sshPort } }) => [
    {
      name,
      image: images.gitea,
      impact: 'restart',
      data: 'gitea/data',
      address: numbers.gitea,
      ports: [sshPort],
      memory: { least: 640, share: 3 / 8, most: 24576 },
      text: giteaService,
    },
  ],
};

/** The service `gitea` of the compose file. */
function giteaService(input: DesiredInput, limitMiB: number): string {
  const template = 'compose/gitea.yaml';
  const { config } = input;
  return render(template, input.assets.templates(template), {
    q: composeWord,
    image: config.images.gitea,
    limitMiB,
    title: config.gitea.title,
    domain: config.domain,
    sshPort: config.gitea.sshPort,
    requireSignIn: config.gitea.requireSignIn,
    startTimeout: config.gitea.startTimeout,
    databaseUser: loginOf(input.secrets.postgres_password).role,
    maxOpenConnections: Math.floor(maxConnections * 0.6),
    addresses: addressesOf(config.network.subnet),
    paths: dataPaths(config),
    secretFiles: mountedBy('gitea', input.secrets),
    health: healthOf(input),
    inputs: inputsOf('gitea', input.secrets),
  });
}
