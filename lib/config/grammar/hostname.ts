import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { quoted } from '../problem.ts';

/** Files and mail addresses are called after it, and have limits of their own (255 bytes, 254 characters). */
const longestDomain = 230;

const fqdn = 'allowed is a full host name such as git.your-company.com';

/** What is wrong with a name that people shall reach and a certificate shall carry, or undefined. */
export function domainProblem(name: string): string | undefined {
  const is = `is the text ${quoted(name)}`;
  if (name === '') return `is empty, ${fqdn}`;
  const host = hostOf(name);
  if (name.includes('://')) return `${is} with a scheme, allowed is the host name alone${meant(host, domainProblem)}`;
  if (isIP(name.replace(/^\[|\]$/g, ''))) return `${is}, an IP address, ${fqdn}`;
  if (/[/?#]/.test(name)) return `${is} with a path, allowed is the host name alone${meant(host, domainProblem)}`;
  if (/:\d*$/.test(name)) return `${is} with a port, allowed is the host name alone${meant(host, domainProblem)}`;
  if (name.includes('@')) return `${is} with an @, ${fqdn}`;
  if (name.startsWith('*')) return `${is}, a wildcard, ${fqdn}`;
  const problem = labelsProblem(name, domainProblem);
  if (problem) return `${is} ${problem}`;
  if (name.length > longestDomain) return `${is} of ${name.length} characters, allowed are at most ${longestDomain}`;
  if (!name.includes('.')) return `${is} without a dot, ${fqdn}`;
  if (/\.\d+$/.test(name)) return `${is} that ends in a number, ${fqdn}`;
  return undefined;
}

/** What is wrong with the address of a host: an IP address, or a name that need not be full. */
export function addressProblem(address: string): string | undefined {
  const is = `is the text ${quoted(address)}`;
  if (address === '') return 'is empty, allowed is an IP address or a host name';
  if (isLoopback(address)) return `${is}, this machine itself, allowed is the address of the host to manage`;
  if (isIP(address)) return undefined;
  if (/^[\d.]+$/.test(address)) return `${is}, which is not an IP address: four numbers from 0 to 255 are needed`;
  if (address.includes('@'))
    return `${is} with an account, allowed is the address alone - the account goes to host.user`;
  if (address.includes('://')) return `${is} with a scheme, allowed is an IP address or a host name`;
  if (/^\[.*\]$/.test(address))
    return `${is} in brackets, allowed is the bare address${meant(address.slice(1, -1), addressProblem)}`;
  if (/:\d+$/.test(address)) return `${is} with a port, allowed is the address alone - the port goes to host.port`;
  if (/[/\s]/.test(address)) return `${is}, allowed is an IP address or a host name`;
  const problem = labelsProblem(address, addressProblem);
  return problem && `${is} ${problem}`;
}

/** What is wrong with a mail address, or undefined. Stricter than the standard: no quoted local part, no address literal. */
export function emailProblem(email: string): string | undefined {
  const is = `is the text ${quoted(email)}`;
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  if (email.startsWith('-')) return `${is}, allowed is a mail address that does not begin with "-": Gitea takes none`;
  if (email.length > 254) return `${is} of ${email.length} characters, allowed are at most 254`;
  if (at < 1 || local.length > 64 || !/^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/.test(local)) {
    return `${is}, allowed is a mail address such as ops@your-company.com`;
  }
  return domainProblem(email.slice(at + 1).toLowerCase()) === undefined
    ? undefined
    : `${is}, whose part after the @ is not a full host name, allowed is a mail address such as ops@your-company.com`;
}

function isLoopback(address: string): boolean {
  return (
    /^(localhost|ip6-localhost)\.?$/i.test(address) ||
    /\.localhost\.?$/i.test(address) ||
    /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address) ||
    /^(0\.0\.0\.0|::|(0+:){7}0*[01]|::0*1)$/.test(address)
  );
}

type Check = (name: string) => string | undefined;

/** A hint at what would do; none where that would not do either. */
const meant = (name: string, check: Check) => (check(name) ? '' : ` - did you mean ${quoted(name)}?`);

/** What is wrong with a host name's labels, as the end of a sentence. `check` tells whether another spelling would do. */
export function labelsProblem(name: string, check: Check): string | undefined {
  if (name.length > 253) return 'of more than 253 characters, allowed are at most 253';
  if (/[^\x20-\x7e]/.test(name)) {
    return `with letters outside ASCII, allowed is its punycode form${meant(domainToASCII(name), check)}`;
  }
  if (name.endsWith('.'))
    return `with a dot at the end, allowed is the name without it${meant(name.slice(0, -1), check)}`;
  if (/[A-Z]/.test(name)) return `with capital letters, allowed are small ones${meant(name.toLowerCase(), check)}`;
  for (const label of name.split('.')) {
    const problem = labelProblem(label);
    if (problem) return problem;
  }
  return undefined;
}

function labelProblem(label: string): string | undefined {
  if (label === '') return 'with an empty part, allowed is text between any two dots';
  if (label.length > 63) return `with the part ${quoted(label)} of ${label.length} characters, allowed are at most 63`;
  if (label.includes('_')) return `with the part ${quoted(label)}, allowed are letters, digits and "-" (no "_")`;
  if (!/^[a-z0-9-]+$/.test(label)) return `with the part ${quoted(label)}, allowed are letters, digits and "-"`;
  if (/^-|-$/.test(label)) return `with the part ${quoted(label)}, allowed is no "-" at its ends`;
  return undefined;
}

function hostOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/^[a-z+.-]*:\/\//, '')
    .split(/[/?#]/, 1)[0]!
    .split('@')
    .at(-1)!
    .replace(/:\d*$/, '');
}
