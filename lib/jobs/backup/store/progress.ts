import { size } from '../../../core/size.ts';
import { isTrace } from './words.ts';

interface Message {
  readonly message_type?: string;
  readonly bytes_done?: number;
  readonly total_bytes?: number;
  readonly seconds_elapsed?: number;
  readonly files_done?: number;
  readonly total_bytes_processed?: number;
  readonly total_duration?: number;
  readonly files_new?: number;
  readonly files_changed?: number;
  readonly data_added_packed?: number;
}

/**
 * Tells what restic prints in words for people: bytes, rate and time left while it works, what came of it in the end. Where
 * restic does not count beforehand, `expected` is about how many bytes it will read. What is under way is told less often the
 * longer it takes, so that a run of days fills no journal: at most 200 lines.
 */
export function progressOf(tell: (text: string) => void, expected?: number): (line: string) => void {
  let next = 1;
  const underWay = (seconds: number, text: string) => {
    // What begins anew counts anew: a run of several steps.
    if (seconds < next / 2 - 5) next = 1;
    if (seconds < next) return;
    next = Math.max(seconds + 5, seconds * 1.05);
    tell(text);
  };
  return (line) => {
    if (line.startsWith('[{') || line === '[]' || line.trim() === '' || isTrace(line)) return;
    const step = /^\[(?:(\d+):)?(\d+):(\d\d)\] ([0-9.]+)% {2}(.*)$/.exec(line);
    if (step) {
      const [, hours = '0', minutes = '0', rest = '0', percent = '0', what = ''] = step;
      const seconds = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
      underWay(seconds, `${Math.floor(Number(percent))} %: ${what}${leftText(Number(percent), 100, seconds)}`);
    } else if (line.startsWith('{')) {
      const message = parsed(line);
      if (message?.message_type === 'status') underWay(message.seconds_elapsed ?? 0, statusText(message, expected));
      if (message?.message_type === 'summary') tell(summaryText(message));
    } else if (!ofCopy.test(line)) {
      tell(line.length > longest ? `${line.slice(0, longest)} ...` : line);
    }
  };
}

/** What a copy says of each snapshot: ids that nobody else names. */
const ofCopy = /^\s*copy started|^snapshot [0-9a-f]+ (of \[|saved, copied from)/;

/** Characters of a line of restic's own: it names a snapshot by all paths that it was given. */
const longest = 200;

function parsed(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
}

function statusText(message: Message, expected?: number): string {
  const { bytes_done: bytes = 0, seconds_elapsed: seconds = 1, files_done: files = 0 } = message;
  const total = message.total_bytes ?? expected ?? 0;
  const of = total > bytes ? ` of about ${size(total)}` : '';
  return `${size(bytes)}${of} in ${files} files, ${size(bytes / seconds)} a second${leftText(bytes, total, seconds)}`;
}

/** Nothing where it is not known, or all that was expected is done. */
function leftText(done: number, total: number, seconds: number): string {
  if (done <= 0 || total <= done || seconds < 1) return '';
  const left = (seconds * (total - done)) / done;
  if (left < 90) return `, about ${Math.ceil(left)} s left`;
  return left < 5400 ? `, about ${Math.round(left / 60)} min left` : `, about ${Math.round(left / 3600)} h left`;
}

function summaryText(message: Message): string {
  const {
    files_new: fresh = 0,
    files_changed: changed = 0,
    total_bytes_processed: bytes = 0,
    total_duration: seconds = 0,
  } = message;
  return `read ${size(bytes)} in ${seconds.toFixed(1)} s: ${fresh + changed} files are new or changed, ${size(message.data_added_packed ?? 0)} stored`;
}
