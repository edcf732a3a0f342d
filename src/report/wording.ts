import { type Directory, type Improvement, type MeasurementPlan, nameOf, type Status } from '../domain/index.js';
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
export function planText(plan: MeasurementPlan): string {
  const share = Math.round(plan.reduceBy * 100);
  return `weekly number of ${plan.categories.join(', ')} records of the case falls by ${share} %: ${plan.windowWeeks} weeks from ${plan.settleDays} days after the change, against the ${plan.baselineWeeks} weeks before ${plan.baselineEnd.slice(0, 10)}; at least ${plan.minimumSample} records`;
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
