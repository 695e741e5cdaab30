// Terraform in a working directory of its own, with a provider and modules that are at hand.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readModule } from '../unit/terraform/module.ts';

export type Values = Readonly<Record<string, unknown>>;

export interface Result {
  readonly code: number;
  /** Both streams: Terraform says what is wrong on the second. */
  readonly out: string;
}

export interface Workshop {
  readonly root: string;
  /** Runs Terraform with these words, and some variables of the environment set otherwise. */
  readonly terraform: (words: readonly string[], env?: NodeJS.ProcessEnv) => Promise<Result>;
  /** A plan with some values changed: exit 0 for no changes, 2 for some. */
  readonly plan: (values?: Values, env?: NodeJS.ProcessEnv) => Promise<Result>;
  readonly apply: (values?: Values, ...words: string[]) => Promise<Result>;
  readonly outputs: () => Promise<Values>;
  /** From where each port can be reached, by the state's own record of the rules. */
  readonly doors: () => Promise<Record<string, string[]>>;
}

const source = new URL('../../terraform', import.meta.url).pathname;
export const texts = () =>
  Object.fromEntries(readdirSync(source).map((name) => [name, readFileSync(join(source, name), 'utf8')]));

export interface Materials {
  /** Empty folder to work in. */
  readonly dir: string;
  readonly values: Values;
  /** Filesystem mirror of providers. */
  readonly mirror: string;
  /** Folder with vpc/ and security-group/; without it `init` asks the registry. */
  readonly modules: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** Lays out a copy of the module with its values and a local state. */
export async function workshop({ dir, values, mirror, modules, env }: Materials): Promise<Workshop> {
  const root = join(dir, 'root');
  const rc = join(dir, 'terraform.rc');
  mkdirSync(root);
  for (const name of readdirSync(source)) cpSync(join(source, name), join(root, name));
  writeFileSync(join(root, 'terraform.tfvars.json'), JSON.stringify(values));
  writeFileSync(join(root, 'backend_override.tf'), 'terraform {\n  backend "local" {}\n}\n');
  takeProvider(root, mirror);
  const only = modules ? '' : '\n  direct {\n    exclude = ["registry.terraform.io/hashicorp/aws"]\n  }';
  writeFileSync(rc, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }${only}\n}\n`);
  if (modules) await takeModules(root, modules);

  const terraform: Workshop['terraform'] = (words, more = {}) =>
    new Promise((resolve) => {
      const settled = { TF_CLI_CONFIG_FILE: rc, TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' };
      const options = { cwd: root, env: { ...env, ...settled, ...more }, maxBuffer: 64 * 1024 * 1024 };
      execFile('terraform', words, options, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out: `${out}${err}` }),
      );
    });
  const json = async (...words: string[]) => JSON.parse((await terraform([...words, '-json'])).out);
  return {
    root,
    terraform,
    plan: (values = {}, more) => terraform(['plan', '-no-color', '-detailed-exitcode', ...given(values)], more),
    apply: (values = {}, ...words) => terraform(['apply', '-no-color', '-auto-approve', ...given(values), ...words]),
    outputs: async () => {
      const found: Record<string, { value: unknown }> = await json('output');
      return Object.fromEntries(Object.entries(found).map(([name, { value }]) => [name, value]));
    },
    doors: async () => {
      const { values } = await json('show');
      const found: Record<string, string[]> = {};
      for (const { resources } of values.root_module.child_modules) {
        for (const { type, values: rule } of resources) {
          if (type !== 'aws_security_group_rule' || rule.type !== 'ingress') continue;
          const port = `${rule.from_port}-${rule.to_port}`;
          const ranges = [...(rule.cidr_blocks ?? []), ...(rule.ipv6_cidr_blocks ?? [])];
          found[port] = [...(found[port] ?? []), ...ranges].sort();
        }
      }
      return found;
    },
  };
}

const given = (values: Values) =>
  Object.entries(values).map(
    ([name, value]) => `-var=${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );

/** Of another version 6 than the module names, the newest in the mirror is tried, and that is said. */
function takeProvider(root: string, mirror: string): void {
  const wanted = /source\s*=\s*"hashicorp\/aws"[^}]*?version\s*=\s*"([^"]+)"/.exec(texts()['versions.tf']!)![1]!;
  const names = readdirSync(join(mirror, 'registry.terraform.io/hashicorp/aws'));
  const versions = names.flatMap((name) => /^(?:terraform-provider-aws_)?(6\.\d+\.\d+)(?:_|$)/.exec(name)?.[1] ?? []);
  if (versions.length === 0 || versions.includes(wanted)) return;
  const newest = versions.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  process.stderr.write(`# the module names provider ${wanted}; tried with ${newest}, which is what the mirror has\n`);
  const aws = `aws = {\n      source  = "hashicorp/aws"\n      version = "${newest}"\n    }`;
  writeFileSync(join(root, 'versions_override.tf'), `terraform {\n  required_providers {\n    ${aws}\n  }\n}\n`);
}

/** Puts the modules where `init` would have put them. */
async function takeModules(root: string, modules: string): Promise<void> {
  const list: Values[] = [{ Key: '', Source: '', Dir: '.' }];
  mkdirSync(join(root, '.terraform/modules'), { recursive: true });
  for (const [Key, { source, version: Version }] of Object.entries((await readModule(texts())).modules)) {
    const Dir = `.terraform/modules/${Key}`;
    cpSync(join(modules, String(source).split('/')[1]!), join(root, Dir), { recursive: true });
    list.push({ Key, Source: `registry.terraform.io/${source}`, Version, Dir });
  }
  writeFileSync(join(root, '.terraform/modules/modules.json'), JSON.stringify({ Modules: list }));
}
