import type { Instant } from '../../kit/index.js';
import { distinctRecords, refText } from '../inputs/case.js';
import { severities, type ImprovementInput, type Severity } from '../inputs/input.js';
import { dayMs, instantOf, isBefore, millis, plusDays } from '../instant.js';
import type { Policy } from '../organisation/policy.js';
import { isRecordsRule, type RaiseRule } from './raise-rule.js';

/** A rule that says: these records deserve an improvement. */
export interface FiredRule {
  readonly rule: RaiseRule;
  /** Where the window of the rule began: the baseline of the measurement ends here, so that the burst is not part of it. */
  readonly windowFrom: Instant;
  /** The records that fired it, oldest first, distinct. */
  readonly triggers: readonly ImprovementInput[];
}

export interface FiringOptions {
  /** Only records that occurred at or after this instant can fire a rule or count towards one; older ones are baseline. */
  readonly raiseFrom: Instant;
  /** Records that we wrote or linked, as `refText`: they are evidence and never a trigger. */
  readonly ours?: ReadonlySet<string>;
}

/**
 * The rules that fire because of `input`, in the order of the policy. `caseInputs` are all inputs that share a case key with it, at their latest
 * version; `input` itself may be among them. Counted are distinct records by when they occurred, whatever order they arrived in: a window of
 * `days` that contains the input and holds at least `count` of them fires.
 */
export function firedRules(
  policy: Policy,
  input: ImprovementInput,
  caseInputs: readonly ImprovementInput[],
  options: FiringOptions,
): readonly FiredRule[] {
  return policy.rules.flatMap((rule): readonly FiredRule[] => {
    if (!isRecordsRule(rule) || !countsFor(policy, rule, input, options)) return [];
    if (rule.recurrence === undefined) return [{ rule, windowFrom: input.occurredAt, triggers: [input] }];
    const counted = caseInputs.filter((other) => other.id !== input.id && countsFor(policy, rule, other, options));
    const triggers = burst(rule.recurrence, input, counted);
    const last = triggers.at(-1);
    return last === undefined ? [] : [{ rule, windowFrom: plusDays(last.occurredAt, -rule.recurrence.days), triggers }];
  });
}

/** Whether a record is one that this rule counts. A category that the policy does not approve never fires anything. */
function countsFor(policy: Policy, rule: RaiseRule, input: ImprovementInput, options: FiringOptions): boolean {
  return (
    input.endedAt === undefined &&
    rule.categories.includes(input.category) &&
    policy.categories.some((category) => category.id === input.category) &&
    hasFacts(input, rule.facts) &&
    (rule.severityAtLeast === undefined || severityRank(input.severity) >= severityRank(rule.severityAtLeast)) &&
    !isBefore(input.occurredAt, options.raiseFrom) &&
    options.ours?.has(refText(input.trigger)) !== true
  );
}

/** Whether each of these facts of the record has one of the given values. A fact that is a list has it when one of its entries does. */
export function hasFacts(input: Pick<ImprovementInput, 'facts'>, wanted: RaiseRule['facts']): boolean {
  return Object.entries(wanted ?? {}).every(([name, values]) => {
    const found = Object.hasOwn(input.facts, name) ? input.facts[name] : undefined;
    return (Array.isArray(found) ? found : [found]).some((each) => (values as readonly unknown[]).includes(each));
  });
}

/** The earliest window of `days` with `input` in it that holds enough records, as its records; empty when there is none. */
function burst(
  recurrence: { readonly count: number; readonly days: number },
  input: ImprovementInput,
  others: readonly ImprovementInput[],
): readonly ImprovementInput[] {
  const at = millis(input.occurredAt);
  const length = recurrence.days * dayMs;
  const [earliest, latest] = [instantOf(at - length), instantOf(at + length)];
  const near = distinctRecords([
    input,
    ...others.filter((other) => isBefore(earliest, other.occurredAt) && isBefore(other.occurredAt, latest)),
  ]);
  if (near.length < recurrence.count) return [];
  const times = near.map((each) => millis(each.occurredAt));
  let end = 0;
  for (const [start, from] of times.entries()) {
    if (from > at) break;
    while (end < times.length && (times[end] ?? 0) < from + length) end += 1;
    if (end - start >= recurrence.count) return near.slice(start, end);
  }
  return [];
}

/** 0 (low) to 3 (critical). */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}
