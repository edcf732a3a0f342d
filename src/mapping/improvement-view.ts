/**
 * The fields that push mappings (`from: improvement`) may read: the improvement as core prepares it, flat, with names beside ids. Lists of
 * objects (services, triggers, priority.factors) are read like objects: `triggers.number` is the list of their numbers.
 */
export const improvementFields: readonly string[] = [
  ...['id', 'kind', 'status', 'title', 'description', 'category', 'rule', 'riskStatement', 'raisedAt', 'targetDate'],
  ...['owner.id', 'owner.name', 'owner.account', 'approver.id', 'approver.name', 'approver.account'],
  ...['services.id', 'services.name', 'services.systemId', 'processes', 'dependencies'],
  ...['priority.score', 'priority.band', 'priority.rationale', 'priority.factors'],
  ...[
    'plan.metric',
    'plan.reduceBy',
    'plan.reduceByPercent',
    'plan.baselineWeeks',
    'plan.settleDays',
    'plan.windowWeeks',
    'plan.minimumSample',
    'plan.sentence',
  ],
  ...['triggerCount', 'triggers.number', 'triggers.title', 'triggers.url', 'triggers.occurredAt', 'triggers.category'],
  ...['decision.by', 'decision.at', 'decision.rationale', 'decision.objective'],
  ...['ticket.number', 'ticket.url', 'followOnOf', 'recursAfter'],
];
