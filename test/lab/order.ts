// In which order the lab's test files begin, and in which labs: what takes longest should not begin last.
import path from 'node:path';

/** Names of the labs that stand side by side. .ci/run takes each of them down, for a run that was ended before it could. */
export const labs = ['a', 'b', 'c'];

/** Seconds that each took on two quiet cores (docs/records); only the order matters. A file that is not here begins early. */
export const seconds: Readonly<Record<string, number>> = {
  ...{ '0-rehearse': 111, '1-first-deploy': 134, '1-kept': 61 },
  ...{
    '2-backup': 300,
    '2-day-to-day': 290,
    '2-drill': 260,
    '2-firewall': 112,
    '2-ledger': 118,
    '2-log': 240,
    '2-mail': 46,
    '2-on-off': 86,
    '2-repository': 120,
    '2-restore': 330,
    '2-sign-in': 150,
    '2-tell': 150,
  },
  ...{
    '3-bad-day': 269,
    '3-secrets': 19,
    '4-debian-12': 115,
    '5-library': 36,
    '6-terraform': 2,
    '6-volume': 185,
  },
  ...{
    '7-aws-secrets': 102,
    '7-aws': 12,
    '7-disks': 58,
    '7-locked-bucket': 41,
    '8-aws-host': 319,
    '8-cuts': 78,
    '8-rotate': 475,
  },
};

/**
 * First those whose names begin with 0 or 1: they make a lab of their own, and one of them the deployed host that the others'
 * labs begin with. Then the others, the longest first. `last` are those that begin with 9, which end each lab.
 */
export function inOrder(files: readonly string[]): { readonly queue: string[]; readonly last: readonly string[] } {
  const digit = (file: string) => path.basename(file).charAt(0);
  const turn = (file: string) => (/[01]/.test(digit(file)) ? 0 : 1);
  const took = (file: string) => seconds[path.basename(file).replace(/\.test\.ts$/, '')] ?? 600;
  const sorted = [...files].sort();
  return {
    queue: sorted
      .filter((file) => digit(file) !== '9')
      .sort((one, other) => turn(one) - turn(other) || took(other) - took(one)),
    last: sorted.filter((file) => digit(file) === '9'),
  };
}
