import { type Mark, readMark, thingOf } from '../../core/mark.ts';
import { quote, quoteAll } from '../../core/quote.ts';
import type { OwnedSpec } from '../../core/spec.ts';
import { rows } from '../text.ts';

/** The marks on a host, and what is there of the things that are marked and wanted no more. */
export interface FoundMarks {
  readonly marks: readonly Mark[];
  /** By thing: the hash of a file, or `other` for what is no file. What is not there is not in it. */
  readonly states: ReadonlyMap<string, string>;
}

/**
 * Of what is wanted nothing is asked here: the other kinds have. On a host without marks, files that begin with our header
 * are looked for, because a version before marks may have left some. What mounts data is not among them.
 */
export function marksSnippet({ path, wanted, header, searched }: OwnedSpec): string {
  const things = wanted.map(({ mark }) => thingOf(mark));
  return `nl='
'
wanted=${quote(`\n${things.join('\n')}\n`)}
if [ -e ${quote(path)} ]; then
  sed 's/^/mark\\t/' ${quote(path)}
else
  find ${quoteAll(searched)} -maxdepth 4 -type f ! -name '*.mount' -size -64k -exec awk ${quote(byHeader(header))} {} + 2>/dev/null | sed 's/.*/mark\\tfile\\t&\\t-\\t-/'
fi | while IFS= read -r line; do
  printf '%s\\n' "$line"
  thing="\${line#mark\t}"; name="\${thing#*\t}"; name="\${name%%\t*}"; thing="\${thing%%\t*}\t$name"
  case "$wanted" in *"$nl$thing$nl"*) continue ;; esac
  case "$name" in /*) ;; *) continue ;; esac
  if [ -f "$name" ] && [ ! -L "$name" ]; then printf 'state\\t%s\\t%s\\n' "$thing" "$(sha256sum <"$name" | cut -d' ' -f1)"
  elif [ -e "$name" ] || [ -L "$name" ]; then printf 'state\\t%s\\tother\\n' "$thing"; fi
done
true`;
}

/** A program for awk that names the files whose first line says that they are ours. */
const byHeader = (header: string) =>
  `{ if ($0 == ${JSON.stringify(`# ${header}`)} || $0 == ${JSON.stringify(`// ${header}`)}) print FILENAME; nextfile }`;

const sshdFolder = '/etc/ssh/sshd_config.d/';

export function parseMarks(text: string): FoundMarks {
  const found = rows(text);
  const marks = found.flatMap(([word, ...fields]) => (word === 'mark' ? (readMark(fields) ?? []) : []));
  // What closes the way in may go only when somebody has proven that he gets in without it.
  const isSshd = ({ type, name, value }: Mark) => type === 'file' && value === '' && name.includes(sshdFolder);
  return {
    marks: marks.map((mark) => (isSshd(mark) ? { ...mark, type: 'sshd' } : mark)),
    states: new Map(
      found.flatMap(([word, type, name, state]) =>
        word === 'state' && state ? [[`${type}\t${name}`, state] as const] : [],
      ),
    ),
  };
}
