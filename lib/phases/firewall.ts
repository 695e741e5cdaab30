import type { Config } from '../config/config.types.ts';
import { networksOf } from '../core/network.ts';
import type { FirewallSpec } from '../core/spec.ts';
import { render } from '../render/render.ts';
import { contributionsOf } from './contributions.ts';
import { layout } from './layout.ts';
import type { DesiredInput, Phase } from './phase.ts';

const name = 'firewall';
const unitName = 'gitea-runbooks-firewall.service';

/** The metadata services of clouds: whoever reaches one speaks for the whole machine. */
const metadata = { v4: '169.254.169.254', v6: 'fd00:ec2::254' };

/** Who may reach the host and what its containers publish, in a table of its own (docs/adr/0025-a-firewall-of-its-own.md). */
export function firewallOf(phases: readonly Phase[]): Phase {
  return {
    name,
    // The program that loads it, and the folder that its rules lie in.
    needs: ['system', 'release'],
    desired: (input) => [firewallSpec(input, contributionsOf(input.config, phases).ports)],
  };
}

function firewallSpec({ config, assets }: DesiredInput, ports: readonly number[]): FirewallSpec {
  const { firewall: wanted, allow } = config.network;
  const fill = (template: string, values = {}) => render(template, assets.templates(template), values);
  return {
    kind: 'firewall',
    id: 'firewall:gitea_runbooks',
    phase: name,
    path: layout.firewall,
    rules: wanted ? fill('system/firewall.nft', valuesOf(config, ports)) : undefined,
    unit: {
      name: unitName,
      path: `/etc/systemd/system/${unitName}`,
      content: fill('systemd/gitea-runbooks-firewall.service', { rules: layout.firewall }),
    },
    ssh: allow.ssh || allow.other ? { port: config.host.port, from: allow.ssh } : undefined,
  };
}

function valuesOf({ host, network, tls }: Config, ports: readonly number[]) {
  const { ssh, web, other } = network.allow;
  // Challenges of the public ACME server come from everywhere, and nothing but them and a redirect is on port 80.
  const everybodys = tls.directory === undefined ? [80] : [];
  return {
    metadata,
    subnet: network.subnet,
    sshPort: host.port,
    published: ports.join(', '),
    openPorts: everybodys.join(', '),
    webPorts: ports.filter((port) => !everybodys.includes(port)).join(', '),
    ssh: listed(ssh),
    web: listed(web),
    other: listed(other),
  };
}

/** Everybody is not a list: no rule is written for it at all. */
function listed(networks: readonly string[] | undefined) {
  return {
    limited: networks !== undefined,
    v4: networksOf(4, networks ?? []),
    v6: networksOf(6, networks ?? []),
  };
}
