import { type Body, flat, list, type Module, strings } from '../module.ts';
import type { Rule } from '../policy.ts';

const everyone = /(?<![\d.])0\.0\.0\.0\/0|::\/0/;

/** The one shape in which an address range may be open: the public ports inwards, everything outwards. */
const inputs = {
  ingress_with_cidr_blocks:
    '${concat( [for rule in local.public_ports : merge(rule, { cidr_blocks = "0.0.0.0/0" })], length(local.ssh_from_v4) > 0 ? [merge(local.ssh_port, { cidr_blocks = join(",", local.ssh_from_v4) })] : [], )}',
  ingress_with_ipv6_cidr_blocks:
    '${concat( [for rule in local.public_ports : merge(rule, { ipv6_cidr_blocks = "::/0" }) if var.ipv6], length(local.ssh_from_v6) > 0 ? [merge(local.ssh_port, { ipv6_cidr_blocks = join(",", local.ssh_from_v6) })] : [], )}',
  egress_with_cidr_blocks: '${merge(local.everything, { cidr_blocks = "0.0.0.0/0" })}',
  egress_with_ipv6_cidr_blocks:
    '${[for rule in [local.everything] : merge(rule, { ipv6_cidr_blocks = "::/0" }) if var.ipv6]}',
};

/** From where port 22 may be reached: the variable alone, and nobody with Session Manager. */
const sources = {
  ssh_from_v4: '${[for network in var.ssh_from : network if var.access == "ssh" && !strcontains(network, ":")]}',
  ssh_from_v6:
    '${[for network in var.ssh_from : network if var.access == "ssh" && var.ipv6 && strcontains(network, ":")]}',
};

const group = 'module.security_group';
const is = (body: Body | undefined, key: string, wanted: string) => {
  const found = list(body?.[key]);
  return found.length === 1 && flat(found[0]) === wanted;
};

export const networkRules: readonly Rule[] = [
  {
    // Port 22 and the whole world never meet: neither here nor in a default, a fallback or another resource.
    id: 'world-only-where-meant',
    check: (module) => {
      const { security_group: meant, ...modules } = module.modules;
      const rest = { ...meant, ...Object.fromEntries(Object.keys(inputs).map((key) => [key, undefined])) };
      const places = { ...module.resources, ...module.variables, ...modules, locals: module.locals, [group]: rest };
      return Object.entries(places)
        .filter(([, body]) => strings(body).some((text) => everyone.test(text)))
        .map(([where]) => [where, 'the whole Internet stands here']);
    },
  },
  {
    id: 'firewall-shape',
    check: ({ modules }) =>
      Object.entries(inputs)
        .filter(([key, wanted]) => !is(modules.security_group, key, wanted))
        .map(([key]) => [group, `${key} is not the public ports for all and port 22 for the operators`]),
  },
  {
    id: 'ssh-sources',
    check: ({ locals }) =>
      Object.entries(sources)
        .filter(([key, wanted]) => flat(locals[key]) !== wanted)
        .map(([key]) => [`local.${key}`, 'port 22 is open to more than var.ssh_from, or with access = ssm as well']),
  },
  {
    id: 'public-ports',
    check: ({ locals }) => {
      const ports = (list(locals.public_ports) as Body[]).map(({ from_port: from, to_port: to, protocol }) =>
        from === to && protocol === 'tcp' ? String(from) : `${from}-${to}/${protocol}`,
      );
      return ports
        .filter((port) => !['80', '443', '${var.git_ssh_port}'].includes(port))
        .map((port) => ['local.public_ports', `${port} is open to the whole Internet`]);
    },
  },
  {
    id: 'ssh-port',
    check: ({ locals }) => {
      const { from_port: from, to_port: to, protocol } = (locals.ssh_port ?? {}) as Body;
      return from === 22 && to === 22 && protocol === 'tcp' ? [] : [['local.ssh_port', 'is not port 22 and no other']];
    },
  },
  {
    id: 'ssh-from-narrow',
    check: ({ variables }) => {
      const width = 'try(tonumber(split("/", network)[1]), 0) >= (strcontains(network, ":") ? 16 : 8)';
      return validations(variables, 'ssh_from').includes(`\${alltrue([for network in var.ssh_from : ${width}])}`)
        ? []
        : [['var.ssh_from', 'does not refuse the whole Internet and large parts of it']];
    },
  },
  {
    id: 'ssh-from-needed',
    check: ({ variables }) =>
      validations(variables, 'ssh_from').includes('${var.access != "ssh" || length(var.ssh_from) > 0}')
        ? []
        : [['var.ssh_from', 'may be empty with access = ssh: nobody could log in']],
  },
  {
    id: 'git-port-is-not-ssh',
    check: ({ variables }) =>
      validations(variables, 'git_ssh_port').includes('${!contains([22, 80, 443], var.git_ssh_port)}')
        ? []
        : [['var.git_ssh_port', 'may be 22, which is then open to the whole Internet']],
  },
  {
    id: 'default-group-closed',
    check: ({ modules }) =>
      ['default_security_group_ingress', 'default_security_group_egress']
        .filter((key) => JSON.stringify(modules.vpc?.[key]) !== '[]')
        .map((key) => ['module.vpc', `${key} lets something through`]),
  },
  {
    id: 'one-public-subnet',
    check: ({ modules }) =>
      list(modules.vpc?.public_subnets).length === 1 ? [] : [['module.vpc', 'has not exactly one public subnet']],
  },
];

const validations = (variables: Module['variables'], name: string) =>
  (list(variables[name]?.validation) as Body[]).map(({ condition }) => flat(condition));
