import { distinctRecords } from '../inputs/case.js';
import type { ImprovementInput } from '../inputs/input.js';
import type { Priority, PriorityBand, PriorityFactor } from '../improvement.js';
import { dayMs, millis } from '../instant.js';
import type { Policy } from '../organisation/policy.js';
import { severityRank } from './rules.js';

/** Lowest score of each band, best first. */
export const bandFloors: readonly (readonly [PriorityBand, number])[] = [
  ['p1', 70],
  ['p2', 50],
  ['p3', 30],
  ['p4', 0],
];

/** What the score rests on. */
export interface PriorityAsk {
  readonly triggers: readonly ImprovementInput[];
  readonly kind: 'service' | 'sms' | 'supplier' | 'corrective-action';
  readonly weights: Policy['priority'];
}

/**
 * How urgent an improvement is: five factors from 0 to 5, weighted by the policy, as a share of what is possible (0 to 100), each with its
 * reason. Further triggers never lower it. The factors are those that auditors of ISO/IEC 20000-1 clause 10.2 know.
 */
export function prioritise(ask: PriorityAsk): Priority {
  const triggers = distinctRecords(ask.triggers);
  const factor = (name: PriorityFactor['name'], [score, because]: Scored): PriorityFactor => ({
    name,
    score: Math.min(5, Math.max(0, score)),
    weight: ask.weights[name],
    because,
  });
  const factors = [
    factor('customerImpact', customerImpact(triggers)),
    factor('recurrence', recurrence(triggers)),
    factor('operationalRisk', operationalRisk(triggers)),
    factor('complianceRisk', complianceRisk(triggers, ask.kind)),
    factor('effort', effort(triggers)),
  ];
  const possible = factors.reduce((sum, each) => sum + 5 * each.weight, 0);
  const reached = factors.reduce((sum, each) => sum + each.score * each.weight, 0);
  const score = possible === 0 ? 0 : Math.round((100 * reached) / possible);
  const band = bandOf(score);
  return { score, band, factors, rationale: rationaleOf(score, band, factors) };
}

/** The band of a score from 0 to 100. */
export function bandOf(score: number): PriorityBand {
  return bandFloors.find(([, floor]) => score >= floor)?.[0] ?? 'p4';
}

type Scored = readonly [score: number, because: string];

function customerImpact(triggers: readonly ImprovementInput[]): Scored {
  const worst = triggers.reduce<ImprovementInput | undefined>(
    (best, each) => (best === undefined || severityRank(each.severity) > severityRank(best.severity) ? each : best),
    undefined,
  );
  if (worst === undefined) return [0, 'no record says how customers are affected'];
  const missed = triggers.filter((each) => each.requirement !== undefined).length;
  const base = [1, 2, 4, 5][severityRank(worst.severity)] ?? 0;
  const commitments = missed === 0 ? '' : `, and ${count(missed, 'record names', 'records name')} a missed commitment or requirement`;
  return [base + (missed > 0 ? 1 : 0), `the worst record, ${worst.number}, is of ${worst.severity} severity${commitments}`];
}

function recurrence(triggers: readonly ImprovementInput[]): Scored {
  const first = triggers[0];
  const last = triggers.at(-1);
  if (first === undefined || last === undefined || triggers.length === 1) return [0, 'it is known to have happened once'];
  const days = Math.max(1, Math.ceil((millis(last.occurredAt) - millis(first.occurredAt)) / dayMs));
  const score = [2, 3, 5, 10, 20].filter((floor) => triggers.length >= floor).length;
  return [score, `${triggers.length} records within ${count(days, 'day', 'days')}`];
}

function operationalRisk(triggers: readonly ImprovementInput[]): Scored {
  const severe = triggers.filter((each) => severityRank(each.severity) >= 2).length;
  const services = new Set(triggers.flatMap((each) => each.serviceIds)).size;
  const base = severe >= 5 ? 4 : severe >= 2 ? 3 : severe === 1 ? 2 : triggers.some((each) => each.severity === 'moderate') ? 1 : 0;
  const wide = services > 1 ? 1 : 0;
  return [
    base + wide,
    `${count(severe, 'record is', 'records are')} of high or critical severity, ${count(services, 'service is', 'services are')} affected`,
  ];
}

function complianceRisk(triggers: readonly ImprovementInput[], kind: PriorityAsk['kind']): Scored {
  const requirements = [...new Set(triggers.flatMap((each) => each.requirement ?? []))];
  const base = kind === 'corrective-action' ? 4 : requirements.length > 0 ? 3 : 0;
  if (base === 0) return [0, 'no requirement is known to be missed'];
  const repeated = triggers.filter((each) => each.requirement !== undefined).length > 1 ? 1 : 0;
  const named =
    requirements.length === 0
      ? 'no requirement is named'
      : `not met: ${requirements.slice(0, 3).join(', ')}${requirements.length > 3 ? ', …' : ''}`;
  const what = kind === 'corrective-action' ? 'a nonconformity that needs corrective action; ' : '';
  return [base + repeated, `${what}${named}${repeated ? ', more than once' : ''}`];
}

const efforts: Readonly<Record<string, number>> = { small: 5, medium: 3, large: 1 };

/** Easier scores higher: the quick win comes first among equals. The first record that gives an estimate in `facts.effort` counts. */
function effort(triggers: readonly ImprovementInput[]): Scored {
  const estimate = triggers.map((each) => each.facts['effort']).find((value) => typeof value === 'string' && Object.hasOwn(efforts, value));
  if (typeof estimate !== 'string') return [3, 'nobody has estimated the effort yet, so it counts as medium'];
  return [efforts[estimate] ?? 3, `the effort is estimated as ${estimate}`];
}

const words: Readonly<Record<PriorityFactor['name'], string>> = {
  customerImpact: 'customer impact',
  recurrence: 'recurrence',
  operationalRisk: 'operational risk',
  complianceRisk: 'compliance risk',
  effort: 'ease of doing it',
};

function rationaleOf(score: number, band: PriorityBand, factors: readonly PriorityFactor[]): string {
  const strongest = factors.filter((each) => each.score * each.weight > 0).toSorted((a, b) => b.score * b.weight - a.score * a.weight);
  const reasons = strongest.slice(0, 2).map((each) => `${words[each.name]} ${each.score} of 5 (${each.because})`);
  const why = reasons.length === 0 ? 'no factor speaks for it' : `mostly ${reasons.join(' and ')}`;
  return `Priority ${band.toUpperCase()}, ${score} of 100: ${why}.`;
}

function count(n: number, one: string, many: string): string {
  return `${n === 0 ? 'no' : n} ${n === 1 ? one : many}`;
}
