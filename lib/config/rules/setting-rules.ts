import { iniValueProblem } from '../../core/ini.ts';
import { cut, quoted } from '../problem.ts';
import { dotted, type Parsed, within } from '../reading/index.ts';
import { type Draft, error, type Finding } from './finding.ts';
import { nameless, ownerOf } from './owned-settings.ts';
import { isReference, secretNameProblem } from './secret-names.ts';

const longestName = 100;
const mostSettings = 500;

/** `gitea.settings`: names that go-ini reads as they are written, values that it gives back, nothing that the deploy decides. */
export function settingFindings({ gitea }: Draft, written: Parsed['written']): Finding[] {
  const root = '/gitea/settings';
  const sections = Object.entries(gitea?.settings ?? {});
  const count = sections.reduce((sum, [, keys]) => sum + Object.keys(keys ?? {}).length, 0);
  const found = sections.flatMap(([section, keys]): Finding[] => {
    const pointer = within(root, section);
    const problem = sectionProblem(section);
    if (problem) return [at(pointer, problem)];
    return Object.entries(keys ?? {}).flatMap(([key, value]) => {
      const here = within(pointer, key);
      return setting(
        section,
        key,
        { value, text: typeof value === 'number' ? (written(here) ?? String(value)) : '' },
        here,
      );
    });
  });
  if (count <= mostSettings) return found;
  return [...found, error('gitea.settings', `has ${count} keys, allowed are at most ${mostSettings}`)];
}

const at = (pointer: string, message: string, more: Partial<Finding> = {}): Finding =>
  error(dotted(pointer), message, { pointer, ...more });

/** What Gitea calls its sections: words with dots between them. */
function sectionProblem(section: string): string | undefined {
  if (section !== nameless && section.toUpperCase() === nameless)
    return `is a section called ${section}, which Gitea does not read, allowed is ${nameless} for what stands before the first section`;
  if (section.length <= longestName && /^[a-z0-9][\w-]*(\.[\w-]+)*$/i.test(section)) return undefined;
  return `is a section called ${quoted(section)}, allowed are letters, digits, "_", "-" and "." between them, at most ${longestName}, for example cron.sync_external_users or ${nameless}`;
}

/** Beside words: git's own names, file name endings (".md") and headers. */
function keyProblem(key: string): string | undefined {
  if (key.length <= longestName && /^\.?[a-z0-9][\w-]*(\.[\w-]+)*$/i.test(key)) return undefined;
  return `is a key called ${quoted(key)}, allowed are letters, digits, "_", "-" and "." between them, at most ${longestName}, for example DEFAULT_BRANCH`;
}

/** A value, and how it stands in the file. */
interface Given {
  readonly value: unknown;
  readonly text: string;
}

function setting(section: string, key: string, { value, text }: Given, pointer: string): Finding[] {
  const problem = keyProblem(key) ?? ownProblem(section, key);
  if (problem) return [at(pointer, problem)];
  if (isReference(value)) {
    const problem = typeof value.secret === 'string' ? secretNameProblem(value.secret) : undefined;
    return problem ? [at(within(pointer, 'secret'), problem, { part: 'value' })] : [];
  }
  const wrong = valueProblem({ value, text });
  if (wrong) return [at(pointer, wrong, { part: 'value' })];
  if (typeof value !== 'string' || value === '' || !credential.test(key)) return [];
  const message =
    'looks like a credential, allowed but not safe in this file, which is committed - keep it with the secrets and write { secret: NAME }';
  return [{ ...at(pointer, message, { part: 'value' }), severity: 'warning' }];
}

/** The end of a name that Gitea gives to credentials. Others, such as PASSWORD_COMPLEXITY, only speak of them. */
const credential = /(PASSWD|PASSWORD|SECRET|TOKEN|ACCESS_KEY)$/i;

function ownProblem(section: string, key: string): string | undefined {
  const owner = ownerOf(section.toUpperCase() === nameless ? '' : section, key);
  if (owner === undefined) return undefined;
  const named = section.toUpperCase() === nameless ? key : `[${section}] ${key}`;
  return 'key' in owner
    ? `is ${named}, which follows from ${owner.key}, allowed is to set ${owner.key} instead`
    : `is ${named}, ${owner.kept}, allowed is to leave it out: it is kept by the deploy`;
}

function valueProblem({ value, text }: Given): string | undefined {
  // Gitea reads a text: 1.10 would reach it as 1.1.
  if (typeof value === 'number' && text !== String(value))
    return `is the number ${cut(text)}, which would reach Gitea as ${value}, allowed is to put it in quotes: ${quoted(text)}`;
  if (typeof value === 'number' && !isPlain(value))
    return `is the number ${value}, which may not reach Gitea as it is written, allowed is to put it in quotes`;
  const problem = typeof value === 'string' ? iniValueProblem(value) : undefined;
  return problem && `${problem}, allowed is a text on one line`;
}

/** Numbers that have one way to be written. */
const isPlain = (value: number) => /^-?\d+(\.\d+)?$/.test(String(value)) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
