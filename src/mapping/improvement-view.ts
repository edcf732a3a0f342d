/** By top-level field: its parts, or none for a single value. */
const view: Readonly<Record<string, readonly string[]>> = {
  id: [],
  kind: [],
  status: [],
  title: [],
  description: [],
  category: [],
  rule: [],
  riskStatement: [],
  restricted: [],
  securityLevel: [],
  raisedAt: [],
  targetDate: [],
  owner: ['id', 'name', 'account'],
  approver: ['id', 'name', 'account'],
  services: ['id', 'name', 'systemId'],
  processes: [],
  dependencies: [],
  priority: ['score', 'band', 'rationale', 'factors'],
  plan: [
    'metric',
    'direction',
    'reduceBy',
    'reduceByPercent',
    'increaseBy',
    'target',
    'baselineWeeks',
    'settleDays',
    'windowWeeks',
    'minimumSample',
    'criterion',
    'judge',
    'sentence',
  ],
  triggerCount: [],
  triggers: ['number', 'title', 'url', 'occurredAt', 'category'],
  decision: ['by', 'at', 'rationale', 'objective'],
  ticket: ['number', 'url'],
  followOnOf: [],
  recursAfter: [],
};

/**
 * The fields that push mappings (`from: improvement`) may read: the improvement as core prepares it, flat, with names beside ids. Lists of
 * objects (services, triggers, priority.factors) are read like objects: `triggers.number` is the list of their numbers.
 */
export const improvementFields: readonly string[] = Object.entries(view).flatMap(([field, parts]) => [
  field,
  ...parts.map((part) => `${field}.${part}`),
]);
