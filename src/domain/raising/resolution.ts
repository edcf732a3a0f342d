import type { Instant } from '../../kit/index.js';
import { distinctRecords, recordKey } from '../inputs/case.js';
import { openTitle, type ImprovementInput } from '../inputs/input.js';
import { isBefore, plusDays } from '../instant.js';
import { oneLine } from './one-line.js';
import type { ProblemResolutionRule } from './raise-rule.js';
import type { FiredRule } from './rules.js';

/** When a problem was closed, as its mapping says in the fact `closedAt`; undefined while it is open. */
export function closedAt({ facts }: ImprovementInput): Instant | undefined {
  const at = facts['closedAt'];
  return typeof at === 'string' && /^\d{4}-\d\d-\d\dT/.test(at) ? at : undefined;
}

/**
 * Whether what a closed problem was to end has come back: records after its closing that are linked to it, or that recur with records which were. Fires
 * because of any of them, and because of the problem itself when its closing is learned late. `related` are the inputs two steps around `input`.
 */
export function resolutionFailed(
  rule: ProblemResolutionRule,
  input: ImprovementInput,
  related: readonly ImprovementInput[],
  isCounted: (candidate: ImprovementInput) => boolean,
): FiredRule | undefined {
  const all = distinctRecords([input, ...related]);
  for (const problem of all.filter(({ category }) => rule.problems.includes(category))) {
    const closed = closedAt(problem);
    if (closed === undefined) continue;
    const own = recordKey(problem.trigger);
    const linked = all.filter(({ caseKeys, id }) => id !== problem.id && caseKeys.includes(own));
    const keys = new Set([own, ...linked.flatMap(({ caseKeys }) => caseKeys.filter((key) => key.startsWith('recurrence:')))]);
    const end = plusDays(closed, rule.days);
    const after = all.filter(
      (each) =>
        each.id !== problem.id &&
        isCounted(each) &&
        !isBefore(each.occurredAt, closed) &&
        isBefore(each.occurredAt, end) &&
        each.caseKeys.some((key) => keys.has(key)),
    );
    const concerns = input.id === problem.id || after.some(({ id }) => id === input.id);
    if (!concerns || after.length < rule.count) continue;
    const because = `${problem.number} (${oneLine(openTitle(problem), 80)}) was closed on ${closed.slice(0, 10)}; since then it happened ${after.length === 1 ? 'once' : `${after.length} times`} again.`;
    return { rule, windowFrom: closed, triggers: after, because };
  }
  return undefined;
}
