import { at, flat, list, strings } from '../module.ts';
import type { Rule } from '../policy.ts';

const host = 'aws_instance.host';
const template = 'user-data.sh.tftpl';

/** All that user data is filled with. Whoever may describe the instance can read it. */
const filling =
  '${templatefile("${path.module}/user-data.sh.tftpl", { region = var.region secret_id = local.host_key_secret metadata_url = "http://169.254.169.254" secretsmanager_url = local.secrets_endpoint root = "" tries = 120 # five seconds apart: ten minutes })}';

/** What a private key, an access key, or a password in an assignment looks like. */
const secretLooks =
  /-----BEGIN|\b(AKIA|ASIA)[A-Z0-9]{16}\b|(password|passwd|secret_?key|token)=["']?[A-Za-z0-9+/_-]{8,}/i;

const depends = ['aws_iam_role_policy.secrets', 'aws_secretsmanager_secret_version.host_key', 'module.vpc'];

export const hostRules: readonly Rule[] = [
  {
    id: 'host-not-replaced',
    check: ({ resources }) => {
      const ignored = list(at(resources[host], 'lifecycle.ignore_changes'));
      return ['${ami}', '${user_data}']
        .filter((name) => !ignored.includes(name))
        .map((name) => [host, `a new ${name.slice(2, -1)} replaces the host at the next apply`]);
    },
  },
  {
    id: 'host-drift-seen',
    check: ({ resources }) =>
      Object.entries(resources).flatMap(([where, body]) =>
        list(at(body, 'lifecycle.ignore_changes'))
          .filter((name) => where !== host || !['${ami}', '${user_data}'].includes(String(name)))
          .map((name) => [where, `ignores changes of ${name}`] as const),
      ),
  },
  {
    id: 'host-no-own-address',
    check: ({ resources }) => [
      ...('associate_public_ip_address' in (resources[host] ?? {})
        ? [[host, 'an address of its own replaces the host when the Elastic IP comes or goes'] as const]
        : []),
      ...('instance' in (resources['aws_eip.host'] ?? {}) ? [['aws_eip.host', 'goes with the host'] as const] : []),
    ],
  },
  {
    id: 'host-waits-for-its-key',
    check: ({ resources }) => {
      const found = list(resources[host]?.depends_on);
      return depends
        .filter((name) => !found.includes(`\${${name}}`))
        .map((name) => [host, `may boot before ${name} is there`]);
    },
  },
  {
    id: 'user-data-filled-plainly',
    check: ({ resources }) =>
      flat(resources[host]?.user_data) === filling
        ? []
        : [[host, 'user data is filled with something that no rule has looked at']],
  },
  {
    id: 'user-data-clean',
    check: ({ texts }) => (secretLooks.test(texts[template] ?? '') ? [[template, 'there is a secret in it']] : []),
  },
  {
    id: 'user-data-imdsv2',
    check: ({ texts }) => {
      const text = texts[template] ?? '';
      return /--request PUT/.test(text) && /X-aws-ec2-metadata-token:/.test(text) && /^set -eu$/m.test(text)
        ? []
        : [[template, 'asks the metadata service without a token, or goes on after an error']];
    },
  },
  {
    id: 'no-provisioner',
    check: ({ resources }) =>
      Object.entries(resources)
        .filter(([, body]) => 'provisioner' in body || 'connection' in body)
        .map(([where]) => [where, 'runs commands: that is the work of the deploy']),
  },
  {
    id: 'volume-is-only-let-go',
    check: ({ resources }) =>
      ['force_detach', 'skip_destroy']
        .filter((key) => key in (resources['aws_volume_attachment.data'] ?? {}))
        .map((key) => ['aws_volume_attachment.data', `${key}: the file system is torn or left behind`]),
  },
  {
    // force_destroy of the host lifts its protection against clicks, and no data go with it.
    id: 'no-force-destroy',
    check: ({ resources }) =>
      Object.entries(resources)
        .filter(
          ([where, body]) => where !== host && Object.keys(body).some((key) => /^force_(destroy|delete)/.test(key)),
        )
        .map(([where]) => [where, 'force_destroy empties what it destroys']),
  },
  {
    id: 'one-disk',
    check: ({ resources }) =>
      ['ebs_block_device', 'ephemeral_block_device', 'volume_tags']
        .filter((key) => strings(Object.keys(resources[host] ?? {})).includes(key))
        .map((key) => [host, `${key}: the data volume is a resource of its own`]),
  },
];
