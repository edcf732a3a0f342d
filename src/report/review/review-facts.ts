import { type Decision, type Gap, type Improvement, isOpen, localDate, type Measurement, plusCalendarDays } from '../../domain/index.js';
import {
  lastOfCategories,
  type PeriodCount,
  readJournal,
  recordsPerPeriod,
  recordsPerService,
  registerInParts,
  type ReviewDecision,
  reviewDecisions,
  type ServiceCount,
} from '../../store/index.js';
import { type ReportContext, shownAt } from '../context.js';
import { gapsOfEach } from '../gaps-of-register.js';
import { isWithin, type Period, periodOf, periodsWithin } from '../period.js';
import { type MeasuredObjective, measuredObjectives } from './objective-numbers.js';

/** What a management review looks at, gathered once. */
export interface ReviewFacts {
  readonly period: Period;
  /** As many days, right before it. */
  readonly before: Period;
  readonly months: readonly Period[];
  readonly quarters: readonly Period[];
  /** `YYYY-MM-DD` of the instant that is shown. */
  readonly today: string;
  readonly all: readonly Improvement[];
  readonly raised: readonly Improvement[];
  readonly closed: readonly Improvement[];
  readonly open: readonly Improvement[];
  /** Decisions that were taken in the period, each with its improvement. */
  readonly decided: readonly { readonly improvement: Improvement; readonly decision: Decision }[];
  /** Final results of the period. */
  readonly results: readonly { readonly improvement: Improvement; readonly measurement: Measurement }[];
  readonly gaps: readonly { readonly improvement: Improvement; readonly gap: Gap }[];
  readonly decisions: readonly ReviewDecision[];
  /** Records per category: 0 is the period before, 1 this one. */
  readonly records: readonly PeriodCount[];
  readonly perService: readonly ServiceCount[];
  readonly lastOf: readonly { readonly category: string; readonly last: string; readonly records: number }[];
  /** Objectives that the records can measure, at both ends of the period. */
  readonly measured: readonly MeasuredObjective[];
  /** Changes of the rules in the period, as the journal tells them. */
  readonly rulesChanged: readonly { readonly at: string; readonly what: string }[];
}

/** Gathers everything for the days from `from` to `to`. Reads the register once. */
export async function reviewFacts(context: ReportContext, from: string, to: string): Promise<ReviewFacts> {
  const { db, config, asOf } = context;
  const zone = config.settings.organisation.timeZone;
  const period = periodOf(from, to, zone);
  const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
  const before = periodOf(plusCalendarDays(from, -days), plusCalendarDays(from, -1), zone);
  const all: Improvement[] = [];
  for await (const part of registerInParts(db, asOf === undefined ? {} : { asOf })) all.push(...part);
  const gaps = await gapsOfEach(context, all);
  const within = (at: string | undefined): boolean => at !== undefined && isWithin(at, period);
  return {
    period,
    before,
    months: periodsWithin(from, to, 'month', zone),
    quarters: periodsWithin(from, to, 'quarter', zone),
    today: localDate(shownAt(context), zone),
    all,
    raised: all.filter(({ raisedAt }) => within(raisedAt)),
    closed: all.filter(({ closure }) => within(closure?.at)),
    open: all.filter(isOpen),
    decided: all.flatMap((improvement) =>
      improvement.decisions.filter(({ at }) => within(at)).map((decision) => ({ improvement, decision })),
    ),
    results: all.flatMap((improvement) =>
      improvement.measurements
        .filter((measurement) => measurement.final === true && within(measurement.at))
        .map((measurement) => ({ improvement, measurement })),
    ),
    gaps: all.flatMap((improvement, at) => (gaps[at] ?? []).map((gap) => ({ improvement, gap }))),
    decisions: await reviewDecisions(db, asOf),
    records: await recordsPerPeriod(db, [before.fromAt, period.fromAt, period.toAt]),
    perService: await recordsPerService(
      db,
      config.policy.categories.map(({ id }) => id),
      period.fromAt,
      period.toAt,
    ),
    lastOf: await lastOfCategories(db, shownAt(context)),
    measured: await measuredObjectives(db, config.policy, {
      from: period.fromAt,
      to: shownAt(context) < period.toAt ? shownAt(context) : period.toAt,
    }),
    rulesChanged: await rulesChanged(context, period),
  };
}

async function rulesChanged({ db }: ReportContext, period: Period): Promise<ReviewFacts['rulesChanged']> {
  const kinds = ['rules-changed', 'mappings-changed', 'gate-switched-off', 'gate-switched-on'];
  const entries = await Promise.all(kinds.map((kind) => readJournal(db, { kind, last: true })));
  return entries
    .flat()
    .filter(({ at }) => isWithin(at, period))
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ at, kind, because, subject }) => ({
      at,
      what: `${kind.replaceAll('-', ' ')} (${subject})${because === undefined ? '' : `: ${because}`}`,
    }));
}

/** How many records of a category the period before (0) or this one (1) brought. */
export function recordsIn(facts: ReviewFacts, category: string, period: 0 | 1): number {
  return facts.records.find((count) => count.category === category && count.period === period)?.records ?? 0;
}
