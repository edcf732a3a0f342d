import type { Instant } from '../../kit/index.js';
import { dayMs, instantOf, localDate, millis } from '../instant.js';

/** A calendar month or quarter of the organisation. */
export interface Period {
  /** `2026-03`, `2026-Q1` */
  readonly name: string;
  /** Half-open: `from` is inside, `to` is not. */
  readonly from: Instant;
  readonly to: Instant;
}

/** The period that an instant falls into, in the organisation's time zone. */
export function periodAt(at: Instant, length: 'month' | 'quarter', timeZone: string): Period {
  const [year = 1970, month = 1] = localDate(at, timeZone).split('-').map(Number);
  const months = length === 'month' ? 1 : 3;
  const first = month - ((month - 1) % months);
  const name = length === 'month' ? `${year}-${two(month)}` : `${year}-Q${Math.ceil(month / 3)}`;
  return { name, from: startOfMonth(year, first, timeZone), to: startOfMonth(year, first + months, timeZone) };
}

/** The period before it. */
export function periodBefore(period: Period, length: 'month' | 'quarter', timeZone: string): Period {
  return periodAt(instantOf(millis(period.from) - dayMs), length, timeZone);
}

function startOfMonth(year: number, month: number, timeZone: string): Instant {
  const [y, m] = month > 12 ? [year + 1, month - 12] : [year, month];
  return startOfDate(`${y}-${two(m)}-01`, timeZone);
}

// Finding where a day begins asks the time zone many times over, and the same few days are asked for over and over.
const known = new Map<string, Instant>();

/** The first instant of a calendar day (`YYYY-MM-DD`) in a time zone. Zones begin their days on a quarter of an hour, at most 15 hours off UTC. */
export function startOfDate(date: string, timeZone: string): Instant {
  const name = `${timeZone} ${date}`;
  const found = known.get(name);
  if (found !== undefined) return found;
  let low = Date.parse(`${date}T00:00:00.000Z`) - 15 * hourMs;
  let high = low + 30 * hourMs;
  while (high - low > quarterMs) {
    const middle = low + Math.floor((high - low) / 2 / quarterMs) * quarterMs;
    if (localDate(instantOf(middle), timeZone) < date) low = middle;
    else high = middle;
  }
  const start = instantOf(high);
  if (known.size > 10_000) known.clear();
  known.set(name, start);
  return start;
}

const hourMs = 3_600_000;
const quarterMs = 900_000;

function two(n: number): string {
  return String(n).padStart(2, '0');
}
