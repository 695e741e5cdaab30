import { at, type Body, list, strings } from '../module.ts';
import type { Rule } from '../policy.ts';

const exact = /^\d+\.\d+\.\d+$/;

/** Inputs of the pinned modules that this one gives. A misspelt one Terraform refuses; one that opens doors, nobody else does. */
const inputs: Readonly<Record<string, readonly string[]>> = {
  vpc: [
    'name',
    'cidr',
    'azs',
    'public_subnets',
    'map_public_ip_on_launch',
    'enable_nat_gateway',
    'enable_ipv6',
    'public_subnet_ipv6_prefixes',
    'create_egress_only_igw',
    'public_subnet_enable_dns64',
    'public_subnet_enable_resource_name_dns_aaaa_record_on_launch',
    'manage_default_security_group',
    'default_security_group_ingress',
    'default_security_group_egress',
  ],
  security_group: [
    'name',
    'description',
    'vpc_id',
    'ingress_with_cidr_blocks',
    'ingress_with_ipv6_cidr_blocks',
    'egress_with_cidr_blocks',
    'egress_with_ipv6_cidr_blocks',
  ],
};

const pins: Readonly<Record<string, readonly [source: string, version: string]>> = {
  vpc: ['terraform-aws-modules/vpc/aws', '6.6.0'],
  security_group: ['terraform-aws-modules/security-group/aws', '5.3.1'],
};

export const versionRules: readonly Rule[] = [
  {
    id: 'terraform-version',
    check: ({ terraform }) => {
      const wanted = String(terraform.required_version);
      const [, minor] = /^>= 1\.(\d+)\.0, < 2\.0\.0$/.exec(wanted) ?? [];
      return Number(minor) >= 11
        ? []
        : [['terraform', `required_version is ${wanted}; write-only arguments need >= 1.11.0`]];
    },
  },
  {
    id: 'provider-pinned',
    check: ({ terraform }) => {
      const wanted = ((list(terraform.required_providers) as Body[])[0] ?? { aws: {} }) as Readonly<
        Record<string, Body>
      >;
      return Object.entries(wanted)
        .filter(([name, { source, version }]) => {
          const [, minor] = /^6\.(\d+)\.\d+$/.exec(String(version)) ?? [];
          return name !== 'aws' || source !== 'hashicorp/aws' || !(Number(minor) >= 28);
        })
        .map(([name, { source, version }]) => [
          name,
          `is ${source} ${version}, not one version of hashicorp/aws from 6.28.0 on`,
        ]);
    },
  },
  {
    id: 'modules-pinned',
    check: ({ modules }) =>
      Object.entries(modules)
        .filter(([name, { source, version }]) => {
          const [wantedSource, wantedVersion] = pins[name] ?? [];
          return source !== wantedSource || version !== wantedVersion || !exact.test(String(version));
        })
        .map(([name, { source, version }]) => [
          `module.${name}`,
          `is ${source} ${version}, not ${pins[name]?.join(' ')}`,
        ]),
  },
  {
    id: 'module-inputs',
    check: ({ modules }) =>
      Object.entries(modules).flatMap(([name, body]) =>
        Object.keys(body)
          .filter((key) => !['source', 'version', ...(inputs[name] ?? [])].includes(key))
          .map((key) => [`module.${name}`, `is given ${key}, which no rule looks at`] as const),
      ),
  },
  {
    id: 'backend-s3',
    check: ({ terraform }) => {
      const backends = list(terraform.backend) as Body[];
      const s3 = (list(backends[0]?.s3) as Body[])[0];
      return s3 !== undefined && Object.keys(s3).length === 0
        ? []
        : [['terraform', 'the backend is not S3 with all its settings given at init']];
    },
  },
  {
    id: 'provider-account',
    check: ({ providers }) =>
      JSON.stringify(providers.aws?.allowed_account_ids) === '["${var.account_id}"]'
        ? []
        : [['provider.aws', 'credentials of other accounts are not refused']],
  },
  {
    id: 'provider-plain',
    check: ({ providers }) =>
      Object.keys(providers.aws ?? {})
        .filter((key) => !['region', 'allowed_account_ids', 's3_use_path_style', 'default_tags'].includes(key))
        .map((key) => ['provider.aws', `sets ${key}: credentials, and checks left out, have no place here`]),
  },
  {
    id: 'tagged',
    check: ({ providers }) => {
      const [tags = ''] = strings(at(providers.aws, 'default_tags'));
      const own =
        /^\$\{merge\(var\.tags, \{\s+Project\s+= "gitea-runbooks"\s+Instance\s+= var\.name\s+ManagedBy\s+= "terraform"\s+\}\)\}$/;
      return own.test(tags) ? [] : [['provider.aws', 'not everything is tagged with Project, Instance and ManagedBy']];
    },
  },
];
