/** app.ini as the server and the command line see it. Reading it may write it: missing secrets are generated. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { goPathError } from './config-env.ts';
import { formatIni, getKey, type Ini, parseIni, setKey } from './ini.ts';
import { fatal, setLogLevel } from './log.ts';
import { checkPolicies } from './policies.ts';
import { jwtSecretBytes, loadSecret, newInternalToken, newJwtSecret } from './secrets.ts';
import { boolOf, lfsEnabled, type Settings } from './values.ts';

export function readIniFile(file: string): Ini {
  if (!existsSync(file)) return parseIni('');
  return parseIni(readFileSync(file, 'utf8'));
}

/** Gitea's Save: writes, then takes the rights of others away. Throws where the file cannot be written. */
export function saveKey(s: Settings, section: string, key: string, value: string): void {
  setKey(s.ini, section, key, value);
  const fresh = readIniFile(s.file);
  setKey(fresh, section, key, value);
  if (!existsSync(s.file)) mkdirSync(dirname(s.file), { recursive: true });
  try {
    writeFileSync(s.file, formatIni(fresh));
  } catch (error) {
    throw new Error(`failed to save "${s.file}": ${goPathError(error)}`);
  }
  if ((statSync(s.file).mode & 0o777) > 0o600) chmodSync(s.file, 0o600);
}

const ROOT_REFUSED =
  'Gitea is not supposed to be run as root. Sorry. If you need to use privileged TCP ports please instead use setcap and the `cap_net_bind_service` permission';

/** Loads what every command loads. Ends the process with Gitea's words where Gitea would. */
export function loadSettings(file: string): Settings {
  let ini: Ini;
  try {
    ini = readIniFile(file);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ? goPathError(error) : (error as Error).message;
    fatal(
      'modules/setting/setting.go:93:InitCfgProvider()',
      `Unable to init config provider from "${file}": failed to load config file "${file}": ${why}`,
    );
  }
  const key = (section: string, name: string): string => getKey(ini, section, name) ?? '';
  const installLock = boolOf(key('security', 'INSTALL_LOCK'), false);
  if (process.getuid?.() === 0 && !boolOf(process.env.GITEA_I_AM_BEING_UNSAFE_RUNNING_AS_ROOT, false)) {
    fatal('modules/setting/setting.go:188:loadRunModeFrom()', ROOT_REFUSED);
  }
  if (installLock) {
    for (const name of Object.keys(process.env)) if (name.startsWith('GITEA__')) delete process.env[name];
  }
  setLogLevel(key('log', 'LEVEL') || 'Info');
  const workPath = key('', 'WORK_PATH') || process.env.GITEA_WORK_DIR || '/var/lib/gitea';
  const port = key('server', 'HTTP_PORT') || '3000';
  const domain = key('server', 'DOMAIN') || 'localhost';
  const { appUrl, host } = rootUrl(key('server', 'ROOT_URL') || `http://${domain}:${port}`);
  const dataPath = key('server', 'APP_DATA_PATH') || join(workPath, 'data');
  const s: Settings = {
    file,
    ini,
    appName: key('', 'APP_NAME') || 'Gitea: Git with a cup of tea',
    workPath,
    dataPath: isAbsolute(dataPath) ? dataPath : join(workPath, dataPath),
    runUser: key('', 'RUN_USER') || 'git',
    installLock,
    appUrl,
    appSubUrl: new URL(appUrl).pathname.replace(/\/$/, ''),
    domain: host || domain,
    httpAddr: key('server', 'HTTP_ADDR') || '0.0.0.0',
    httpPort: Number(port),
    internalToken: '',
    csrfSecret: Buffer.alloc(0),
    lfsSecret: Buffer.alloc(0),
  };
  secrets(s);
  checkPolicies(ini);
  return s;
}

function rootUrl(given: string): { appUrl: string; host: string } {
  try {
    const url = new URL(given); // drops default ports, as Gitea does
    return { appUrl: url.href.replace(/[?#].*$/, '').replace(/\/*$/, '/'), host: url.hostname };
  } catch (error) {
    fatal('modules/setting/server.go:300:loadServerFrom()', `Invalid ROOT_URL "${given}": ${(error as Error).message}`);
  }
}

function secrets(s: Settings): void {
  const save = (section: string, name: string, value: string, where: string, what: string): string => {
    try {
      saveKey(s, section, name, value);
    } catch (error) {
      fatal(where, `${what}: ${(error as Error).message}`);
    }
    return value;
  };
  const jwt = loadSecret(s.ini, 'oauth2', 'JWT_SECRET');
  const oauth = 'modules/setting/oauth2.go:173:loadOAuth2From()';
  if (s.installLock) {
    const good = jwtSecretBytes(jwt)
      ? jwt
      : save('oauth2', 'JWT_SECRET', newJwtSecret(), oauth, 'save oauth2.JWT_SECRET failed');
    s.csrfSecret = jwtSecretBytes(good) as Buffer;
  }
  loadSecret(s.ini, 'security', 'SECRET_KEY');
  s.internalToken = loadSecret(s.ini, 'security', 'INTERNAL_TOKEN');
  if (s.installLock && s.internalToken === '') {
    const where = 'modules/setting/security.go:94:generateSaveInternalToken()';
    s.internalToken = save('security', 'INTERNAL_TOKEN', newInternalToken(), where, 'Error saving internal token');
  }
  if (s.installLock && lfsEnabled(s)) {
    const secret = loadSecret(s.ini, 'server', 'LFS_JWT_SECRET');
    const where = 'modules/setting/setting.go:108:LoadCommonSettings()';
    const what = 'Unable to load settings from config: error saving JWT Secret for custom config';
    const good = jwtSecretBytes(secret) ? secret : save('server', 'LFS_JWT_SECRET', newJwtSecret(), where, what);
    s.lfsSecret = jwtSecretBytes(good) as Buffer;
  }
}
