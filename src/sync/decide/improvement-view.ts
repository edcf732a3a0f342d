import { type Directory, type Improvement, type ImprovementInput, openTitle } from '../../domain/index.js';
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
  const { plan, priority } = improvement;
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
    plan: {
      metric: plan.metric,
      reduceBy: plan.reduceBy,
      reduceByPercent: Math.round(plan.reduceBy * 100),
      baselineWeeks: plan.baselineWeeks,
      settleDays: plan.settleDays,
      windowWeeks: plan.windowWeeks,
      minimumSample: plan.minimumSample,
      sentence: planSentence(improvement),
    },
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

/** The measurement plan in one sentence for the ticket. */
export function planSentence({ plan }: Improvement): string {
  const share = Math.round(plan.reduceBy * 100);
  return (
    `The weekly number of such records is to fall by at least ${share} %: counted over ${plan.windowWeeks} weeks, ` +
    `starting ${plan.settleDays} days after the change has ended, against the ${plan.baselineWeeks} weeks before ${plan.baselineEnd.slice(0, 10)}.`
  );
}
