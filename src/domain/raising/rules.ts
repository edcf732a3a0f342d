import type { Instant } from '../../kit/index.js';
import { distinctRecords, refText } from '../inputs/case.js';
import type { ImprovementInput } from '../inputs/input.js';
import { dayMs, instantOf, isBefore, millis, plusDays } from '../instant.js';
import type { ScopeKind } from '../inputs/scope.js';
import type { Policy } from '../organisation/policy.js';
import { resolutionFailed } from './resolution.js';
import { hasFacts, severityRank } from './selection.js';
import { isRecordsRule, type RaiseRule } from './raise-rule.js';

/** A rule that says: these records deserve an improvement. */
export interface FiredRule {
  readonly rule: RaiseRule;
  /** Where the window of the rule began: the baseline of the measurement ends here, so that the burst is not part of it. */
  readonly windowFrom: Instant;
  /** The records that fired it, oldest first, distinct. Of rules over a scope: the newest of them, as its representatives. */
  readonly triggers: readonly ImprovementInput[];
  /** What was found, with its numbers, where the records alone do not say it. */
  readonly because?: string;
  /** Of a rule about more than one case. */
  readonly scope?: FiredScope;
}

/** What a rule about more than one case has found. */
export interface FiredScope {
  /** The case keys of its improvement instead of what its records share; the first is `scope:…`. */
  readonly keys: readonly string[];
  readonly by: ScopeKind;
  /** Id of the scope, and what people call it. */
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** How many records were counted; they may be more than the triggers. */
  readonly amount: number;
  /** The end of the time that was looked at. */
  readonly to: Instant;
}

export interface FiringOptions {
  /** Only records that occurred at or after this instant can fire a rule or count towards one; older ones are baseline. */
  readonly raiseFrom: Instant;
  /** Records that we wrote or linked, as `refText`: they are evidence and never a trigger. */
  readonly ours?: ReadonlySet<string>;
  /** Inputs two steps around the one that is weighed: what rules about problems look at. Default: those of its case. */
  readonly related?: readonly ImprovementInput[];
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
    if (rule.looksAt === 'problem-resolution') {
      const failed = resolutionFailed(rule, input, options.related ?? caseInputs, (each) => countsFor(policy, rule, each, options));
      return failed === undefined ? [] : [failed];
    }
    if (!isRecordsRule(rule) || !countsFor(policy, rule, input, options)) return [];
    if (rule.recurrence === undefined) return [{ rule, windowFrom: input.occurredAt, triggers: [input] }];
    const counted = caseInputs.filter((other) => other.id !== input.id && countsFor(policy, rule, other, options));
    const triggers = burst(rule.recurrence, input, counted);
    const last = triggers.at(-1);
    return last === undefined ? [] : [{ rule, windowFrom: plusDays(last.occurredAt, -rule.recurrence.days), triggers }];
  });
}

/** Whether a record is one that this rule counts. A category that the policy does not approve never fires anything. */
export function countsFor(policy: Policy, rule: RaiseRule, input: ImprovementInput, options: FiringOptions): boolean {
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

/** The earliest window of `days` with `input` in it that holds enough records, as its records; empty when there is none. */
function burst(
  recurrence: { readonly count: number; readonly days: number },
  input: ImprovementInput,
  others: readonly ImprovementInput[],
): readonly ImprovementInput[] {
  return windowAround(recurrence.days, input, others, (records) => records.length >= recurrence.count);
}

/** The earliest window of `days` that begins with a record, has `input` in it and is enough, as its distinct records, oldest first; empty when there is none. */
export function windowAround(
  days: number,
  input: ImprovementInput,
  others: readonly ImprovementInput[],
  isEnough: (records: readonly ImprovementInput[]) => boolean,
): readonly ImprovementInput[] {
  const at = millis(input.occurredAt);
  const length = days * dayMs;
  const [earliest, latest] = [instantOf(at - length), instantOf(at + length)];
  const near = distinctRecords([
    input,
    ...others.filter((other) => isBefore(earliest, other.occurredAt) && isBefore(other.occurredAt, latest)),
  ]);
  const times = near.map((each) => millis(each.occurredAt));
  let end = 0;
  for (const [start, from] of times.entries()) {
    if (from > at) break;
    while (end < times.length && (times[end] ?? 0) < from + length) end += 1;
    const records = near.slice(start, end);
    if (isEnough(records)) return records;
  }
  return [];
}
