import { render } from '../render/render.ts';
import { addressesOf } from './addresses.ts';
import { databaseService, loginInUse, loginsNotInUse } from './database.ts';
import { giteaService } from './gitea.ts';
import { dataPaths, project, users } from './layout.ts';
import type { DesiredInput, Phase } from './phase.ts';
import { nginxReload, oldHoldScripts, proxyService } from './proxy.ts';
import { oldSecretFiles } from './secrets.ts';
import { specsOf } from './specs.ts';

const name = 'stack';
const { file } = specsOf(name);

/** The containers of the three phases before, as one Compose project. */
export const stack: Phase = {
  name,
  needs: ['database', 'gitea', 'proxy'],
  desired: (input) => {
    const { images, domain, gitea } = input.config;
    const paths = dataPaths(input.config);
    const text = composeText(input);
    return [
      // Everything that can fail without touching what runs comes before what touches it.
      {
        kind: 'images',
        id: 'images:stack',
        phase: name,
        refs: [images.postgres, images.gitea, images.nginx, images.certbot],
      },
      { kind: 'placeholder', id: `placeholder:${domain}`, phase: name, domain, directory: paths.tls, uid: users.proxy },
      file(paths.compose, text),
      loginInUse(input, name),
      {
        kind: 'compose',
        id: `compose:${project}`,
        phase: name,
        project,
        path: paths.compose,
        text,
        data: paths.root,
        services: [
          { name: 'database', image: images.postgres, impact: 'downtime' },
          { name: 'gitea', image: images.gitea, impact: 'restart' },
          { name: 'proxy', image: images.nginx, impact: 'restart' },
        ],
        // On top of Gitea's own time: the database's first start, and what a stop may take.
        timeout: gitea.startTimeout + 120,
      },
      nginxReload(input, name),
      oldHoldScripts(input, name),
      // What was in use before goes when nothing can need it any more.
      ...(input.replacing ? [] : [...loginsNotInUse(input, name), oldSecretFiles(input.secrets, name)]),
    ];
  },
};

/** The whole compose file. It holds no secret. */
export function composeText(input: DesiredInput): string {
  const template = 'compose/compose.yaml';
  return render(template, input.assets.templates(template), {
    project,
    services: [databaseService(input), giteaService(input), proxyService(input)].join('\n'),
    addresses: addressesOf(input.config.network.subnet),
  });
}
