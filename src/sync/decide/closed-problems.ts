import { categorySeries, closedAt, type ImprovementInput, plusDays, type Policy, recordKey } from '../../domain/index.js';
import type { Instant } from '../../kit/index.js';
import type { Sight } from './sight.js';

/** Which records a closed problem was to end, so that the thousands of others of their cases need not be read for a rule about problems. */
export interface ClosedProblems {
  /** Whether a rule about problems could fire because of this input. It may say yes too often and never no: the rule itself looks closer. */
  mayConcern(input: ImprovementInput): boolean;
  /** Takes in an input that is new since they were read: a problem, or a record that was linked to one. */
  note(sight: Sight, input: ImprovementInput): Promise<void>;
}

/** Twice as far as rules look around an input: one that comes late looks back from when it occurred. */
const lookBackDays = 800;
const most = 100_000;

/** Reads them once for all inputs that are decided about in one go. */
export async function readClosedProblems(sight: Sight, policy: Policy): Promise<ClosedProblems> {
  const rules = policy.rules.filter((rule) => rule.looksAt === 'problem-resolution');
  const categories = new Set(rules.flatMap(({ problems }) => problems));
  const days = Math.max(0, ...rules.map((rule) => rule.days));
  // By case key, until when a record that carries it may show that a problem has come back.
  const until = new Map<string, Instant>();
  const problems = new Set<string>();
  const extend = (keys: readonly string[], end: Instant): void => {
    for (const key of keys) if ((until.get(key) ?? '') < end) until.set(key, end);
  };
  const note = async (beside: Sight, input: ImprovementInput): Promise<void> => {
    const linkedTo = input.caseKeys.filter((key) => problems.has(key));
    for (const key of linkedTo) extend(input.caseKeys, until.get(key) ?? '');
    const closed = categories.has(input.category) ? closedAt(input) : undefined;
    if (closed === undefined) return;
    const own = recordKey(input.trigger);
    const end = plusDays(closed, days);
    problems.add(own);
    extend([own, ...input.caseKeys], end);
    for (const linked of await beside.inputsOfCase([own], plusDays(closed, -lookBackDays))) extend(linked.caseKeys, end);
  };
  const span = { from: plusDays(sight.now, -lookBackDays), to: plusDays(sight.now, lookBackDays), limit: most };
  for (const category of categories)
    for (const problem of await sight.newest({ series: categorySeries(category), scope: 'all', ...span })) await note(sight, problem);
  const isCounted = [...categories].every((category) => policy.categories.some(({ id }) => id === category));
  return {
    mayConcern: ({ caseKeys, category, occurredAt }) =>
      !isCounted || categories.has(category) || caseKeys.some((key) => occurredAt < (until.get(key) ?? '')),
    note,
  };
}
