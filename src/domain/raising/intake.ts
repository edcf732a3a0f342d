import type { Instant } from '../../kit/index.js';
import { byOccurrence, distinctRecords, sameCase } from '../inputs/case.js';
import type { Improvement } from '../improvement.js';
import type { ImprovementInput } from '../inputs/input.js';
import { dayMs, isBefore, latest, millis, plusDays } from '../instant.js';
import { isOfScope } from '../inputs/scope.js';
import type { Directory } from '../organisation/directory.js';
import type { Policy } from '../organisation/policy.js';
import { prioritise } from './priority.js';
import { recurrenceOf } from './raise-rule.js';
import { firedRules, type FiredRule, type FiringOptions } from './rules.js';
import { isOpen } from '../thread/thread-facts.js';

/** What a new or revised input does to the improvements of its case. */
export type Intake =
  | { readonly do: 'raise'; readonly fired: FiredRule }
  | { readonly do: 'recurs-after'; readonly improvementId: string; readonly fired: FiredRule }
  | {
      readonly do: 'join-as-trigger' | 'join-silently' | 'effect-data';
      readonly improvementId: string;
      readonly fired: readonly FiredRule[];
    }
  | { readonly do: 'suppressed'; readonly improvementId: string; readonly until: Instant }
  | { readonly do: 'nothing'; readonly because: string };

/** The case around an input. */
export interface CaseView {
  /** All improvements that share a case key with the input, settled ones too. */
  readonly improvements: readonly Improvement[];
  /** All inputs that share a case key with it, at their latest version. */
  readonly inputs: readonly ImprovementInput[];
}

/** Weighs a new or revised input: which rules fire counts only what happened after the case was last settled. */
export function takeIn(input: ImprovementInput, view: CaseView, policy: Policy, options: FiringOptions): Intake {
  const settled = view.improvements.filter((improvement) => sameCase(improvement, input) && !isOpen(improvement)).map(settledAt);
  const raiseFrom = latest([options.raiseFrom, ...settled]) ?? options.raiseFrom;
  return receive(view.improvements, input, firedRules(policy, input, view.inputs, { ...options, raiseFrom }), {
    policy,
    inputs: view.inputs,
  });
}

/**
 * The table "a new input on a case". At most one improvement of a case is open: while one is, nothing raises another. The order of what is asked:
 * the open improvement's status; then, with none open, whether the last one closed (recurrence), or was turned down (cool-down).
 */
export function receive(
  improvementsOfCase: readonly Improvement[],
  input: ImprovementInput,
  fired: readonly FiredRule[],
  context: { readonly policy: Policy; readonly inputs: readonly ImprovementInput[] },
): Intake {
  if (input.endedAt !== undefined) return { do: 'nothing', because: 'the input has ended' };
  const ofCase = improvementsOfCase.filter((improvement) => sameCase(improvement, input));
  const known = ofCase.find((improvement) => improvement.triggers.includes(input.id) || improvement.joined.includes(input.id));
  if (known !== undefined) return { do: 'nothing', because: `it belongs to ${known.id} already` };
  const open = openOf(ofCase);
  if (open !== undefined) return onOpen(open, input, fired);
  const first = fired[0];
  if (first === undefined) return { do: 'nothing', because: 'no rule fires' };
  const last = lastSettled(ofCase);
  if (last === undefined) return { do: 'raise', fired: first };
  if (last.status === 'closed') return { do: 'recurs-after', improvementId: last.id, fired: first };
  const until = coolDownEnd(last, first, context.policy);
  const cool = !isBefore(input.occurredAt, until) || hasDoubled(first, settledAt(last), input, context.inputs);
  return cool ? { do: 'raise', fired: first } : { do: 'suppressed', improvementId: last.id, until };
}

/** Of the improvements of a case, the one that was settled last. */
export function lastSettled(ofCase: readonly Improvement[]): Improvement | undefined {
  return ofCase.toSorted((a, b) => millis(settledAt(a)) - millis(settledAt(b))).at(-1);
}

/** Until when a case that was turned down stays quiet for a rule. */
export function coolDownEnd(turnedDown: Improvement, fired: FiredRule, policy: Policy): Instant {
  return plusDays(settledAt(turnedDown), fired.rule.coolDownDays ?? policy.coolDownDays);
}

/**
 * The open improvement of a case. A follow-on is open beside the one it follows, which waits for its decision: new inputs go to the follow-on. A record
 * that ties two cases together goes to the older one.
 */
export function openOf(improvements: readonly Improvement[]): Improvement | undefined {
  const open = improvements.filter(isOpen);
  const followed = new Set(open.map((improvement) => improvement.followOnOf));
  const candidates = open.filter((improvement) => !followed.has(improvement.id));
  return candidates.toSorted((a, b) => millis(a.raisedAt) - millis(b.raisedAt) || (a.id < b.id ? -1 : 1))[0];
}

function onOpen(open: Improvement, input: ImprovementInput, fired: readonly FiredRule[]): Intake {
  if (isBefore(input.occurredAt, open.plan.baselineEnd))
    return { do: 'nothing', because: `it occurred before what raised ${open.id}: it is baseline` };
  return { do: joiningOf(open), improvementId: open.id, fired };
}

/** How a record comes to an open improvement, by where that stands. */
export function joiningOf(open: Pick<Improvement, 'status'>): 'join-as-trigger' | 'join-silently' | 'effect-data' {
  switch (open.status) {
    case 'proposed':
    case 'approved':
      return 'join-as-trigger';
    case 'implementing':
    case 'reviewing':
      return 'effect-data';
    default:
      return 'join-silently';
  }
}

/** From when on records count again: the end of the measurement window after closure, the decision after a rejection or a withdrawal. */
export function settledAt(improvement: Improvement): Instant {
  const decided = improvement.decisions.findLast((decision) => decision.kind === 'rejected' || decision.kind === 'withdrawn')?.at;
  if (improvement.status === 'closed')
    return improvement.measurements.at(-1)?.window?.to ?? improvement.closure?.at ?? improvement.raisedAt;
  return decided ?? improvement.raisedAt;
}

/**
 * Whether twice as many records came in the rule's days up to this input as in the same number of days before the case was turned down. Only
 * records after the decision count as new. A rule without recurrence looks at four weeks.
 */
function hasDoubled(fired: FiredRule, decidedAt: Instant, input: ImprovementInput, inputs: readonly ImprovementInput[]): boolean {
  const length = (recurrenceOf(fired.rule)?.days ?? 28) * dayMs;
  const decided = millis(decidedAt);
  const now = millis(input.occurredAt);
  const occurred = distinctRecords([input, ...inputs.filter((other) => other.id !== input.id)])
    .filter((each) => fired.rule.categories.includes(each.category))
    .map((each) => millis(each.occurredAt));
  const before = occurred.filter((at) => at > decided - length && at <= decided).length;
  const after = occurred.filter((at) => at > Math.max(decided, now - length) && at <= now).length;
  return after >= 2 * Math.max(1, before);
}

/** The improvement with one more trigger. Its keys grow; its priority does until the approval freezes it. */
export function joinAsTrigger(
  improvement: Improvement,
  input: ImprovementInput,
  triggers: readonly ImprovementInput[],
  policy: Policy,
  directory?: Directory,
): Improvement {
  if (improvement.triggers.includes(input.id)) return improvement;
  const all = byOccurrence([...triggers.filter((each) => each.id !== input.id), input]);
  const order = new Map(all.map((each, index) => [each.id, index]));
  const ids = [...improvement.triggers, input.id].toSorted((a, b) => (order.get(a) ?? -1) - (order.get(b) ?? -1));
  const joined = {
    ...improvement,
    triggers: ids,
    // What answers a scope has the scope for its case; and a record that came by another way than a shared key ties no cases together.
    caseKeys:
      isOfScope(improvement) || !sameCase(improvement, input)
        ? improvement.caseKeys
        : [...new Set([...improvement.caseKeys, ...input.caseKeys])],
    ...(input.restricted === true && { restricted: true as const }),
    processes: [...new Set([...improvement.processes, ...input.processes])],
  };
  if (improvement.status !== 'proposed') return joined;
  const serviceIds = [...new Set([...improvement.serviceIds, ...input.serviceIds])];
  const priority = prioritise({ triggers: all, kind: improvement.kind, weights: policy.priority, ...(directory && { directory }) });
  return { ...joined, serviceIds, priority: priority.score > improvement.priority.score ? priority : improvement.priority };
}

/** The improvement that remembers an input without being triggered by it. */
export function joinSilently(improvement: Improvement, input: ImprovementInput): Improvement {
  if (improvement.joined.includes(input.id) || improvement.triggers.includes(input.id)) return improvement;
  return { ...improvement, joined: [...improvement.joined, input.id] };
}
