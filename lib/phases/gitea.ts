import { render } from '../render/render.ts';
import { composeWord } from '../render/words.ts';
import { addressesOf, numbers } from './addresses.ts';
import { appIni, appIniFile, appIniRead, appIniTarget, oldAppInis } from './app-ini.ts';
import { healthOf } from './health.ts';
import { dataPaths, users } from './layout.ts';
import { mailCheck } from './mail.ts';
import type { DesiredInput, Phase } from './phase.ts';
import { specsOf } from './specs.ts';

const name = 'gitea';
const { directory } = specsOf(name);

/** For the versions that let their work end, by default within 60 s. */
const grace = 75;

/** Gitea: its folders here, its service in the compose file. */
export const gitea: Phase = {
  name,
  needs: ['database'],
  desired: ({ config }) => {
    const paths = dataPaths(config);
    return [
      directory(paths.gitea),
      directory(paths.giteaData, '0750', users.gitea),
      // app.ini holds the secrets in clear.
      directory(paths.giteaConfig, '0700', users.gitea),
      directory(paths.giteaTmp, '0700', users.gitea),
    ];
  },
  services: ({ images }) => [
    {
      name,
      image: images.gitea,
      impact: 'restart',
      data: 'gitea/data',
      address: numbers.gitea,
      uses: ['database'],
      grace,
      memory: { least: 640, share: 3 / 8, most: 24576 },
      reads: (input) => [appIniRead(input)],
      text: giteaService,
    },
  ],
  secrets: () => [
    {
      secret: 'gitea_secret_key',
      bound:
        'the kept SECRET_KEY is another one than that of the host: two-factor logins and stored credentials that the one in use encrypted would be lost',
    },
    { secret: 'gitea_internal_token' },
    { secret: 'gitea_oauth2_jwt_secret' },
    { secret: 'gitea_lfs_jwt_secret' },
    { secret: 'gitea_metrics_token' },
  ],
  checks: ({ mail }) => (mail ? [mailCheck(mail)] : []),
  // What it says of the database is true by then.
  beforeStart: appIniFile,
  afterStart: (input, phase) => (input.replacing ? [] : [oldAppInis(input, phase)]),
};

/** The service `gitea` of the compose file. */
function giteaService(input: DesiredInput, limitMiB: number): string {
  const template = 'compose/gitea.yaml';
  const { config } = input;
  const { folder, hash } = appIni(input);
  return render(template, input.assets.templates(template), {
    q: composeWord,
    image: config.images.gitea,
    limitMiB,
    grace,
    startTimeout: config.gitea.startTimeout,
    addresses: addressesOf(config.network.subnet),
    paths: dataPaths(config),
    appIni: { source: folder, target: appIniTarget },
    health: healthOf(input),
    inputs: hash,
  });
}
