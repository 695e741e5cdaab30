import { atLeast, currentRelease } from './release.ts';

export type Level = 'T' | 'D' | 'I' | 'W' | 'E' | 'C' | 'F';
const ORDER: Level[] = ['T', 'D', 'I', 'W', 'E', 'C', 'F'];
const NAMES: Record<string, Level> = {
  trace: 'T',
  debug: 'D',
  info: 'I',
  warn: 'W',
  warning: 'W',
  error: 'E',
  critical: 'C',
  fatal: 'F',
  none: 'F',
};

let threshold: Level = 'I';

/** Sets the lowest level that is printed, by Gitea's own names ("Info", "Warn", ...); unknown names mean info. */
export function setLogLevel(name: string): void {
  threshold = NAMES[name.trim().toLowerCase()] ?? 'I';
}

/** Gitea cuts long source paths; how it cuts them changed with 1.24. */
export function mediumFile(file: string, since124: boolean): string {
  if (!since124) return file.length > 20 ? `...${file.slice(-20)}` : file;
  if (file.length <= 20) return file;
  const slash = file.lastIndexOf('/', file.length - 21);
  return slash < 0 ? file : `.../${file.slice(slash + 1)}`;
}

const two = (n: number): string => String(n).padStart(2, '0');

export function stamp(date: Date): string {
  const day = `${date.getFullYear()}/${two(date.getMonth() + 1)}/${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `where` is "dir/file.go:12:func()", or a bare caller such as "HTTPRequest". */
export function log(level: Level, where: string, message: string): void {
  if (ORDER.indexOf(level) < ORDER.indexOf(threshold)) return;
  const since124 = atLeast(currentRelease(), 1, 24);
  const at = where.indexOf(':');
  const place = at < 0 ? where : mediumFile(where.slice(0, at), since124) + where.slice(at);
  process.stdout.write(`${stamp(new Date())} ${place} [${level}] ${message.replace(/\n$/, '')}\n`);
}

/** Gitea's log.Fatal: one line, then exit code 1. */
export function fatal(where: string, message: string): never {
  log('F', where, message);
  process.exit(1);
}
