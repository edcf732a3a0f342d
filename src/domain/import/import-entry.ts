import type { Decision, DecisionKind, Improvement, Priority } from '../improvement.js';
import { PlanTemplate } from '../effectiveness/plan-template.js';
import { measuredKeys } from '../inputs/case.js';
import type { ImprovementInput } from '../inputs/input.js';
import { personNamed } from '../organisation/find-in-directory.js';
import { bandFloors } from '../raising/priority.js';
import { build, type RaiseContext } from '../raising/raise.js';
import { objectiveOf } from '../thread/thread-facts.js';
import type { RegisterEntry } from './register-entry.js';

/** Where the row came from. */
export interface ImportOf {
  readonly entry: RegisterEntry;
  /** The row as an input: it is the trigger. */
  readonly input: ImprovementInput;
  /** The file or table, for people: `register-2025.xlsx`. */
  readonly source: string;
}

/** The improvement that a row becomes, and what the directory or the policy did not know: nothing of it stops the import. */
export interface Imported {
  readonly improvement: Improvement;
  readonly notes: readonly string[];
}

/**
 * Takes one row of an older register over as it stands. It is marked as older than this product and exempt from gaps: nobody can show today what was not
 * recorded then. From here on it lives by the same gates as any other. Throws nothing; a category that the policy does not approve is for the caller to refuse.
 */
export function importEntry({ entry, input, source }: ImportOf, context: RaiseContext): Imported {
  const notes: string[] = [];
  const { directory, policy } = context;
  const person = (written: string | undefined, role: string): string | undefined => {
    if (written === undefined) return undefined;
    const found = personNamed(directory, written)?.id;
    if (found === undefined) notes.push(`the directory does not know the ${role} "${written}"`);
    return found;
  };
  if (entry.services.length > 0 && input.serviceIds.length === 0)
    notes.push(`the directory knows none of the services ${entry.services.map((name) => `"${name}"`).join(', ')}`);
  if (entry.objective !== undefined && objectiveOf(policy, entry.objective) === undefined)
    notes.push(`policy.yaml has no objective "${entry.objective}"`);
  const plan = {
    ...PlanTemplate.parse({}),
    caseKeys: measuredKeys([input]),
    categories: [input.category],
    baselineEnd: entry.raisedAt,
  } as Improvement['plan'];
  const built = build([input], { rule: 'import', kind: entry.kind ?? 'service', change: 'link', plan }, context);
  const owner = person(entry.owner, 'owner');
  const approver = person(entry.approver, 'approver');
  const improvement: Improvement = {
    ...built,
    title: entry.title,
    description: entry.description ?? '',
    category: entry.category,
    raisedAt: entry.raisedAt,
    processes: entry.processes,
    dependencies: [...new Set([...entry.dependencies, ...built.dependencies])],
    status: entry.status,
    decisions: decisionsOf(entry, plan, person(entry.decidedBy, 'person who decided'), objectiveOf(policy, entry.objective)?.id),
    beforeAdoption: { importedAt: context.at, source, number: entry.number },
    ...(entry.riskStatement !== undefined && { riskStatement: entry.riskStatement }),
    ...(entry.priority !== undefined && { priority: asRecorded(built.priority, entry.priority, entry.number) }),
    ...(owner !== undefined && { owner }),
    ...(approver !== undefined && { approver }),
    ...(entry.targetDate !== undefined && { targetDate: entry.targetDate }),
    ...(entry.status === 'on-hold' && { heldFrom: entry.decidedAt === undefined ? ('proposed' as const) : ('approved' as const) }),
  };
  if (entry.status !== 'closed' || entry.result === undefined) return { improvement, notes };
  const closure = {
    at: entry.closedAt ?? entry.decidedAt ?? entry.raisedAt,
    by: person(entry.closedBy, 'person who closed it') ?? entry.closedBy ?? improvement.owner,
    result: entry.result,
    notes: entry.closureNotes ?? '',
  };
  return { improvement: { ...improvement, closure }, notes };
}

const decided: Readonly<Record<Improvement['status'], DecisionKind | undefined>> = {
  proposed: undefined,
  approved: 'approved',
  implementing: 'approved',
  reviewing: 'approved',
  closed: 'approved',
  'on-hold': 'approved',
  rejected: 'rejected',
  deferred: 'deferred',
  withdrawn: 'withdrawn',
};

/** The decision that the old register tells of. Without its date there is none to tell of. */
function decisionsOf(
  entry: RegisterEntry,
  plan: Improvement['plan'],
  by: string | undefined,
  objective: string | undefined,
): readonly Decision[] {
  const kind = decided[entry.status];
  if (kind === undefined || entry.decidedAt === undefined) return [];
  return [
    {
      kind,
      at: entry.decidedAt,
      by: by ?? entry.decidedBy ?? 'unknown',
      account: 'import',
      rationale: entry.rationale ?? '',
      historyId: `import:${entry.number}`,
      ...(kind === 'approved' && { plan }),
      ...(objective !== undefined && { objective }),
      ...(kind === 'deferred' && entry.reviewDate !== undefined && { reviewDate: entry.reviewDate }),
    },
  ];
}

/** The band that people had given it stands; the factors are reckoned beside it. */
function asRecorded(reckoned: Priority, band: Priority['band'], number: string): Priority {
  const score = bandFloors.find(([each]) => each === band)?.[1] ?? 0;
  if (reckoned.band === band) return reckoned;
  return {
    ...reckoned,
    band,
    score,
    rationale: `Priority ${band.toUpperCase()} as ${number} was recorded in the earlier register. By today's reckoning: ${reckoned.rationale}`,
  };
}
