import { distinctRecords } from '../inputs/case.js';
import type { ImprovementInput } from '../inputs/input.js';
import type { Priority, PriorityBand, PriorityFactor } from '../improvement.js';
import { dayMs, millis } from '../instant.js';
import type { ScopeKind } from '../inputs/scope.js';
import type { Directory, DirectoryService } from '../organisation/directory.js';
import type { Policy } from '../organisation/policy.js';
import { oneLine } from './one-line.js';
import { severityRank } from './selection.js';

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
  /** What the services are worth to the business, and what their customers were promised. */
  readonly directory?: Directory;
  /** Of a rule over a scope: how many records were counted, of which the triggers are representatives; and the service, where that is the scope. */
  readonly scope?: { readonly amount: number; readonly by: ScopeKind; readonly id: string };
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
    factor('customerImpact', customerImpact(triggers, servicesOf(triggers, ask))),
    factor('recurrence', recurrence(triggers, ask.scope?.amount ?? 0)),
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

/** The services that the directory knows, of the scope or of the records. */
function servicesOf(triggers: readonly ImprovementInput[], { directory, scope }: PriorityAsk): readonly DirectoryService[] {
  const ids = scope?.by === 'service' ? [scope.id] : triggers.flatMap((each) => each.serviceIds);
  return (directory?.services ?? []).filter((service) => ids.includes(service.id));
}

function customerImpact(triggers: readonly ImprovementInput[], services: readonly DirectoryService[]): Scored {
  const worst = triggers.reduce<ImprovementInput | undefined>(
    (best, each) => (best === undefined || severityRank(each.severity) > severityRank(best.severity) ? each : best),
    undefined,
  );
  if (worst === undefined) return [0, 'no record says how customers are affected'];
  const missed = triggers.filter((each) => each.requirement !== undefined).length;
  const base = [1, 2, 4, 5][severityRank(worst.severity)] ?? 0;
  const critical = services.find((service) => service.criticality === 'critical');
  const promised = services.find((service) => service.commitments.length > 0);
  const reasons = [
    `the worst record, ${worst.number}, is of ${worst.severity} severity`,
    ...(missed === 0 ? [] : [`${count(missed, 'record names', 'records name')} a missed commitment or requirement`]),
    ...(critical === undefined ? [] : [`${critical.name} is critical to the business`]),
    ...(promised === undefined ? [] : [`customers of ${promised.name} have a contract (${oneLine(promised.commitments.join('; '), 80)})`]),
  ];
  return [
    base + (reasons.length - 1),
    reasons.length === 1 ? (reasons[0] ?? '') : `${reasons.slice(0, -1).join(', ')}, and ${reasons.at(-1)}`,
  ];
}

function recurrence(triggers: readonly ImprovementInput[], amount: number): Scored {
  const first = triggers[0];
  const last = triggers.at(-1);
  const records = Math.max(triggers.length, amount);
  if (first === undefined || last === undefined || records === 1) return [0, 'it is known to have happened once'];
  const days = Math.max(1, Math.ceil((millis(last.occurredAt) - millis(first.occurredAt)) / dayMs));
  const score = [2, 3, 5, 10, 20].filter((floor) => records >= floor).length;
  return [score, records > triggers.length ? `${records} records were counted` : `${records} records within ${count(days, 'day', 'days')}`];
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
  const estimate = triggers
    .flatMap(({ facts }) => (typeof facts['effort'] === 'string' ? [facts['effort'].trim().toLowerCase()] : []))
    .find((value) => Object.hasOwn(efforts, value));
  if (estimate === undefined) return [3, 'nobody has estimated the effort yet, so it counts as medium'];
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
