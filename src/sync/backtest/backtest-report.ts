import { type Improvement, type ImprovementInput, localDate, type Policy } from '../../domain/index.js';
import type { Instant } from '../../kit/index.js';
import type { BacktestAsk } from './backtest.js';

/** One improvement that would have been raised. */
export interface WouldRaise {
  readonly at: Instant;
  readonly rule: string;
  readonly kind: Improvement['kind'];
  readonly title: string;
  /** The case that it would have answered. */
  readonly case: string;
  readonly priority: Improvement['priority']['band'];
  readonly services: readonly string[];
  /** Numbers of the records that it would have been raised from, and the days on which these occurred. */
  readonly triggers: readonly string[];
  readonly days: readonly string[];
  /** How many further records would have joined it, and the day of the last of them. */
  readonly joined: number;
  readonly lastJoined?: string;
  /** It would have followed one that was supposed to be closed. */
  readonly recursAfter?: string;
  readonly id: string;
}

/** What a backtest found. */
export interface Backtest {
  readonly from: string;
  readonly to: string;
  /** Inputs in these days, by category. */
  readonly inputs: readonly { readonly category: string; readonly count: number }[];
  readonly raised: readonly WouldRaise[];
  readonly rules: readonly { readonly rule: string; readonly raised: number }[];
  /** By the Monday on which the week begins. `held` of the new tickets would have waited for another day under the cap. */
  readonly weeks: readonly { readonly week: string; readonly raised: number; readonly held: number }[];
  /** The most tickets that would have waited at once. */
  readonly mostHeld: number;
  readonly joined: number;
  readonly suppressed: number;
  /** Categories that had inputs, or are approved, and from which nothing would have been raised. */
  readonly neverFired: readonly string[];
}

/** Puts what was found into order. */
export function reportOf(of: {
  readonly ask: BacktestAsk;
  readonly policy: Policy;
  readonly timeZone: string;
  readonly improvements: readonly Improvement[];
  readonly inputs: ReadonlyMap<string, ImprovementInput>;
  readonly counted: ReadonlyMap<string, number>;
  readonly joined: number;
  readonly suppressed: number;
}): Backtest {
  const { ask, policy, improvements, counted } = of;
  const raised = improvements.map((improvement) => wouldRaise(improvement, of));
  const fired = new Set(improvements.flatMap(({ triggers }) => triggers.map((id) => of.inputs.get(id)?.category)));
  return {
    from: ask.from,
    to: ask.to,
    inputs: [...counted].map(([category, count]) => ({ category, count })).toSorted((a, b) => (a.category < b.category ? -1 : 1)),
    raised,
    rules: policy.rules.map(({ id }) => ({ rule: id, raised: improvements.filter(({ rule }) => rule === id).length })),
    ...capped(raised, policy.newTicketsPerDay, of.timeZone),
    joined: of.joined,
    suppressed: of.suppressed,
    neverFired: policy.categories.map(({ id }) => id).filter((id) => !fired.has(id)),
  };
}

function wouldRaise(improvement: Improvement, { inputs, timeZone }: Parameters<typeof reportOf>[0]): WouldRaise {
  const all = [...improvement.triggers, ...improvement.joined]
    .flatMap((id) => inputs.get(id) ?? [])
    .toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
  // What it was raised from lies before its raising; what came later has joined.
  const first = all.filter(({ occurredAt }) => occurredAt <= improvement.raisedAt);
  const joined = all.slice(first.length);
  const last = joined.at(-1);
  return {
    id: improvement.id,
    at: improvement.raisedAt,
    rule: improvement.rule,
    kind: improvement.kind,
    title: improvement.title,
    case: improvement.caseKeys[0] ?? '',
    priority: improvement.priority.band,
    services: improvement.serviceIds,
    triggers: first.map(({ number }) => number),
    days: [...new Set(first.map(({ occurredAt }) => localDate(occurredAt, timeZone)))],
    joined: joined.length,
    ...(last !== undefined && { lastJoined: localDate(last.occurredAt, timeZone) }),
    ...(improvement.recursAfter !== undefined && { recursAfter: improvement.recursAfter }),
  };
}

/** Plays the cap: what a day cannot take waits, and goes out on the following days. */
function capped(raised: readonly WouldRaise[], cap: number, timeZone: string): Pick<Backtest, 'weeks' | 'mostHeld'> {
  const perDay = new Map<string, number>();
  for (const { at } of raised) perDay.set(localDate(at, timeZone), (perDay.get(localDate(at, timeZone)) ?? 0) + 1);
  const days = [...perDay.keys()].toSorted();
  const weeks = new Map<string, { raised: number; held: number }>();
  let [waiting, mostHeld] = [0, 0];
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return { weeks: [], mostHeld: 0 };
  for (let day = first; day <= last; day = next(day)) {
    const fresh = perDay.get(day) ?? 0;
    waiting = Math.max(0, waiting + fresh - cap);
    mostHeld = Math.max(mostHeld, waiting);
    const week = monday(day);
    const known = weeks.get(week) ?? { raised: 0, held: 0 };
    if (fresh > 0 || weeks.has(week)) weeks.set(week, { raised: known.raised + fresh, held: Math.max(known.held, waiting) });
  }
  return { weeks: [...weeks].map(([week, counts]) => ({ week, ...counts })), mostHeld };
}

function next(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

function monday(day: string): string {
  const date = new Date(day);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}
