import { isReference } from '../config/rules/index.ts';
import { quote } from '../core/quote.ts';
import { Secret } from '../core/secret.ts';
import { givenSecret } from '../core/secrets.ts';
import type { ClaimSpec, ReplicationSpec, Spec } from '../core/spec.ts';
import { render } from '../render/render.ts';
import { composeWord } from '../render/words.ts';
import { backupChecks, backupMark, backupStatus } from './backup-watch.ts';
import { placeOf } from './database.ts';
import { drillStatus } from './drill-watch.ts';
import { backupPaths, dataPaths, layout, users } from './layout.ts';
import type { DesiredInput, Phase, SecretFile } from './phase.ts';
import { secretPath } from './secrets.ts';
import { specsOf } from './specs.ts';

const name = 'backup';
const { file, directory } = specsOf(name);

/** Who streams the log of the database, and the slot that keeps it for them. */
export const stream = { role: 'gitea_backup', slot: 'gitea_backup' } as const;

/** The receiver ends with the next message that it writes. */
const grace = 15;

const password: SecretFile = { secret: 'replication_password', reader: { name: 'wal', uid: users.postgres } };
const key: SecretFile = {
  secret: 'backup_key',
  bound: 'the kept key of the backups is another one than that of the host: nobody could open those that exist',
};

/** What keeps the backups on the host, and the receiver of the database's log. */
export const backup: Phase = {
  name,
  needs: ['database', 'gitea'],
  desired: (input) => (input.config.backup.enabled ? wanted(input) : []),
  services: ({ backup, images }) =>
    backup.enabled
      ? [
          {
            name: 'wal',
            image: images.postgres,
            impact: 'none',
            uses: ['database'],
            grace,
            memory: { least: 48, share: 1 / 64, most: 256 },
            text: walService,
          },
        ]
      : [],
  secrets: ({ backup }) => (backup.enabled ? [password, key] : []),
  images: ({ backup, images }) => (backup.enabled ? [images.restic] : []),
  memory: ({ backup }) => (backup.enabled ? [{ who: name, least: 128, share: 1 / 12, most: 1024 }] : []),
  beforeStart: (input, phase) => (input.config.backup.enabled ? [replication(input, phase)] : []),
  // Nobody streams any more by then.
  afterStart: (input, phase) => (input.config.backup.enabled ? [] : [replication(input, phase)]),
  checks: backupChecks,
  status: (config) => [...drillStatus(config), ...backupStatus(config)],
};

/** Where the address of the repository off the host and what is needed to get there stand; for root alone. */
export const remoteFile = `${layout.etc}/backup-remote.env`;

/** The key of the backups as a file on the host. */
export const backupKeyFile = `${layout.secrets}/backup_key`;

function wanted(input: DesiredInput): Spec[] {
  const { config } = input;
  const paths = backupPaths(config);
  return [
    directory(paths.root, '0700'),
    claim(paths.root),
    ...[paths.archive, paths.recent, paths.cache, paths.stage, paths.generations].map((path) =>
      directory(path, '0700'),
    ),
    // On the disk of the data, which is where a restore works.
    directory(dataPaths(config).drill, '0700'),
    directory(paths.wal, '0700', users.postgres),
    directory(paths.base, '0700', users.postgres),
    ...(config.backup.remote ? [file(remoteFile, remoteText(input), { mode: '0400' })] : []),
  ];
}

const claim = (path: string): ClaimSpec => ({
  ...{ kind: 'claim', id: `claim:${path}`, phase: name, path, key: 'backup.local.path' },
  mark: backupMark,
  text: 'Backups of Gitea, made by gitea-runbooks. This file tells the next deploy that the directory is its own.\n',
});

/** Shell that sets the environment of restic. */
export function remoteText({ config, secrets }: DesiredInput): Secret {
  const { repository, environment } = config.backup.remote!;
  const values = Object.entries(environment).map(([variable, value]) => [
    variable,
    isReference(value) ? givenSecret(secrets, value.secret).reveal() : String(value),
  ]);
  const lines = [['REMOTE', repository.replace(/\/+$/, '')], ...values];
  return new Secret(
    'backup.remote',
    lines.map(([variable, value]) => `export ${variable}=${quote(value!)}\n`).join(''),
  );
}

function replication({ config, secrets }: DesiredInput, phase: string): ReplicationSpec {
  return {
    ...{ kind: 'replication', id: 'replication', phase, ...stream, ...placeOf(config) },
    password: config.backup.enabled ? secrets.replication_password : undefined,
  };
}

/** The service `wal` of the compose file. */
function walService(input: DesiredInput, limitMiB: number): string {
  const template = 'compose/wal.yaml';
  return render(template, input.assets.templates(template), {
    q: composeWord,
    image: input.config.images.postgres,
    limitMiB,
    grace,
    ...stream,
    passwordFile: secretPath(password, input.secrets),
    paths: backupPaths(input.config),
  });
}
