/** The first app.ini of a container: rendered only where there is none. */
import { atLeast, type Release } from './release.ts';

type Env = Record<string, string | undefined>;

/** Plain variables with the image's defaults, as the setup script reads them. */
export function renderAppIni(env: Env, release: Release): string {
  const get = (name: string, fallback = ''): string => env[name] || fallback;
  const work = get('GITEA_WORK_DIR', '/var/lib/gitea');
  const temp = get('GITEA_TEMP', '/tmp/gitea');
  const user = get('USER', 'git');
  const sshPort = get('SSH_PORT', '2222');
  // INSTALL_LOCK follows a given SECRET_KEY, but only where it was not set itself.
  const lock = get('INSTALL_LOCK', get('SECRET_KEY') === '' ? 'false' : 'true');
  const lines = [
    `APP_NAME = ${get('APP_NAME', 'Gitea: Git with a cup of tea')}`,
    `RUN_USER = ${user}`,
    `RUN_MODE = ${get('RUN_MODE', 'prod')}`,
    `[repository]\nROOT = ${work}/git/repositories`,
    `[repository.local]\nLOCAL_COPY_PATH = ${temp}/local-repo`,
    `[repository.upload]\nTEMP_PATH = ${temp}/uploads`,
    `[server]\nAPP_DATA_PATH = ${work}`,
    `SSH_DOMAIN = ${get('SSH_DOMAIN', 'localhost')}`,
    `HTTP_PORT = ${get('HTTP_PORT', '3000')}`,
    `ROOT_URL = ${get('ROOT_URL')}`,
    `DISABLE_SSH = ${get('DISABLE_SSH', 'false')}`,
    '; only the server built into gitea can be used here\nSTART_SSH_SERVER = true',
    `SSH_PORT = ${sshPort}`,
    `SSH_LISTEN_PORT = ${get('SSH_LISTEN_PORT', sshPort)}`,
    `BUILTIN_SSH_SERVER_USER = ${user}`,
    `LFS_START_SERVER = ${get('LFS_START_SERVER')}`,
    `[database]\nPATH = ${work}/data/gitea.db`,
    `DB_TYPE = ${get('DB_TYPE', 'sqlite3')}`,
    `HOST = ${get('DB_HOST', 'localhost:3306')}`,
    `NAME = ${get('DB_NAME', 'gitea')}`,
    `USER = ${get('DB_USER', 'root')}`,
    `PASSWD = ${get('DB_PASSWD')}`,
    `[session]\nPROVIDER_CONFIG = ${work}/data/sessions`,
    `[picture]\nAVATAR_UPLOAD_PATH = ${work}/data/avatars`,
    `REPOSITORY_AVATAR_UPLOAD_PATH = ${work}/data/repo-avatars`,
    `[attachment]\nPATH = ${work}/data/attachments`,
    `[log]\nROOT_PATH = ${work}/data/log`,
    `[security]\nINSTALL_LOCK = ${lock}`,
    `SECRET_KEY = ${get('SECRET_KEY')}`,
    // Every peer was believed until 1.26.3 (CVE-2026-20896).
    ...(atLeast(release, 1, 26, 3) ? [] : ['REVERSE_PROXY_LIMIT = 1', 'REVERSE_PROXY_TRUSTED_PROXIES = *']),
    `[service]\nDISABLE_REGISTRATION = ${get('DISABLE_REGISTRATION', 'false')}`,
    `REQUIRE_SIGNIN_VIEW = ${get('REQUIRE_SIGNIN_VIEW', 'false')}`,
    `[lfs]\nPATH = ${work}/git/lfs`,
  ];
  return `${lines.join('\n').replaceAll('\n[', '\n\n[')}\n`;
}
