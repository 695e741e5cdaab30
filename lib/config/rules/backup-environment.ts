import { quoted } from '../problem.ts';
import { dotted, within } from '../reading/index.ts';
import { type Draft, error, type Finding } from './finding.ts';
import { isReference, secretNameProblem } from './secret-names.ts';

const root = '/backup/remote/environment';
const most = 50;
const longestName = 100;
const longestValue = 4000;

/** `backup.remote.environment`: names that a shell and restic take, values on one line, and no secret in clear. */
export function environmentFindings({ backup }: Draft): Finding[] {
  const entries = Object.entries(backup?.remote?.environment ?? {});
  const found = entries.flatMap(([name, value]): Finding[] => {
    const pointer = within(root, name);
    const problem = nameProblem(name);
    if (problem) return [error(dotted(pointer), `is a variable called ${quoted(name)}, ${problem}`, { pointer })];
    if (isReference(value)) {
      const wrong = typeof value.secret === 'string' ? secretNameProblem(value.secret) : undefined;
      const at = within(pointer, 'secret');
      return wrong ? [error(dotted(at), wrong, { pointer: at, part: 'value' })] : [];
    }
    const wrong = typeof value === 'string' ? valueProblem(name, value) : undefined;
    return wrong ? [error(dotted(pointer), wrong, { pointer, part: 'value' })] : [];
  });
  if (entries.length <= most) return found;
  return [...found, error(dotted(root), `has ${entries.length} variables, allowed are at most ${most}`)];
}

/** Names that cannot be had, each sort with its reason. */
const taken: readonly (readonly [RegExp, string])[] = [
  [
    /^(REMOTE|RESTIC_(?!REST_USERNAME$|REST_PASSWORD$)\w*|GO(MAXPROCS|MEMLIMIT|GC|DEBUG|TRACEBACK))$/,
    'which the runbooks set for restic themselves, allowed are those of the place: RESTIC_REST_USERNAME, AWS_ACCESS_KEY_ID, ...',
  ],
  [
    /^(PATH|HOME|IFS|ENV|PWD|OLDPWD|SHELL|PS[124]|OPTIND|OPTARG|PPID|TMPDIR|LD_\w*|BASH\w*)$/,
    'which decides how programs run, allowed are those of the place: RESTIC_REST_USERNAME, AWS_ACCESS_KEY_ID, ...',
  ],
  [
    /(_FILE|_DIR|_PATH|^GOOGLE_APPLICATION_CREDENTIALS|^AWS_CA_BUNDLE)$/,
    "which names a file, and there is none in restic's container, allowed are variables that hold the value itself",
  ],
];

function nameProblem(name: string): string | undefined {
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name) || name.length > longestName)
    return `allowed are capital letters, digits and "_", at most ${longestName}, for example AWS_ACCESS_KEY_ID`;
  return taken.find(([names]) => names.test(name))?.[1];
}

/** The end of a name that is given to credentials. */
const credential = /(KEY|PASS|PASSWD|PASSWORD|PASSPHRASE|SECRET|TOKEN|_SAS)$/;

const reference = 'write { secret: NAME } and keep the value with the secrets';

/** What holds a credential is never repeated. */
function valueProblem(name: string, value: string): string | undefined {
  if (value !== '' && credential.test(name)) return `is a credential in clear, allowed is a reference - ${reference}`;
  if (/:\/\/[^/@]*:[^/@]*@/.test(value)) return `holds a password, allowed is a reference - ${reference}`;
  if (/\p{Cc}/u.test(value)) return 'holds a line break or control character, allowed is a text on one line';
  return value.length > longestValue ? `is too long, allowed are at most ${longestValue} characters` : undefined;
}
