import type { Json } from '../../kit/index.js';
import { distinctRecords } from '../inputs/case.js';
import type { MetricPlan } from '../improvement.js';
import { severities, type ImprovementInput } from '../inputs/input.js';
import { millis } from '../instant.js';
import type { Condition, CounterMetric, MetricTemplate, ObjectiveMeasure, RecordFilter } from './plan-template.js';
import { type Interval, weekOf } from './spans.js';

/** What is aggregated: the metric of a plan, a counter-metric, or the number of an objective. */
export type Measure = MetricTemplate | CounterMetric | ObjectiveMeasure;

/** Which records are meant: the filter, with what the improvement fills in. */
export interface Scope {
  readonly filter?: RecordFilter | undefined;
  readonly caseKeys: readonly string[];
  readonly categories: readonly string[];
  readonly scopeOf?: readonly string[];
}

/** What the metric of a plan counts: active inputs in its scope, with one of its categories, that fulfil its conditions; each record once, oldest first. */
export function metricInputs(plan: Scope, inputs: readonly ImprovementInput[]): readonly ImprovementInput[] {
  const categories = plan.filter?.categories ?? plan.categories;
  const where = plan.filter?.where ?? [];
  return distinctRecords(
    inputs.filter(
      (input) => categories.includes(input.category) && isInScope(plan, input) && where.every((one) => fulfils(input, one) === true),
    ),
  );
}

function isInScope({ filter, caseKeys, scopeOf = [] }: Scope, input: ImprovementInput): boolean {
  switch (filter?.scope ?? 'case') {
    case 'case':
      return input.caseKeys.some((key) => caseKeys.includes(key));
    case 'services':
      return input.serviceIds.some((id) => scopeOf.includes(id));
    case 'processes':
      return input.processes.some((name) => scopeOf.includes(name));
    case 'suppliers':
      return input.supplier !== undefined && scopeOf.includes(input.supplier);
    default:
      return true;
  }
}

/** A counter-metric's records: its own filter, the plan's where it has none. */
export function scopeOfCounter(counter: CounterMetric, plan: MetricPlan): Scope {
  return counter.filter === undefined
    ? plan
    : { ...plan, filter: { ...counter.filter, scope: counter.filter.scope ?? plan.filter?.scope } };
}

/** Whether a record fulfils a condition; undefined when it does not have the fact. */
export function fulfils(input: ImprovementInput, condition: Condition): boolean | undefined {
  if ('severityAtLeast' in condition) return severities.indexOf(input.severity) >= severities.indexOf(condition.severityAtLeast);
  const fact = input.facts[condition.fact];
  if (fact === undefined || fact === null || fact === '') return undefined;
  const values = (Array.isArray(fact) ? fact : [fact]) as readonly Json[];
  return values.some((value) => condition.is.some((wanted) => text(wanted) === text(value)));
}

/** What one record says to a metric, in the week of its span. */
export interface Observation {
  readonly input: ImprovementInput;
  readonly week: number;
  /** 1 of a rate; 0 or 1 of a share; seconds, infinite while it is not over; a score. */
  readonly value: number;
}

/** The records of a span with what they say. One that does not tell (no such fact) is left out, and counted in `silent`. */
export function observe(
  measure: Measure,
  inputs: readonly ImprovementInput[],
  span: Interval,
): { readonly observations: readonly Observation[]; readonly silent: number } {
  const within = inputs.flatMap((input) => {
    const week = weekOf(input.occurredAt, span);
    return week === undefined ? [] : [{ input, week, value: valueOf(measure, input) }];
  });
  const observations = within.filter((each): each is Observation => each.value !== undefined);
  return { observations, silent: within.length - observations.length };
}

const breached: Condition = { fact: 'breached', is: [true] };

function valueOf(measure: Measure, input: ImprovementInput): number | undefined {
  switch (measure.metric) {
    case 'weekly-rate':
      return 1;
    case 'share':
    case 'breach-ratio': {
      const hit = fulfils(input, measure.of ?? breached);
      return hit === undefined ? undefined : Number(hit);
    }
    case 'duration':
      return durationOf(measure, input);
    case 'survey-mean':
      return numberIn(input, measure.fact);
  }
}

/**
 * Seconds from one instant to another, or a fact that says them. A record that has begun and whose end is not known is not over yet: longer than
 * any that is. To leave it out would make the slowest records vanish from the newest weeks.
 */
function durationOf(
  measure: { readonly fact?: string | undefined; readonly from?: string | undefined; readonly to?: string | undefined },
  input: ImprovementInput,
): number | undefined {
  if (measure.fact !== undefined) return numberIn(input, measure.fact) ?? Number.POSITIVE_INFINITY;
  const from = measure.from === undefined ? millis(input.occurredAt) : instantIn(input, measure.from);
  if (from === undefined) return undefined;
  const to = instantIn(input, measure.to ?? 'resolvedAt');
  if (to === undefined) return Number.POSITIVE_INFINITY;
  return to < from ? undefined : (to - from) / 1000;
}

function numberIn(input: ImprovementInput, fact: string): number | undefined {
  const value = input.facts[fact];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function instantIn(input: ImprovementInput, fact: string): number | undefined {
  const value = input.facts[fact];
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function text(value: Json): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).trim().toLowerCase();
}
