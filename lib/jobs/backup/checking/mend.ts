import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import { backupPaths } from '../../../phases/layout.ts';
import { lastWords, stateOf, tellState, type Work } from '../store/index.ts';

/**
 * Mends the repositories of the host where the last look has found them damaged, by restic's own means: what is sound in a damaged
 * file is saved, the rest is not counted as stored any more, so that the next generation stores it anew. With that older ones that
 * need the same are whole again. Says what the next generation must be for it. Throws `changeFailed`.
 */
export async function mend({
  config,
  restic,
  tell,
}: Work): Promise<{ readonly whole: boolean; readonly anew: boolean }> {
  const { mend: due, found } = stateOf(config, 'verify');
  if (!due) return { whole: false, anew: false };
  const parts = (['archive', 'recent'] as const).flatMap((name) => {
    const packs = found?.packs[`local ${name}`] ?? [];
    return packs.length === 0 ? [] : [scriptOf(name, packs)];
  });
  if (parts.length > 0) {
    tell('the last look has found damage in the repositories of the host: mending them');
    // What restic puts aside of a damaged file.
    const aside = ['rm -rf /local/damaged', 'mkdir -m 700 /local/damaged && cd /local/damaged || exit'];
    const script = [...aside, ...parts].join('\n');
    const output = await restic({ what: 'mend', place: 'local', script, timeout: 6 * 3600 });
    if (output.code !== 0) throw notMended(config, lastWords(output));
  }
  tell('a whole generation stores anew what is damaged');
  return { whole: true, anew: due.anew };
}

const scriptOf = (name: string, packs: readonly string[]) => `${name} repair index --quiet || exit
there=$(${name} list packs --quiet | grep -oE '^(${packs.join('|')})')
[ -z "$there" ] || ${name} repair packs $there || exit`;

/** To be told when a whole generation is there that stands for it. */
export function mended(config: Config): void {
  const { failed, ...state } = stateOf(config, 'verify');
  if (!state.mend) return;
  // Whether older ones are whole again the next look tells: until then it is known that something was wrong.
  tellState(config, 'verify', { ...state, mend: undefined, found: undefined, ...(failed ? { failed } : {}) });
}

const notMended = (config: Config, cause: string) =>
  new RunbookError('changeFailed', {
    what: 'the damaged repositories of the host could not be mended',
    cause,
    next: `docs/runbooks/backup.md, "What is damaged": move ${backupPaths(config).root} aside and begin anew`,
  });
