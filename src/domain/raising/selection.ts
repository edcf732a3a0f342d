import { severities, type ImprovementInput, type Severity } from '../inputs/input.js';
import type { RaiseRule } from './raise-rule.js';

/** 0 (low) to 3 (critical). */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** Whether each of these facts of the record has one of the given values. A fact that is a list has it when one of its entries does. */
export function hasFacts(input: Pick<ImprovementInput, 'facts'>, wanted: RaiseRule['facts']): boolean {
  return Object.entries(wanted ?? {}).every(([name, values]) => {
    const found = Object.hasOwn(input.facts, name) ? input.facts[name] : undefined;
    return (Array.isArray(found) ? found : [found]).some((each) => (values as readonly unknown[]).includes(each));
  });
}
