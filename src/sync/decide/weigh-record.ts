import {
  countsFor,
  type FiredRule,
  type Improvement,
  type ImprovementInput,
  type Intake,
  isOpen,
  latest,
  openTitle,
  plusDays,
  type Policy,
  type RaiseRule,
  recordKey,
  recurrenceOf,
  refText,
  takeIn,
} from '../../domain/index.js';
import type { Instant, RecordRef } from '../../kit/index.js';
import type { ClosedProblems } from './closed-problems.js';
import type { Sight } from './sight.js';

/** The law that records are weighed by. */
export interface WeighBy {
  readonly policy: Policy;
  readonly raiseFrom: Instant;
}

/** The furthest that any rule or cool-down looks around an input. */
const lookBackDays = 400;

/**
 * Weighs one input with the rules about cases: what it shares with others, and what a problem that they share was to end. `known` are the
 * improvements of its case, with what has joined them meanwhile. The same for the daemon and for a backtest. Of a case of thousands only what a rule can
 * count is read; `closed` tells when that is less.
 */
export async function weighRecord(
  sight: Sight,
  input: ImprovementInput,
  known: readonly Improvement[],
  by: WeighBy,
  closed?: ClosedProblems,
): Promise<Intake> {
  // History raises nothing; it matters only to a case that is open already.
  if (input.occurredAt < by.raiseFrom && !known.some(isOpen) && !mayCloseProblem(by.policy, input))
    return { do: 'nothing', because: 'it occurred before raising began' };
  const furthest = plusDays(input.occurredAt, -lookBackDays);
  const isAsked = asksAboutProblems(by.policy, input) && closed?.mayConcern(input) !== false;
  const from = isAsked || known.some(wasTurnedDown) ? furthest : (latest([by.raiseFrom, windowFrom(by.policy, input)]) ?? furthest);
  const inputs = await sight.inputsOfCase(input.caseKeys, from);
  const related = isAsked ? await relatedTo(sight, input, inputs, furthest) : undefined;
  const ours = await sight.ours(related ?? inputs);
  return takeIn(input, { improvements: known, inputs }, by.policy, { raiseFrom: by.raiseFrom, ours, ...(related && { related }) });
}

/** An old problem may be closed today: what it was to end is then looked at again. */
function mayCloseProblem(policy: Policy, { category }: ImprovementInput): boolean {
  return policy.rules.some((rule) => rule.looksAt === 'problem-resolution' && rule.problems.includes(category));
}

/** Whether its rate before somebody turned the case down counts. */
function wasTurnedDown({ status }: Improvement): boolean {
  return status === 'rejected' || status === 'withdrawn';
}

/** Since when records of its case can count together with an input. */
function windowFrom(policy: Policy, { category, occurredAt }: ImprovementInput): Instant {
  const days = policy.rules.map((rule) => (rule.categories.includes(category) ? (recurrenceOf(rule)?.days ?? 0) : 0));
  return plusDays(occurredAt, -Math.max(0, ...days));
}

function asksAboutProblems(policy: Policy, { category }: ImprovementInput): boolean {
  return policy.rules.some((rule) => rule.looksAt === 'problem-resolution' && [...rule.categories, ...rule.problems].includes(category));
}

/** Two steps around an input, for rules about problems: records that recur with records that are linked to the same problem. */
async function relatedTo(
  sight: Sight,
  input: ImprovementInput,
  inputs: readonly ImprovementInput[],
  from: Instant,
): Promise<readonly ImprovementInput[]> {
  const own = new Set([input, ...inputs].map(({ trigger }) => recordKey(trigger)));
  const seen = new Set(input.caseKeys);
  const further = [...new Set(inputs.flatMap(({ caseKeys }) => caseKeys))].filter((key) => !own.has(key) && !seen.has(key));
  return further.length === 0 ? inputs : [...inputs, ...(await sight.inputsOfCase(further, from))];
}

/**
 * The changes that fire a rule about incidents after deployment because of this input: it was caused by one, or it is one whose end is learned late. The
 * change is the case.
 */
export async function weighDeployments(sight: Sight, input: ImprovementInput, by: WeighBy): Promise<readonly FiredRule[]> {
  const rules = by.policy.rules.filter((rule) => rule.looksAt === 'deployments');
  if (rules.length === 0 || input.endedAt !== undefined) return [];
  const isVictim = rules.some((rule) => rule.categories.includes(input.category));
  const changes: readonly RecordRef[] = isVictim ? await sight.causesOf(input) : [input.trigger];
  const fired: FiredRule[] = [];
  for (const change of changes) {
    const carriedOut = (await sight.inputsOf(change)).find(({ category }) => rules.some((rule) => rule.changes.includes(category)));
    const victims = carriedOut === undefined ? [] : await sight.causedBy(change);
    if (carriedOut === undefined || victims.length === 0) continue;
    const ours = await sight.ours(victims);
    for (const rule of rules.filter((one) => one.changes.includes(carriedOut.category))) {
      const found = afterDeployment(rule, carriedOut, victims, { ...by, ours });
      if (found !== undefined && (!isVictim || found.triggers.some(({ id }) => id === input.id))) fired.push(found);
    }
  }
  return fired;
}

function afterDeployment(
  rule: Extract<RaiseRule, { looksAt: 'deployments' }>,
  change: ImprovementInput,
  victims: readonly ImprovementInput[],
  by: WeighBy & { readonly ours: ReadonlySet<string> },
): FiredRule | undefined {
  const end = plusDays(change.occurredAt, rule.days);
  const after = victims.filter(
    (each) => countsFor(by.policy, rule, each, by) && each.occurredAt >= change.occurredAt && each.occurredAt < end,
  );
  const triggers = [...new Map(after.map((each) => [refText(each.trigger), each])).values()].toSorted((a, b) =>
    a.occurredAt < b.occurredAt ? -1 : 1,
  );
  if (triggers.length < rule.count) return undefined;
  const count = triggers.length;
  return {
    rule,
    windowFrom: change.occurredAt,
    triggers,
    because: `${count === 1 ? 'One record was' : `${count} records were`} caused by ${change.number} within ${rule.days} days after it (${change.occurredAt.slice(0, 10)}).`,
    scope: {
      keys: [`scope:${rule.id}/${refText(change.trigger)}`, recordKey(change.trigger)],
      by: 'all',
      id: refText(change.trigger),
      name: change.number,
      title: `${count} ${rule.categories.join(', ')} within ${rule.days} days after it: ${openTitle(change)}`,
      amount: count,
      to: end,
    },
  };
}
