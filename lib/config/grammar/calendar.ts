/**
 * The OnCalendar grammar of systemd.time(7), checked here because a wrong expression would only show on the host, as a
 * timer that does not load. It takes nothing that systemd refuses; a point in time (`@1700000000`) is left out since a
 * timer made of it fires once.
 */

const shortcuts = [
  'minutely',
  'hourly',
  'daily',
  'weekly',
  'monthly',
  'quarterly',
  'semiannually',
  'yearly',
  'annually',
];
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const longest = 200;
const form = 'allowed is "[weekday] [year-month-day] [hour:minute[:second]] [timezone]" or one of';

/** What is wrong with the expression, or undefined. */
export function calendarProblem(expression: string): string | undefined {
  if (expression.length > longest) return `has ${expression.length} characters, allowed are at most ${longest}`;
  if (!/^[\x20-\x7e]*$/.test(expression))
    return `holds a character that no calendar expression has, ${form} ${shortcuts.join(', ')}`;
  const words = expression.split(' ').filter((word) => word !== '');
  const zone = words.length > 1 && isZone(words.at(-1)!) ? words.pop()! : undefined;
  if (zone !== undefined && !knownZone(zone)) {
    return `the timezone ${zone} is not known, allowed is UTC or a name of the timezone database, for example Europe/Vienna`;
  }
  if (words.length === 0) return `names no time, ${form} ${shortcuts.join(', ')}`;
  if (words.length === 1 && shortcuts.includes(words[0]!.toLowerCase())) return undefined;
  if (/^[a-z]/i.test(words[0]!)) {
    const problem = weekdayProblem(words.shift()!);
    if (problem) return problem;
  }
  if (words[0] !== undefined && !words[0].includes(':')) {
    const problem = dateProblem(words.shift()!);
    if (problem) return problem;
  }
  const time = words.shift();
  if (words.length > 0) return `has "${words[0]}" after its end, ${form} ${shortcuts.join(', ')}`;
  return time === undefined ? undefined : timeProblem(time);
}

/** Whether the expression fires on every single day. Only for one that has no problem. */
export function isDaily(expression: string): boolean {
  const words = expression
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '');
  if (['minutely', 'hourly', 'daily'].includes(words[0]!)) return true;
  if (/^[a-z]/.test(words[0]!)) return false;
  return words[0]!.includes(':') || /^(\*-)?\*-\*$/.test(words[0]!);
}

function isZone(word: string): boolean {
  return /^[a-z]/i.test(word) && (word.includes('/') || !isWeekdays(word));
}

/** Names that every system has: abbreviations and the names of countries are in a package of their own, or in none. */
const areas =
  /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)(\/[A-Z][a-z]+([_-][A-Za-z][A-Za-z]*)*)+$|^Etc\/UTC$/;

function knownZone(zone: string): boolean {
  if (zone === 'UTC') return true;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions();
    // To Intl the case is all one, to a file name it is not.
    const otherCase = timeZone !== zone && timeZone.toLowerCase() === zone.toLowerCase();
    return areas.test(zone) && !otherCase;
  } catch {
    return false;
  }
}

function isWeekdays(word: string): boolean {
  return weekdayProblem(word) === undefined;
}

function weekdayProblem(word: string): string | undefined {
  for (const part of word.replace(/,$/, '').split(',')) {
    const days = part
      .split('..')
      .map((day) => weekdays.findIndex((name) => [name, name.slice(0, 3)].includes(day.toLowerCase())));
    if (days.length > 2 || days.includes(-1)) {
      return `"${part}" is not a weekday, a range of them or a shortcut, allowed are Mon to Sun, Mon..Fri, or one of ${shortcuts.join(', ')}`;
    }
    if (days.length === 2 && days[0]! > days[1]!)
      return `the weekdays ${part} run backwards, allowed is from Mon to Sun`;
  }
  return undefined;
}

function dateProblem(date: string): string | undefined {
  const match = /^(?:([^-~]+)-)?([^-~]+)([-~])([^-~]+)$/.exec(date);
  if (!match)
    return `"${date}" is not a date, allowed is year-month-day, for example *-*-* or *-*-01 or Mon..Fri *-*-*`;
  const [, year = '*', month = '', sign, day = ''] = match;
  // After `~` days count from the end of the month, which every month has 28 of, and a step goes towards the end.
  const fromEnd = sign === '~';
  return (
    componentProblem('year', year, 1970, 2199) ??
    componentProblem('month', month, 1, 12) ??
    componentProblem('day', day, 1, fromEnd ? 28 : 31, fromEnd)
  );
}

function timeProblem(time: string): string | undefined {
  const parts = time.split(':');
  if (parts.length < 2 || parts.length > 3)
    return `"${time}" is not a time, allowed is hour:minute or hour:minute:second, for example 03:27`;
  const [hour = '', minute = '', second = '0'] = parts;
  return (
    componentProblem('hour', hour, 0, 23) ??
    componentProblem('minute', minute, 0, 59) ??
    componentProblem('second', second, 0, 59)
  );
}

const whole = /^(\d{1,4})(?:\.\.(\d{1,4}))?(?:\/(\d{1,4}))?$/;
const seconds = /^(\d{1,2}(?:\.\d{1,6})?)(?:\.\.(\d{1,2}(?:\.\d{1,6})?))?(?:\/(\d{1,2}(?:\.\d{1,6})?))?$/;

/** One place of a date or time: `*`, or a list of `start`, `start..stop`, `start/step`, `start..stop/step`. */
function componentProblem(name: string, text: string, from: number, to: number, down = false): string | undefined {
  if (text === '*') return undefined;
  const shape = name === 'second' ? seconds : whole;
  for (const part of text.split(',')) {
    const match = shape.exec(part);
    if (!match)
      return `the ${name} "${part}" is not understood, allowed is *, a number, a..b, a/step, and lists of them with commas`;
    const [start, stop, step] = match.slice(1).map((digits) => (digits === undefined ? undefined : Number(digits)));
    const values = [start!, ...(stop === undefined ? [] : [stop])].map((value) =>
      name === 'year' ? fullYear(value) : value,
    );
    if (values.some((value) => value < from || value >= to + 1))
      return `the ${name} "${part}" is out of range, allowed is ${from} to ${to}`;
    if (stop !== undefined && values[0]! > values[1]!) return `the ${name} range "${part}" runs backwards`;
    const room = down && stop === undefined ? values[0]! - from : (values[1] ?? to) - values[0]!;
    if (step !== undefined && (step === 0 || step > room)) {
      return `the step of the ${name} "${part}" never comes to a second value, allowed here is 1 to ${room}`;
    }
  }
  return undefined;
}

/** systemd reads two digits as 1970 to 2069. */
function fullYear(year: number): number {
  if (year >= 100) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}
