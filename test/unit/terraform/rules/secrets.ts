import { at, type Body, flat, strings } from '../module.ts';
import type { Rule } from '../policy.ts';

const version = 'aws_secretsmanager_secret_version.host_key';
const key = 'host_key';

/** Arguments and resources whose values land in the state in clear. */
const inState =
  /^(secret_string|secret_binary|password|master_password|private_key(_pem)?|auth_token|access_key|secret_key)$/;
const generated =
  /^(data\.)?(random_|tls_|aws_iam_access_key\.)|^data\.aws_secretsmanager_secret_version\.|^aws_ssm_parameter\./;

const keysOf = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => [name, ...keysOf(inner)])
    : [];

export const secretRules: readonly Rule[] = [
  {
    id: 'host-key-ephemeral',
    check: ({ variables }) => {
      const { ephemeral, sensitive } = variables[key] ?? {};
      return ephemeral === true && sensitive === true
        ? []
        : [[`var.${key}`, 'is kept in plans and shown in their text']];
    },
  },
  {
    id: 'host-key-written-once',
    check: ({ resources }) =>
      flat(at(resources[version], 'secret_string_wo')) === '${var.host_key == null ? "" : var.host_key}' &&
      at(resources[version], 'secret_string_wo_version') === 1
        ? []
        : [[version, 'is not a write-only value with a version of its own']],
  },
  {
    // The variable may be named in one argument, the write-only one; anywhere else it would be kept or shown.
    id: 'host-key-nowhere-else',
    check: ({ resources, modules, outputs, locals, providers, variables }) => {
      const { secret_string_wo: _, ...rest } = resources[version] ?? {};
      const { [key]: own, ...others } = variables;
      const places = {
        ...resources,
        [version]: rest,
        ...modules,
        ...outputs,
        ...others,
        locals,
        ...providers,
      } as Record<string, Body>;
      return Object.entries(places)
        .filter(([, body]) => strings(body).some((text) => /\bvar\.host_key\b/.test(text)))
        .map(([where]) => [where, 'uses var.host_key']);
    },
  },
  {
    id: 'no-value-in-the-state',
    check: ({ resources }) =>
      Object.entries(resources).flatMap(([where, body]) =>
        keysOf(body)
          .filter((name) => inState.test(name))
          .map((name) => [where, `${name} is kept in the state in clear`] as const),
      ),
  },
  {
    id: 'nothing-generated-here',
    check: ({ resources }) =>
      Object.keys(resources)
        .filter((where) => generated.test(where))
        .map((where) => [where, 'its value is kept in the state in clear']),
  },
  {
    id: 'no-secret-in-outputs',
    check: ({ outputs }) =>
      Object.entries(outputs)
        .filter(
          ([, body]) =>
            body.sensitive !== undefined ||
            strings(body.value).some((text) =>
              /secret_version|secret_string|password|private|host_key|user_data/.test(text),
            ),
        )
        .map(([where]) => [where, 'shows a secret, or what may hold one: outputs are kept in clear']),
  },
  {
    id: 'secrets-of-this-instance',
    check: ({ locals, resources }) => [
      ...(locals.secret_prefix === '${var.name}/'
        ? []
        : [['local.secret_prefix', 'is not the name of the instance and a slash'] as const]),
      ...(locals.host_key_secret === '${local.secret_prefix}ssh_host_ed25519_key'
        ? []
        : [['local.host_key_secret', 'is not where the runbooks look for it'] as const]),
      ...(resources['aws_secretsmanager_secret.instance']?.for_each === '${toset(var.secret_names)}'
        ? []
        : [['aws_secretsmanager_secret.instance', 'does not follow var.secret_names'] as const]),
    ],
  },
];
