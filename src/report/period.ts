import { dayMs, instantOf, localDate, millis, plusCalendarDays } from '../domain/index.js';
import type { Instant } from '../kit/index.js';

/** Days of the organisation's calendar, both included, and the instants at which they begin and end. */
export interface Period {
  /** `2026-03`, `2026-Q1`, or the two days. */
  readonly name: string;
  /** `YYYY-MM-DD` */
  readonly from: string;
  readonly to: string;
  readonly fromAt: Instant;
  /** The first instant that is no longer in it. */
  readonly toAt: Instant;
}

export const periodKinds = ['month', 'quarter'] as const;
export type PeriodKind = (typeof periodKinds)[number];

const quarterHourMs = 900_000;

/** The instant at which a day begins in a time zone. Zones begin their days on a quarter of an hour, at most 14 hours away from UTC. */
export function startOfDate(date: string, timeZone: string): Instant {
  const utc = millis(`${date}T00:00:00.000Z`);
  for (let at = utc - 14 * 4 * quarterHourMs; at < utc + dayMs; at += quarterHourMs)
    if (localDate(instantOf(at), timeZone) >= date) return instantOf(at);
  return instantOf(utc);
}

/** The days from `from` to `to`, both included (`YYYY-MM-DD`). */
export function periodOf(from: string, to: string, timeZone: string, name = `${from} to ${to}`): Period {
  return { name, from, to, fromAt: startOfDate(from, timeZone), toAt: startOfDate(plusCalendarDays(to, 1), timeZone) };
}

/** The months or quarters that these days fall into, each cut to them; oldest first. */
export function periodsWithin(from: string, to: string, kind: PeriodKind, timeZone: string): readonly Period[] {
  const periods: Period[] = [];
  for (let start = from; start <= to;) {
    const end = lastDay(start, kind);
    const last = end < to ? end : to;
    periods.push(periodOf(start, last, timeZone, nameOfPeriod(start, kind)));
    start = plusCalendarDays(last, 1);
  }
  return periods;
}

/** The quarter or month of a day: `2026-Q1`, `2026-03`. */
export function nameOfPeriod(date: string, kind: PeriodKind): string {
  const month = Number(date.slice(5, 7));
  return kind === 'month' ? date.slice(0, 7) : `${date.slice(0, 4)}-Q${Math.ceil(month / 3)}`;
}

function lastDay(date: string, kind: PeriodKind): string {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))];
  const next = kind === 'month' ? month + 1 : Math.floor((month - 1) / 3) * 3 + 4;
  const first = next > 12 ? `${year + 1}-${String(next - 12).padStart(2, '0')}-01` : `${year}-${String(next).padStart(2, '0')}-01`;
  return plusCalendarDays(first, -1);
}

/** Whether an instant lies in a period. */
export function isWithin(at: Instant, period: Pick<Period, 'fromAt' | 'toAt'>): boolean {
  const value = millis(at);
  return value >= millis(period.fromAt) && value < millis(period.toAt);
}

/** Index of the period that an instant lies in, -1 for none. */
export function periodIndex(at: Instant, periods: readonly Period[]): number {
  return periods.findIndex((period) => isWithin(at, period));
}
