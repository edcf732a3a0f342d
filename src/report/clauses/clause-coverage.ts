import {
  type CategoryPart,
  hasFacts,
  type Improvement,
  type ImprovementInput,
  type InputCategory,
  severities,
  severityRank,
} from '../../domain/index.js';
import {
  inputReviews,
  inputsById,
  type InputReview,
  type PeriodCount,
  recordsOfPartPerPeriod,
  recordsPerPeriod,
  registerInParts,
  type ReviewDecision,
  reviewDecisions,
} from '../../store/index.js';
import type { ReportContext } from '../context.js';
import { isWithin, type Period } from '../period.js';
import { categoriesFeeding, partsFor, type ObligingClause, obligingClauses } from './obliging-clauses.js';

/** What one clause asked for and got in one period. */
export interface ClauseCell {
  /** Distinct records that its sources brought, as far as the clause asks for them. */
  readonly records: number;
  /** Improvements raised from them. */
  readonly improvements: readonly string[];
  /** "Reviewed, none found" (or found) by a named person, over days that touch this period. */
  readonly reviews: readonly InputReview[];
  /** Of 9.3: decisions of the management review that were taken in it. */
  readonly decisions: readonly string[];
  /**
   * `raised`: improvements came of it. `reviewed`: a person has looked, over the whole period. `unreviewed`: records, but neither an improvement nor a review.
   * `gap`: nothing, and nobody has looked. `no-source`: no approved input cites the clause.
   */
  readonly state: 'raised' | 'reviewed' | 'unreviewed' | 'gap' | 'no-source';
}

export interface ClauseRow {
  readonly clause: ObligingClause;
  readonly sources: readonly InputCategory[];
  /** One for each period. */
  readonly cells: readonly ClauseCell[];
}

/** The coverage of each obliging clause in each of these periods (oldest first, without holes). Reads the register and the inputs once. */
export async function clauseCoverage(context: ReportContext, periods: readonly Period[]): Promise<readonly ClauseRow[]> {
  const { db, config, asOf } = context;
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return [];
  const borders = [...periods.map(({ fromAt }) => fromAt), last.toAt];
  const counts = await recordsPerPeriod(db, borders);
  const known = (at: string): boolean => asOf === undefined || at <= asOf;
  const reviews = (await inputReviews(db, { from: first.from, to: last.to })).filter(({ at }) => known(at));
  const decisions = await reviewDecisions(db, asOf);
  const raised: Improvement[] = [];
  for await (const part of registerInParts(db, asOf === undefined ? {} : { asOf }))
    raised.push(
      ...part.filter(({ raisedAt, beforeAdoption }) => beforeAdoption === undefined && raisedAt >= first.fromAt && raisedAt < last.toAt),
    );
  const rows: ClauseRow[] = [];
  for (const clause of obligingClauses) {
    const sources = categoriesFeeding(config.policy, [clause.clause]);
    const ids = new Set(sources.map(({ id }) => id));
    const asked = await askedFor(context, clause, sources, { counts, raised, borders });
    rows.push({
      clause,
      sources,
      cells: periods.map((period, at) =>
        cellOf({
          clause,
          sources,
          period,
          records: asked.counts.filter((count) => count.period === at).reduce((sum, { records }) => sum + records, 0),
          improvements: asked.raised.filter((each) => isWithin(each.raisedAt, period)).map(({ id }) => id),
          reviews: reviews.filter(({ category, from, to }) => ids.has(category) && from <= period.to && to >= period.from),
          decisions,
        }),
      ),
    });
  }
  return rows;
}

/** Of everything that its sources brought and led to, what the clause asks for: all of it, but for categories of which it asks for a part only. */
async function askedFor(
  { db }: ReportContext,
  { clause }: ObligingClause,
  sources: readonly InputCategory[],
  found: { readonly counts: readonly PeriodCount[]; readonly raised: readonly Improvement[]; readonly borders: readonly string[] },
): Promise<{ readonly counts: readonly PeriodCount[]; readonly raised: readonly Improvement[] }> {
  const counts: PeriodCount[] = [];
  const raised: Improvement[] = [];
  for (const source of sources) {
    const parts = partsFor(source, clause);
    const own = found.raised.filter(({ category }) => category === source.id);
    if (parts === undefined) {
      counts.push(...found.counts.filter(({ category }) => category === source.id));
      raised.push(...own);
      continue;
    }
    const asks = parts.map(({ severityAtLeast, facts }) => ({
      ...(severityAtLeast === undefined ? {} : { severities: severities.slice(severityRank(severityAtLeast)) }),
      ...(facts === undefined ? {} : { facts }),
    }));
    const ofPart = await recordsOfPartPerPeriod(db, source.id, asks, found.borders);
    counts.push(...ofPart.map((count) => ({ ...count, category: source.id })));
    const triggers = new Map(
      (
        await inputsById(
          db,
          own.flatMap((each) => each.triggers),
        )
      ).map((input) => [input.id, input]),
    );
    raised.push(...own.filter((each) => each.triggers.some((id) => isOneOf(parts, triggers.get(id)))));
  }
  return { counts, raised };
}

function isOneOf(parts: readonly CategoryPart[], input: ImprovementInput | undefined): boolean {
  if (input === undefined) return false;
  return parts.some(
    ({ severityAtLeast, facts }) =>
      (severityAtLeast === undefined || severityRank(input.severity) >= severityRank(severityAtLeast)) && hasFacts(input, facts),
  );
}

function cellOf(of: {
  readonly clause: ObligingClause;
  readonly sources: readonly InputCategory[];
  readonly period: Period;
  readonly records: number;
  readonly improvements: readonly string[];
  readonly reviews: readonly InputReview[];
  readonly decisions: readonly ReviewDecision[];
}): ClauseCell {
  const { sources, period, records, improvements, reviews } = of;
  const decisions = of.clause.clause === '9.3' ? of.decisions.filter(({ at }) => isWithin(at, period)).map(({ id }) => id) : [];
  const found = { records: records + decisions.length, improvements, reviews, decisions };
  if (improvements.length > 0 || decisions.length > 0) return { ...found, state: 'raised' };
  if (isReviewed(sources, period, reviews)) return { ...found, state: 'reviewed' };
  if (sources.length === 0 && of.clause.clause !== '9.3') return { ...found, state: 'no-source' };
  return { ...found, state: records > 0 ? 'unreviewed' : 'gap' };
}

/** Whether somebody has looked at every source on every day of the period. */
function isReviewed(sources: readonly InputCategory[], period: Period, reviews: readonly InputReview[]): boolean {
  if (sources.length === 0) return false;
  return sources.every(({ id }) => {
    let day = period.from;
    for (const { from, to } of reviews.filter(({ category }) => category === id).toSorted((a, b) => (a.from < b.from ? -1 : 1)))
      if (from <= day && to >= day) day = nextDay(to);
    return day > period.to;
  });
}

function nextDay(date: string): string {
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
}
