import { loginOf } from '../core/database-login.ts';
import type { Secret } from '../core/secret.ts';
import { givenSecret } from '../core/secrets.ts';
import { addressesOf } from './addresses.ts';
import { maxConnections } from './database.ts';
import { givenSettings } from './given-settings.ts';
import type { DesiredInput } from './phase.ts';

/** One setting of Gitea. */
export interface Setting {
  readonly section: string;
  readonly key: string;
  readonly value: string | Secret;
  readonly why?: string;
}

/** Everything that app.ini says, in its order. Paths are those of the rootless image. */
export function appIniLines(input: DesiredInput): readonly Setting[] {
  return [
    ...general(input),
    ...server(input),
    ...database(input),
    ...security(input),
    ...behaviour(input),
    ...signIn(input),
    ...mailer(input),
    ...upkeep(),
    ...paths(),
    ...givenSettings(input),
  ];
}

function general({ config }: DesiredInput): Setting[] {
  return section('', [
    ['APP_NAME', config.gitea.title],
    ['RUN_USER', 'git'],
    ['RUN_MODE', 'prod'],
    [
      'WORK_PATH',
      workPath,
      'Gitea writes it into the file itself where it is missing, and cannot: the file is read-only.',
    ],
  ]);
}

function server({ config, secrets }: DesiredInput): Setting[] {
  const { domain, gitea } = config;
  return section('server', [
    ['PROTOCOL', 'http'],
    ['HTTP_PORT', '3000'],
    ['DOMAIN', domain],
    ['ROOT_URL', `https://${domain}/`],
    ['APP_DATA_PATH', workPath],
    ['SSH_DOMAIN', domain],
    ['DISABLE_SSH', 'false'],
    [
      'START_SSH_SERVER',
      'true',
      "Gitea's own SSH server: 2222 in the container, and the published port in the clone addresses.",
    ],
    ['SSH_LISTEN_PORT', '2222'],
    ['SSH_PORT', String(gitea.sshPort)],
    [
      'SSH_SERVER_USE_PROXY_PROTOCOL',
      'true',
      'All SSH connections come by our proxy, which says who the client is. Others are refused.',
    ],
    ['BUILTIN_SSH_SERVER_USER', 'git'],
    ['LFS_START_SERVER', 'true'],
    ['LFS_JWT_SECRET', secrets.gitea_lfs_jwt_secret],
  ]);
}

function database({ secrets }: DesiredInput): Setting[] {
  const { role, password } = loginOf(secrets.postgres_password);
  return section('database', [
    ['DB_TYPE', 'postgres'],
    ['HOST', 'database:5432'],
    ['NAME', 'gitea'],
    ['USER', role],
    ['PASSWD', password],
    ['SSL_MODE', 'disable', 'The connection never leaves the internal network of this host.'],
    [
      'MAX_OPEN_CONNS',
      String(Math.floor(maxConnections * 0.6)),
      'Below max_connections of the database, so that backups and checks always find a free one.',
    ],
    [
      'AUTO_MIGRATION',
      'false',
      'A newer Gitea must not migrate the database by mere accident of starting; `update` does that on purpose.',
    ],
  ]);
}

function security({ config, secrets }: DesiredInput): Setting[] {
  return [
    ...section('security', [
      ['INSTALL_LOCK', 'true'],
      ['SECRET_KEY', secrets.gitea_secret_key, 'Without a key of its own Gitea uses a published default.'],
      ['INTERNAL_TOKEN', secrets.gitea_internal_token],
      [
        'REVERSE_PROXY_TRUSTED_PROXIES',
        `${addressesOf(config.network.subnet).proxy}/32`,
        'Only our proxy may tell who the client is, and it is one hop.',
      ],
      ['REVERSE_PROXY_LIMIT', '1'],
      ['DISABLE_GIT_HOOKS', 'true', 'Whoever may edit hooks runs programs as the server.'],
      ['IMPORT_LOCAL_PATHS', 'false', 'Nobody imports a repository from a folder of the server.'],
    ]),
    ...section('oauth2', [['JWT_SECRET', secrets.gitea_oauth2_jwt_secret]]),
    ...section('service', [
      ['DISABLE_REGISTRATION', 'true', 'People are added by an administrator.'],
      ['REQUIRE_SIGNIN_VIEW', String(config.gitea.requireSignIn)],
    ]),
    ...section('session', [
      ['PROVIDER', 'db', 'In memory, the default, each restart would log everyone out.'],
      ['PROVIDER_CONFIG', `${workPath}/data/sessions`],
      ['COOKIE_SECURE', 'true'],
      ['SAME_SITE', 'lax'],
    ]),
    ...section('webhook', [
      ['ALLOWED_HOST_LIST', 'external', 'Webhooks reach the Internet, and nothing in the networks of this host.'],
    ]),
    ...section('migrations', [['ALLOW_LOCALNETWORKS', 'false', 'So do migrations and mirrors.']]),
  ];
}

function behaviour({ secrets }: DesiredInput): Setting[] {
  return [
    ...section('metrics', [
      ['ENABLED', 'true'],
      ['TOKEN', secrets.gitea_metrics_token],
    ]),
    ...section('log', [
      ['MODE', 'console'],
      ['LEVEL', 'Info'],
      ['ROOT_PATH', `${workPath}/data/log`],
    ]),
    ...section('cron.update_checker', [['ENABLED', 'false', 'The server calls no third party by itself.']]),
    ...section('other', [
      ['SHOW_FOOTER_VERSION', 'false', 'Which version runs is not told to everybody.'],
      ['SHOW_FOOTER_TEMPLATE_LOAD_TIME', 'false'],
    ]),
    ...section('picture', [
      ['DISABLE_GRAVATAR', 'true', "Nor do its readers' browsers."],
      ['ENABLE_FEDERATED_AVATAR', 'false'],
      ['AVATAR_UPLOAD_PATH', `${workPath}/data/avatars`],
      ['REPOSITORY_AVATAR_UPLOAD_PATH', `${workPath}/data/repo-avatars`],
    ]),
  ];
}

/** The first two only where they differ from what Gitea does by itself: an older one does not know them. */
function signIn({ config: { gitea } }: DesiredInput): Setting[] {
  const { twoFactor, passwordForm, autoRegister, accountLinking, username } = gitea.signIn;
  return [
    ...section('security', twoFactor === 'required' ? [['TWO_FACTOR_AUTH', 'enforced']] : []),
    ...section('service', passwordForm ? [] : [['ENABLE_PASSWORD_SIGNIN_FORM', 'false']]),
    ...section('oauth2_client', [
      ['ENABLE_AUTO_REGISTRATION', String(autoRegister)],
      ['ACCOUNT_LINKING', accountLinking],
      ['USERNAME', username],
    ]),
  ];
}

/** What Gitea calls the ways to encrypt. */
const protocols = { smtps: 'smtps', starttls: 'smtp+starttls', none: 'smtp' } as const;

/** Nothing without `mail`: then Gitea sends none. */
function mailer({ config: { mail }, secrets }: DesiredInput): Setting[] {
  if (!mail) return [];
  return [
    ...section('mailer', [
      ['ENABLED', 'true'],
      ['PROTOCOL', protocols[mail.tls]],
      ['SMTP_ADDR', mail.host],
      ['SMTP_PORT', String(mail.port)],
      ['FROM', mail.from],
      ...(mail.user === undefined ? [] : [['USER', mail.user] as const]),
      ...(mail.password === undefined ? [] : [['PASSWD', givenSecret(secrets, mail.password.secret)] as const]),
    ]),
    ...section('service', [['ENABLE_NOTIFY_MAIL', String(mail.notifications)]]),
  ];
}

const workPath = '/var/lib/gitea';
/** On the disk of the host, not in memory: uploads and archives pass through here. */
const temporary = '/tmp/gitea';

/** Git repacks once a week at a quiet hour, and never in the middle of somebody's push, which a backup may be reading. */
function upkeep(): Setting[] {
  return [
    ...section('git.config', [['receive.autogc', 'false', 'Repacking is done at a quiet hour, below.']]),
    ...section('cron.git_gc_repos', [
      ['ENABLED', 'true'],
      ['SCHEDULE', '17 4 * * 0', 'Sunday 04:17 UTC.'],
      ['TIMEOUT', '10m', 'For one repository.'],
    ]),
  ];
}

/** Where the image keeps things: what was kept there before stays where it is. */
function paths(): Setting[] {
  return [
    ...section('repository', [['ROOT', `${workPath}/git/repositories`]]),
    ...section('repository.local', [['LOCAL_COPY_PATH', `${temporary}/local-repo`]]),
    ...section('repository.upload', [['TEMP_PATH', `${temporary}/uploads`]]),
    ...section('attachment', [['PATH', `${workPath}/data/attachments`]]),
    ...section('lfs', [['PATH', `${workPath}/git/lfs`]]),
  ];
}

type Entry = readonly [key: string, value: string | Secret, why?: string];

const section = (name: string, entries: readonly Entry[]): Setting[] =>
  entries.map(([key, value, why]) => ({ section: name, key, value, ...(why === undefined ? {} : { why }) }));
