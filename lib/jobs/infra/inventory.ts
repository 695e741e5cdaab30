import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { hostKeySecret } from '../../aws/cloud.ts';
import type { Outputs } from '../../aws/terraform/index.ts';
import { writeWhole } from '../../aws/terraform/workspace.ts';
import type { Inventory } from '../../config/beside/index.ts';
import { RunbookError } from '../../core/errors.ts';
import { readPins, trust } from '../../host/trust.ts';
import { ownKeyName, ownKeyPath, publicHostKey } from './keys.ts';
import type { Session } from './session.ts';

/** Account of Ubuntu's images. */
const user = 'ubuntu';

/** The path by which the host finds a volume, whatever else is attached: by the volume's own id. */
export const dataDeviceOf = (volumeId: string) =>
  `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volumeId.replace('-', '')}`;

/**
 * Reads what was made out of Terraform's outputs, and writes what the other runbooks need: the inventory, and the host's
 * key as a pin. Files that are right already are left alone. Gives the files that were written.
 */
export async function keepInventory(session: Session): Promise<{ inventory: Inventory; written: readonly string[] }> {
  const { config, aws, cloud, terraform, options } = session;
  const inventory = inventoryOf(session, await terraform.outputs());
  const written: string[] = [];
  const text = `${JSON.stringify(inventory, null, 2)}\n`;
  if (text !== (await readFile(aws.inventory, 'utf8').catch(() => undefined))) {
    await writeWhole(aws.inventory, text);
    written.push(aws.inventory);
  }
  const key = await cloud.hostKey();
  if (key === undefined) throw noHostKey(session);
  options.hide?.(key);
  const pin = publicHostKey(key);
  const target = { address: inventory.address, port: 22, knownHostsFile: config.host.knownHosts };
  const { trusted } = await readPins(target);
  if (trusted.length !== 1 || !trusted[0]?.blob.equals(pin.blob)) {
    await trust(target, pin);
    written.push(config.host.knownHosts);
  }
  warnOfMissingKey(session, inventory);
  return { inventory, written };
}

function inventoryOf({ config, aws }: Session, outputs: Outputs): Inventory {
  const text = (name: string): string | undefined => {
    const value = outputs[name]?.value;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const needed = (name: string): string => {
    const value = text(name);
    if (value !== undefined) return value;
    throw new RunbookError('changeFailed', {
      what: `Terraform's state has no output \`${name}\`: the infrastructure is not complete`,
      next: 'npx zx runbooks/infra.mjs apply, which makes the rest',
    });
  };
  const volume = needed('data_volume_id');
  const [ipv6Address, zoneId] = [text('ipv6_address'), text('zone_id')];
  return {
    version: 1,
    accountId: aws.accountId,
    region: aws.region,
    name: aws.name,
    address: needed('address'),
    ...(ipv6Address === undefined ? {} : { ipv6Address }),
    user,
    ...(ownKeyPath(config) === undefined ? {} : { identityFile: ownKeyName }),
    instanceId: needed('instance_id'),
    dataVolumeId: volume,
    dataDevice: dataDeviceOf(volume),
    backupBucket: needed('backup_bucket'),
    ...(zoneId === undefined ? {} : { zoneId }),
  };
}

function warnOfMissingKey({ aws, onEvent }: Session, { identityFile }: Inventory): void {
  if (identityFile === undefined) return;
  const path = resolve(dirname(aws.inventory), identityFile);
  if (existsSync(path)) return;
  onEvent({
    type: 'warning',
    text: `the login key ${path} is not on this machine: get it from whoever ran infra apply first, or have your own key added on the host and name it in host.identityFile`,
  });
}

function noHostKey({ aws, place }: Session): RunbookError {
  return new RunbookError('changeFailed', {
    where: place,
    what: `the secret ${hostKeySecret(aws)} has no value, so the host's key is not known`,
    next: `read it on the host's console (/etc/ssh/ssh_host_ed25519_key), put it back with aws secretsmanager put-secret-value --secret-id ${hostKeySecret(aws)} --secret-string file://FILE, then npx zx runbooks/infra.mjs output`,
  });
}
