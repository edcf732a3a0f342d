import type { Instant } from '../kit/index.js';

export const dayMs = 86_400_000;
export const weekMs = 7 * dayMs;

/** Milliseconds since 1970 of a UTC instant. Compared as numbers, because instants with and without a fraction do not compare as strings. */
export function millis(at: Instant): number {
  const value = Date.parse(at);
  if (Number.isNaN(value)) throw new RangeError(`not an instant: ${at}`);
  return value;
}

/** The instant of a number of milliseconds since 1970, always with three decimals. */
export function instantOf(ms: number): Instant {
  return new Date(ms).toISOString();
}

/** The instant `days` times 24 hours later; earlier when negative. */
export function plusDays(at: Instant, days: number): Instant {
  return instantOf(millis(at) + days * dayMs);
}

/** Whether `a` is earlier than `b`. Instants of equal length compare as text, which is many times faster than parsing them. */
export function isBefore(a: Instant, b: Instant): boolean {
  return a.length === b.length ? a < b : millis(a) < millis(b);
}

/** Negative when `a` is earlier than `b`, positive when later, 0 when they are the same instant: for sorting. */
export function compareInstants(a: Instant, b: Instant): number {
  if (a.length !== b.length) return millis(a) - millis(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The later of the given instants; undefined when there is none. */
export function latest(instants: readonly (Instant | undefined)[]): Instant | undefined {
  return instants.reduce((best, at) => (at !== undefined && (best === undefined || isBefore(best, at)) ? at : best), undefined);
}

/** The earlier of the given instants; undefined when there is none. */
export function earliest(instants: readonly (Instant | undefined)[]): Instant | undefined {
  return instants.reduce((best, at) => (at !== undefined && (best === undefined || isBefore(at, best)) ? at : best), undefined);
}

// Making a formatter costs far more than using it; which one is made depends on the zone alone, so keeping it changes no answer.
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of an instant in the organisation's time zone (IANA name), `YYYY-MM-DD`. Deterministic: zone and instant come in. */
export function localDate(at: Instant, timeZone: string): string {
  // The first formatter of a process brings 8 MB of calendars with it.
  if (timeZone === 'UTC') return new Date(millis(at)).toISOString().slice(0, 10);
  const formatter =
    formatters.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formatters.set(timeZone, formatter);
  const parts = formatter.formatToParts(new Date(millis(at)));
  const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** The calendar day `days` later; days are counted on the calendar, so daylight saving does not shift them. */
export function plusCalendarDays(date: string, days: number): string {
  return plusDays(`${date}T00:00:00.000Z`, days).slice(0, 10);
}
