import type { Output } from '../../../host/port.ts';

/**
 * Whether a line of restic's says where in restic it was, which it adds to some failures: a function, and below it a file with
 * the line. Both are of no use to people. Pure.
 */
export const isTrace = (line: string): boolean =>
  /^\t\S+\.(go|s):\d+$|^(main|runtime|(github\.com|golang\.org)\/\S+)\.\S+$/.test(line);

/** restic's own last words, which say enough to people; pure. */
export function lastWords({ stdout, stderr }: Output): string {
  return `${stdout}\n${stderr}`
    .split('\n')
    .map((line) => line.replaceAll('\r', ''))
    .filter((line) => line.trim() !== '' && !isTrace(line) && !line.includes('"message_type":"status"'))
    .slice(-6)
    .map((line) => line.slice(0, 400))
    .join('\n');
}
