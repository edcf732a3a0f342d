import {
  type Directory,
  directionOf,
  type Improvement,
  type ImprovementInput,
  type MeasurementPlan,
  metricInWords,
  openTitle,
  targetInWords,
} from '../../domain/index.js';
import type { JsonObject } from '../../kit/index.js';

/** For whom the view is made: account and service ids differ per system. */
export interface ViewFor {
  /** The system that the ticket goes to. */
  readonly system: string;
  readonly directory: Directory;
  /** The triggering inputs, oldest first. */
  readonly triggers: readonly ImprovementInput[];
  /** Of the ticket system, for restricted records; see the policy's routing. */
  readonly securityLevel?: string | undefined;
}

/**
 * An improvement as push mappings (`from: improvement`) read it: flat, with names instead of ids, and with the ids of the target system
 * where it needs them. Nothing of a record but its number, title and address: ticket text stays where it is.
 */
export function improvementView(improvement: Improvement, { system, directory, triggers, securityLevel }: ViewFor): JsonObject {
  const person = (id: string): JsonObject => {
    const found = directory.people.find((candidate) => candidate.id === id);
    return { id, name: found?.name ?? id, account: found?.accounts[system] ?? null };
  };
  const services = improvement.serviceIds.map((id) => {
    const found = directory.services.find((candidate) => candidate.id === id);
    return { id, name: found?.name ?? id, systemId: found?.ids[system]?.[0] ?? null };
  });
  const approval = improvement.decisions.findLast((decision) => decision.kind === 'approved');
  const { priority } = improvement;
  return {
    id: improvement.id,
    kind: improvement.kind,
    status: improvement.status,
    title: improvement.title,
    description: improvement.description,
    category: improvement.category,
    rule: improvement.rule,
    riskStatement: improvement.riskStatement,
    restricted: improvement.restricted === true,
    securityLevel: improvement.restricted === true ? (securityLevel ?? null) : null,
    raisedAt: improvement.raisedAt,
    targetDate: improvement.targetDate,
    owner: person(improvement.owner),
    approver: person(improvement.approver),
    services,
    processes: improvement.processes,
    dependencies: improvement.dependencies,
    priority: {
      score: priority.score,
      band: priority.band,
      rationale: priority.rationale,
      factors: priority.factors.map(({ name, score, weight, because }) => ({ name, score, weight, because })),
    },
    plan: planView(improvement),
    triggerCount: triggers.length,
    triggers: triggers.map((trigger) => ({
      number: trigger.number,
      title: openTitle(trigger),
      url: trigger.restricted === true ? null : trigger.url,
      occurredAt: trigger.occurredAt,
      category: trigger.category,
    })),
    decision:
      approval === undefined
        ? null
        : { by: person(approval.by), at: approval.at, rationale: approval.rationale, objective: approval.objective ?? null },
    ticket: improvement.ticket === undefined ? null : { number: improvement.ticket.number, url: improvement.ticket.url },
    followOnOf: improvement.followOnOf ?? null,
    recursAfter: improvement.recursAfter ?? null,
  };
}

/** The plan as push mappings read it; what its kind does not have is null. */
function planView({ plan }: Improvement): JsonObject {
  const sentence = planSentence(plan);
  if (plan.metric === 'criterion')
    return { ...none, metric: plan.metric, settleDays: plan.settleDays, criterion: plan.criterion, judge: plan.judge ?? null, sentence };
  const direction = directionOf(plan);
  return {
    ...none,
    metric: plan.metric,
    direction,
    reduceBy: plan.reduceBy,
    reduceByPercent: Math.round(plan.reduceBy * 100),
    increaseBy: plan.increaseBy ?? null,
    target: plan.target ?? null,
    baselineWeeks: plan.baselineWeeks,
    settleDays: plan.settleDays,
    windowWeeks: plan.windowWeeks,
    minimumSample: plan.minimumSample,
    sentence,
  };
}

const none = {
  direction: null,
  reduceBy: null,
  reduceByPercent: null,
  increaseBy: null,
  target: null,
  baselineWeeks: null,
  windowWeeks: null,
  minimumSample: null,
  criterion: null,
  judge: null,
};

/** The measurement plan in a sentence or two for the ticket. */
export function planSentence(plan: MeasurementPlan): string {
  const settled = `starting ${plan.settleDays} days after the change has ended`;
  if (plan.metric === 'criterion')
    return `Judged by ${plan.judge ?? 'a person who is still to be named'}, who is not the owner, ${settled.replace('starting ', '')}: ${plan.criterion}`;
  const span = `counted over ${plan.windowWeeks} weeks, ${settled}, against the ${plan.baselineWeeks} weeks before ${plan.baselineEnd.slice(0, 10)}`;
  const counters = (plan.counterMetrics ?? []).map((counter) => `${counter.name} (${metricInWords(counter)})`);
  const guard = counters.length === 0 ? '' : ` What must not get worse meanwhile: ${counters.join('; ')}.`;
  const [down, share] = [directionOf(plan) === 'down', Math.round(plan.reduceBy * 100)];
  if (plan.metric === 'weekly-rate' && down && plan.target === undefined)
    return `The weekly number of such records is to fall by at least ${share} %: ${span}.${guard}`;
  const what = metricInWords(plan);
  return `${what.charAt(0).toUpperCase()}${what.slice(1)} is to ${down ? 'fall' : 'rise'} (${targetInWords(plan)}): ${span}.${guard}`;
}
