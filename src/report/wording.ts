import {
  type Directory,
  directionOf,
  type Improvement,
  type MeasurementPlan,
  metricInWords,
  nameOf,
  type Status,
  targetInWords,
} from '../domain/index.js';
import type { Mark } from './document/document.js';

/** A service's name for people. */
export function serviceName(directory: Directory, id: string): string {
  return directory.services.find((service) => service.id === id)?.name ?? id;
}

/** Person by name; the id stays where the directory has nobody under it. */
export function personName(directory: Directory, id: string | undefined): string {
  return id === undefined ? '' : nameOf(directory, id);
}

/** The measurement plan on one line. */
export function planText(plan: MeasurementPlan, directory: Directory): string {
  const settled = `${plan.settleDays} days after the change`;
  if (plan.metric === 'criterion')
    return `judged by ${plan.judge === undefined ? 'a person still to be named' : personName(directory, plan.judge)}, ${settled}: ${plan.criterion}`;
  const counters = (plan.counterMetrics ?? []).map(({ name }) => name);
  const guard = counters.length === 0 ? '' : `; must not get worse: ${counters.join(', ')}`;
  return `${metricInWords(plan)} (${plan.categories.join(', ')}) ${directionOf(plan) === 'down' ? 'falls' : 'rises'}: ${targetInWords(plan)}; ${plan.windowWeeks} weeks from ${settled}, against the ${plan.baselineWeeks} weeks before ${plan.baselineEnd.slice(0, 10)}; at least ${plan.minimumSample} records${guard}`;
}

/** What became of it: result, follow-on, closing notes. */
export function outcomeText(improvement: Improvement, directory: Directory): string {
  const { closure, followOn } = improvement;
  const last = improvement.measurements.at(-1);
  const decision = improvement.decisions.at(-1);
  const parts = [
    ...(last === undefined ? [] : [last.sentence]),
    ...(followOn === undefined ? [] : [`Carried on by ${followOn.id}.`]),
    ...(closure === undefined
      ? []
      : [`Closed as ${closure.result} on ${closure.at.slice(0, 10)} by ${personName(directory, closure.by)}: ${closure.notes}`]),
    ...(['rejected', 'withdrawn', 'deferred'].includes(improvement.status) && decision !== undefined
      ? [`${decision.kind} on ${decision.at.slice(0, 10)} by ${personName(directory, decision.by)}: ${decision.rationale}`]
      : []),
  ];
  return parts.join(' ');
}

/** `not-effective` reads badly in a table. */
export function resultWords(result: string): string {
  return result.replaceAll('-', ' ');
}

export function resultMark(result: string | undefined): Mark {
  return result === 'effective' ? 'good' : result === 'not-effective' ? 'bad' : result === 'inconclusive' ? 'warn' : 'none';
}

export function statusMark(status: Status): Mark {
  return status === 'closed' ? 'good' : status === 'on-hold' || status === 'deferred' ? 'warn' : 'none';
}
