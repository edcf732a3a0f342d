/** Minutes. */
const minute = 60_000;
/** No zone changes its offset twice within this. */
const aside = 3 * 60 * minute;

/**
 * An instant as a date of JQL, `2026-11-21 09:30`, in the time zone of the account that asks (which is how Jira reads it, to the minute).
 * Never later than the instant, whatever the clocks do there: a time that an account's clock shows twice, on the night when it is put back, is
 * replaced by the one before that it shows once only. So up to an hour more is found than was asked for, and nothing less.
 */
export function queryDate(ms: number, timeZone: string): string {
  const wall = wallTime(ms, timeZone);
  const readings = instantsOf(wall, ms, timeZone);
  const twice = readings.length < 2 ? 0 : Math.max(...readings) - Math.min(...readings);
  const earlier = new Date(Math.floor((wall - twice) / minute) * minute).toISOString();
  return `${earlier.slice(0, 10)} ${earlier.slice(11, 16)}`;
}

/** Every instant near `about` at which clocks in the zone show this wall time. */
export function instantsOf(wall: number, about: number, timeZone: string): readonly number[] {
  const offsets = [about - aside, about, about + aside].map((at) => wallTime(at, timeZone) - at);
  return [...new Set(offsets)].map((offset) => wall - offset).filter((at) => wallTime(at, timeZone) === wall);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks in the zone show at an instant, as if it were UTC. Whole seconds. Throws RangeError for a zone that nobody knows. */
export function wallTime(ms: number, timeZone: string): number {
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...parts });
  formats.set(timeZone, format);
  const value = Object.fromEntries(format.formatToParts(ms).map(({ type, value: text }) => [type, Number(text)]));
  const { year = 1970, month = 1, day = 1, hour = 0, minute: minutes = 0, second = 0 } = value;
  return Date.UTC(year, month - 1, day, hour, minutes, second) + (((ms % 1000) + 1000) % 1000);
}

/** Whether this is the name of a time zone, an old one included. */
export function isZone(name: string): boolean {
  try {
    return Number.isFinite(wallTime(0, name));
  } catch {
    return false;
  }
}
