/** The config key that decides a setting, or why it is not to be had. */
type Owner = { readonly key: string } | { readonly kept: string };

const key = (name: string): Owner => ({ key: name });
const kept = (why = 'which the deploy sets itself'): Owner => ({ kept: why });
const twice = kept('another form of what the deploy sets itself');

const mailed = key('mail');
const unencrypted = kept('with which somebody in between could read the password');
const proxied = kept('and the deploy has a proxy in front of Gitea do that');

/**
 * Settings that the deploy decides, by section ("" for what stands before the first one). What it writes is all here (a
 * test compares the two), and beside it what would undo that: older names, and other ways to say the same.
 */
const owners: Readonly<Record<string, Readonly<Record<string, Owner>>>> = {
  '': { APP_NAME: key('gitea.title'), RUN_USER: kept(), RUN_MODE: kept(), WORK_PATH: kept() },
  server: {
    ...{ DOMAIN: key('domain'), ROOT_URL: key('domain'), SSH_DOMAIN: key('domain'), SSH_PORT: key('gitea.sshPort') },
    ...{ PROTOCOL: kept(), HTTP_ADDR: kept(), HTTP_PORT: kept(), APP_DATA_PATH: kept(), LOCAL_ROOT_URL: kept() },
    ...{ DISABLE_SSH: kept(), START_SSH_SERVER: kept(), SSH_LISTEN_HOST: kept(), SSH_LISTEN_PORT: kept() },
    ...{ BUILTIN_SSH_SERVER_USER: kept(), LFS_START_SERVER: kept(), LFS_JWT_SECRET: kept() },
    ...{ LFS_JWT_SECRET_URI: twice, LFS_CONTENT_PATH: twice },
    ...{ ENABLE_ACME: proxied, ENABLE_LETSENCRYPT: proxied, REDIRECT_OTHER_PORT: proxied },
    ...{ USE_PROXY_PROTOCOL: proxied, LOCAL_USE_PROXY_PROTOCOL: proxied, SSH_SERVER_USE_PROXY_PROTOCOL: proxied },
  },
  database: {
    ...{ DB_TYPE: kept(), HOST: kept(), NAME: kept(), USER: kept(), PASSWD: kept(), SSL_MODE: kept() },
    ...{ SCHEMA: kept(), MAX_OPEN_CONNS: kept(), AUTO_MIGRATION: kept() },
  },
  security: {
    ...{ INSTALL_LOCK: kept(), SECRET_KEY: kept(), INTERNAL_TOKEN: kept(), DISABLE_GIT_HOOKS: kept() },
    ...{ SECRET_KEY_URI: twice, INTERNAL_TOKEN_URI: twice, IMPORT_LOCAL_PATHS: kept() },
    ...{ REVERSE_PROXY_TRUSTED_PROXIES: key('network.subnet'), REVERSE_PROXY_LIMIT: kept() },
    TWO_FACTOR_AUTH: key('gitea.signIn.twoFactor'),
  },
  oauth2_client: {
    ...{ ENABLE_AUTO_REGISTRATION: key('gitea.signIn.autoRegister'), USERNAME: key('gitea.signIn.username') },
    ACCOUNT_LINKING: key('gitea.signIn.accountLinking'),
  },
  oauth2: { JWT_SECRET: kept(), JWT_SECRET_URI: twice },
  service: {
    ...{ DISABLE_REGISTRATION: kept(), REQUIRE_SIGNIN_VIEW: key('gitea.requireSignIn') },
    ENABLE_NOTIFY_MAIL: key('mail.notifications'),
    ENABLE_PASSWORD_SIGNIN_FORM: key('gitea.signIn.passwordForm'),
    ENABLE_REVERSE_PROXY_AUTHENTICATION: kept('with which anybody could say who he is: the proxy takes no headers out'),
    ENABLE_REVERSE_PROXY_AUTHENTICATION_API: kept('with which anybody could say who he is'),
  },
  mailer: {
    ...{ ENABLED: mailed, PROTOCOL: key('mail.tls'), SMTP_ADDR: key('mail.host'), SMTP_PORT: key('mail.port') },
    ...{ FROM: key('mail.from'), USER: key('mail.user'), PASSWD: key('mail.password') },
    ...{ MAILER_TYPE: mailed, HOST: key('mail.host'), IS_TLS_ENABLED: key('mail.tls') },
    ...{ FORCE_TRUST_SERVER_CERT: unencrypted, SKIP_VERIFY: unencrypted },
  },
  session: { PROVIDER: kept(), PROVIDER_CONFIG: kept(), COOKIE_SECURE: kept(), SAME_SITE: kept() },
  webhook: { ALLOWED_HOST_LIST: kept() },
  migrations: { ALLOW_LOCALNETWORKS: kept() },
  metrics: { ENABLED: kept(), TOKEN: kept() },
  log: { MODE: kept(), LEVEL: kept(), ROOT_PATH: kept() },
  'cron.update_checker': { ENABLED: kept() },
  other: { SHOW_FOOTER_VERSION: kept(), SHOW_FOOTER_TEMPLATE_LOAD_TIME: kept() },
  picture: {
    ...{ DISABLE_GRAVATAR: kept(), ENABLE_FEDERATED_AVATAR: kept() },
    ...{ AVATAR_UPLOAD_PATH: kept(), REPOSITORY_AVATAR_UPLOAD_PATH: kept() },
  },
  'git.config': { 'receive.autogc': kept() },
  'cron.git_gc_repos': { ENABLED: kept(), SCHEDULE: kept(), TIMEOUT: kept() },
  repository: { ROOT: kept() },
  'repository.local': { LOCAL_COPY_PATH: kept() },
  'repository.upload': { TEMP_PATH: kept() },
  attachment: { PATH: kept() },
  lfs: { PATH: kept() },
};

const known = new Map(
  Object.entries(owners).flatMap(([section, keys]) =>
    Object.entries(keys).map(([name, owner]) => [`${section}.${name}`.toLowerCase(), owner] as const),
  ),
);

/**
 * Who decides a setting of app.ini, or undefined. Gitea tells names apart by their case, but another case of one of these
 * is a setting that it does not read, or (in `git.config`) one that git reads all the same.
 */
export function ownerOf(section: string, name: string): Owner | undefined {
  return known.get(`${section}.${name}`.toLowerCase());
}

/** The name of what stands before the first section. */
export const nameless = 'DEFAULT';
