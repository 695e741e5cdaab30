import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Lab } from './lab.ts';

/** A time of day that is far away: what comes by it does not come by itself. */
export const farAway = () => `*-*-* ${String((new Date().getUTCHours() + 12) % 24).padStart(2, '0')}:00:00`;

/**
 * What brings the backups to a place at the lab's S3 as well, for `variant`; what opens it is in the lab's secrets file from then
 * on. `key`: an access key of that name. `at`: what stands before S3.
 */
export async function offHost(lab: Lab, place: string, { key = 'lab', at = lab.aws.endpoint } = {}) {
  const secrets = path.join(lab.dir, 'gitea.secrets.yaml');
  if (!(await readFile(secrets, 'utf8')).includes('backup_access_key'))
    await appendFile(secrets, "backup_access_key: 'lab-only'\n");
  const environment = { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: { secret: 'backup_access_key' } };
  return { 'backup.remote': { repository: `s3:${at}/${place}`, environment } };
}
