import type { CategoryPart, InputCategory, Policy } from '../../domain/index.js';

/** A clause of ISO/IEC 20000-1:2018 that obliges the organisation to look for improvements. */
export interface ObligingClause {
  readonly clause: string;
  /** What is to be looked at, in our words. */
  readonly source: string;
  /** What usually feeds it. */
  readonly fedBy: string;
}

/** Each must have a source, records, and improvements or a recorded "reviewed, none found". */
export const obligingClauses: readonly ObligingClause[] = [
  { clause: '8.3.2', source: 'Customer satisfaction results, complaints', fedBy: 'surveys, complaint tickets' },
  { clause: '8.3.3', source: 'Service level targets that were not met', fedBy: 'task_sla breaches, JSM SLA breaches' },
  {
    clause: '8.3.4.1',
    source: 'Targets of external suppliers that were not met',
    fedBy: 'breached underpinning contracts, incidents caused by a vendor, scorecards',
  },
  {
    clause: '8.3.4.2',
    source: 'Targets of internal suppliers, or of a customer acting as supplier, that were not met',
    fedBy: 'breached OLAs',
  },
  { clause: '8.4.3', source: 'Capacity and performance data', fedBy: 'capacity records' },
  {
    clause: '8.5.1.3',
    source: 'Trends in requests for change, unsuccessful changes, effectiveness of changes',
    fedBy: 'change requests: failed, backed out, share of emergencies',
  },
  { clause: '8.5.3', source: 'Success or failure of releases, incidents after deployment', fedBy: 'incidents caused by a change' },
  { clause: '8.6.1', source: 'Reviews of major incidents', fedBy: 'major incidents, post-incident reviews' },
  {
    clause: '8.6.3',
    source: 'Trends of incidents, effectiveness of problem resolution',
    fedBy: 'incidents and their trends, problems, recurrence after a problem was closed',
  },
  { clause: '8.7.1', source: 'Unplanned non-availability', fedBy: 'outage records' },
  { clause: '8.7.2', source: 'Deficiencies found in continuity tests', fedBy: 'results of continuity tests' },
  { clause: '8.7.3.3', source: 'Information security incidents by type, volume, impact', fedBy: 'security incidents' },
  { clause: '9.1', source: 'Results of monitoring and measuring', fedBy: 'metrics, quality index of processes' },
  { clause: '9.2', source: 'Findings of internal audits', fedBy: 'audit findings' },
  { clause: '9.3', source: 'Decisions of the management review', fedBy: 'golden-thread review decide' },
  {
    clause: '10.1',
    source: 'Nonconformities: cause, similar ones elsewhere, effectiveness of the corrective action',
    fedBy: 'findings, CAPA',
  },
];

/** Whether a category that cites `cited` feeds a clause: the clause itself, the whole that it is part of, or a part of it. */
export function feeds(cited: string, clause: string): boolean {
  return cited === clause || clause.startsWith(`${cited}.`) || cited.startsWith(`${clause}.`);
}

/** The approved inputs that feed at least one of these clauses. */
export function categoriesFeeding(policy: Policy, clauses: readonly string[]): readonly InputCategory[] {
  return policy.categories.filter((category) => category.clauses.some((cited) => clauses.some((clause) => feeds(cited, clause))));
}

/** The parts of a category that a clause asks for; undefined where it asks for all of its records. */
export function partsFor(category: InputCategory, clause: string): readonly CategoryPart[] | undefined {
  const parts = (category.onlyFor ?? []).filter((part) => feeds(part.clause, clause));
  return parts.length === 0 ? undefined : parts;
}

/** A part in words: `severity at least critical`, `major accepted`. */
export function partInWords({ severityAtLeast, facts = {} }: CategoryPart): string {
  return [
    ...(severityAtLeast === undefined ? [] : [`severity at least ${severityAtLeast}`]),
    ...Object.entries(facts).map(([fact, is]) => `${fact} ${is.join(' or ')}`),
  ].join(' and ');
}
