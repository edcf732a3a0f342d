import type { ImprovementInput } from '../inputs/input.js';
import type { Period } from '../inputs/period.js';
import { mean, sum } from '../effectiveness/statistics.js';
import { byOccurrence } from '../inputs/case.js';
import type { AssessmentRule, ChangesRule, FindingsRule, ServiceLevelsRule, SupplierRule, TrendRule } from './raise-rule.js';
import { compareRise } from './rise.js';
import { windowAround } from './rules.js';

/** What a rule over a scope has found: a title and a sentence with the numbers, and how many records it counted. */
export interface ScopeJudgement {
  /** Of the scope, so that `Checkout: ` or the like stands before it. */
  readonly title: string;
  readonly because: string;
  readonly amount: number;
}

/** Fewer whole weeks of past tell nothing about a trend. */
export const leastPastWeeks = 4;

/** Whether the rate of the window is up against the baseline: by as much as the rule asks, and by more than chance. */
export function judgeTrend(rule: TrendRule, baseline: readonly number[], window: readonly number[]): ScopeJudgement | undefined {
  const amount = sum(window);
  if (amount < rule.minimumRecords || baseline.length < leastPastWeeks) return undefined;
  if (mean(window) < (1 + rule.risesBy) * mean(baseline)) return undefined;
  const { ratio, pValue } = compareRise(baseline, window);
  if (pValue > rule.level) return undefined;
  const up = ratio === undefined ? 'from none' : `up ${Math.round(100 * (ratio - 1))} %`;
  const rates = `${mean(window).toFixed(1)} a week over ${window.length} weeks, ${mean(baseline).toFixed(1)} a week in the ${baseline.length} weeks before`;
  return {
    title: `${rule.categories.join(', ')} ${up} (${amount} in ${window.length} weeks)`,
    because: `${rates}: ${up}; by chance this would be seen ${chance(pValue)}.`,
    amount,
  };
}

/** Whether a calendar period missed its target: a number of misses, or their share of the whole. */
export function judgePeriod(
  rule: ServiceLevelsRule | ChangesRule,
  period: Period,
  counted: { readonly part: number; readonly whole: number },
): ScopeJudgement | undefined {
  const { part, whole } = counted;
  const what =
    rule.looksAt === 'changes' ? `${rule.categories.join(', ')} ${meant(rule)}` : `missed targets (${rule.categories.join(', ')})`;
  if (rule.looksAt === 'service-levels' && rule.atMost !== undefined) {
    if (part <= rule.atMost) return undefined;
    return {
      title: `${part} ${what} in ${period.name}, target at most ${rule.atMost}`,
      because: `${part} in ${period.name}; the target is at most ${rule.atMost}.`,
      amount: part,
    };
  }
  const atMost = rule.atMostShare ?? 1;
  if (whole < rule.minimumRecords || part <= atMost * whole) return undefined;
  const share = `${percent(part / whole)} (${part} of ${whole})`;
  return {
    title: `${what} ${share} in ${period.name}, target at most ${percent(atMost)}`,
    because: `${share} in ${period.name}; the target is at most ${percent(atMost)}.`,
    amount: part,
  };
}

/** Misses of one supplier around one of them, across enough services: the records of the earliest such window; empty when there is none. */
export function judgeSupplier(
  rule: SupplierRule,
  input: ImprovementInput,
  others: readonly ImprovementInput[],
): readonly ImprovementInput[] {
  const isEnough = (records: readonly ImprovementInput[]): boolean =>
    records.length >= rule.count && new Set(records.flatMap(servicesOf)).size >= rule.services;
  return windowAround(rule.days, input, others, isEnough);
}

/** Findings of one requirement around one of them; empty when they are too few. */
export function judgeFindings(
  rule: FindingsRule,
  input: ImprovementInput,
  others: readonly ImprovementInput[],
): readonly ImprovementInput[] {
  return windowAround(rule.days, input, others, (records) => records.length >= rule.count);
}

/** The score of an assessment record; undefined where it has none. */
export function scoreOf({ facts }: ImprovementInput): number | undefined {
  const score = facts['score'];
  return typeof score === 'number' && Number.isFinite(score) ? score : undefined;
}

/** Whether the newest of these assessments is below target, or the last of enough falls in a row. */
export function judgeAssessment(rule: AssessmentRule, inputs: readonly ImprovementInput[]): ScopeJudgement | undefined {
  const scored = byOccurrence(inputs).flatMap((input) => scoreOf(input) ?? []);
  const last = scored.at(-1);
  if (last === undefined) return undefined;
  const asks = rule.asksTo === 'improve' ? '' : ` - ${rule.asksTo} something`;
  if (rule.below !== undefined && last < rule.below)
    return {
      title: `assessed at ${last}, target ${rule.below}${asks}`,
      because: `The last assessment is ${last}; the target is ${rule.below}.`,
      amount: 1,
    };
  if (rule.falling === undefined || scored.length <= rule.falling) return undefined;
  const run = scored.slice(-rule.falling - 1);
  if (!run.every((score, at) => at === 0 || score < (run[at - 1] ?? score))) return undefined;
  const row = run.join(', ');
  return {
    title: `assessed lower ${rule.falling} times in a row (${row})${asks}`,
    because: `Each lower than the one before: ${row}.`,
    amount: rule.falling,
  };
}

function servicesOf(input: ImprovementInput): readonly string[] {
  return input.serviceIds.length > 0 ? input.serviceIds : input.services.slice(0, 1);
}

function meant(rule: ChangesRule): string {
  const facts = Object.values(rule.facts ?? {})
    .flat()
    .join(' or ');
  const severity = rule.severityAtLeast === undefined ? '' : `of ${rule.severityAtLeast} severity or more`;
  return [facts, severity].filter((part) => part !== '').join(' ');
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}

function chance(p: number): string {
  return p < 0.001 ? 'less than once in 1,000 times' : `about ${Math.max(1, Math.round(1000 * p))} times in 1,000`;
}
