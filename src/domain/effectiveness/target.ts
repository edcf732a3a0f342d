import type { Measure } from './observations.js';
import type { MetricTemplate } from './plan-template.js';

/** Which way is better. */
export function directionOf(measure: Pick<Measure, 'metric' | 'direction'>): 'down' | 'up' {
  return measure.direction ?? (measure.metric === 'survey-mean' ? 'up' : 'down');
}

/** The value to be reached, given what it was; the absolute one where the plan has one. Undefined where it was nothing that can be told. */
export function targetOf(plan: MetricTemplate, before: number | undefined): number | undefined {
  if (plan.target !== undefined) return plan.target;
  if (before === undefined) return undefined;
  return directionOf(plan) === 'down' ? (1 - plan.reduceBy) * before : (1 + increaseOf(plan)) * before;
}

/** The share by which it is to rise. */
export function increaseOf(plan: MetricTemplate): number {
  return plan.increaseBy ?? 0.1;
}

/** Whether a value is at least as good as another. */
export function reaches(direction: 'down' | 'up', value: number, target: number): boolean {
  const slack = 1e-9 * Math.abs(target);
  return direction === 'down' ? value <= target + slack : value >= target - slack;
}
