import { fromWallTime, offsetMinutes } from '../zone.js';
import type { FunctionCall, Operand } from './parse.js';

const unitMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};
const dayMs = 86_400_000;

/** What a date in a query is read against. */
export interface DateScope {
  readonly now: number;
  readonly timeZone: string;
}

/**
 * The instant that a date operand means, in milliseconds; undefined when it cannot be read.
 * Bare dates have minute precision and are read in the caller's time zone; an unquoted number is milliseconds since the epoch.
 */
export function readDate(operand: Operand, scope: DateScope): number | undefined {
  if (operand.kind === 'empty') return undefined;
  if (operand.kind === 'function') return readDateFunction(operand, scope);
  if (!operand.quoted && /^-?\d+$/.test(operand.text) && operand.text.length > 4) return Number(operand.text);
  const date = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?: (\d{1,2}):(\d{2}))?$/.exec(operand.text.trim());
  if (date !== null) {
    const [, year, month, day, hour = '0', minute = '0'] = date;
    const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
    const isReal = Number(month) <= 12 && new Date(wall).getUTCDate() === Number(day) && Number(hour) < 24 && Number(minute) < 60;
    return isReal ? fromWallTime(scope.timeZone, wall) : undefined;
  }
  const period = readPeriod(operand.text);
  return period === undefined ? undefined : scope.now + period;
}

/** `-5d`, `4w 2d`, `-1h 30m`: milliseconds; undefined when it is no period. A month counts 30 days, a year 365. */
export function readPeriod(text: string): number | undefined {
  const whole = /^([+-]?)((?:\d+[yMwdhm]\s*)+)$/.exec(text.trim());
  if (whole === null) return undefined;
  const parts = [...(whole[2] ?? '').matchAll(/(\d+)([yMwdhm])/g)];
  const sum = parts.reduce((total, [, count, unit]) => total + Number(count) * (unitMs[unit ?? ''] ?? 0), 0);
  return whole[1] === '-' ? -sum : sum;
}

function readDateFunction(call: FunctionCall, scope: DateScope): number | undefined {
  const name = call.name.toLowerCase();
  if (name === 'now' || name === 'currentlogin') return scope.now;
  const wallNow = scope.now + offsetMinutes(scope.timeZone, scope.now) * 60_000;
  const edge = edgeOf(name, Math.floor(wallNow / dayMs) * dayMs);
  if (edge === undefined) return undefined;
  const argument = call.args.join('').replaceAll(/^(\+?-?\d+)$/g, '$1d');
  const shift = argument === '' ? 0 : readPeriod(argument);
  return shift === undefined ? undefined : fromWallTime(scope.timeZone, edge + shift);
}

function edgeOf(name: string, day: number): number | undefined {
  const date = new Date(day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const weekStart = day - date.getUTCDay() * dayMs;
  switch (name) {
    case 'startofday':
      return day;
    case 'endofday':
      return day + dayMs - 1;
    case 'startofweek':
      return weekStart;
    case 'endofweek':
      return weekStart + 7 * dayMs - 1;
    case 'startofmonth':
      return Date.UTC(year, month, 1);
    case 'endofmonth':
      return Date.UTC(year, month + 1, 1) - 1;
    case 'startofyear':
      return Date.UTC(year, 0, 1);
    case 'endofyear':
      return Date.UTC(year + 1, 0, 1) - 1;
    default:
      return undefined;
  }
}
