import type { Improvement } from '../../src/domain/improvement.js';
import { caseKeysOf } from '../../src/domain/inputs/case.js';
import { inputIdOf } from '../../src/domain/inputs/input-id.js';
import type { ImprovementInput } from '../../src/domain/inputs/input.js';
import {
  type Tx,
  addGraph,
  contentOf,
  type RecordToSave,
  saveImprovement,
  saveRecords,
  sha256,
  type Store,
} from '../../src/store/index.js';
import { randomFrom } from './incidents.js';

const stream = { system: 'servicenow-prod', stream: 'incident' } as const;
const mapping = 'servicenow/incident';
const mappingHash = sha256(mapping);
const services = ['checkout', 'mail', 'hr-portal', 'warehouse'] as const;
/** Kinds of incident that recur: each has its recurrence key. */
const kinds = 4000;
const pageSize = 5000;

/** Which incidents are made: the `from`th to the one before `to`, evenly over `days` days up to `until`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly days: number;
  readonly until: string;
}

/** Adds incidents with their inputs through the store's own functions, 5,000 a transaction. */
export async function addIncidents(store: Store, stretch: Stretch): Promise<void> {
  for (let from = stretch.from; from < stretch.to; from += pageSize) {
    const records: RecordToSave[] = [];
    for (let at = from; at < Math.min(stretch.to, from + pageSize); at += 1) records.push(incident(at, stretch));
    const cause = { at: stretch.until, by: 'pull', because: 'bench' };
    await store.tx((t) => saveRecords(t, { ...stream, fieldSet: 'bench', cause, records }));
  }
}

function incident(at: number, { from, to, days, until }: Stretch): RecordToSave {
  const random = randomFrom(at + 1);
  const occurredAt = new Date(Date.parse(until) - ((to - at) / (to - from)) * days * 86_400_000).toISOString();
  // The square makes some kinds recur often and many seldom.
  const kind = Math.floor(random() ** 2 * kinds);
  const trigger = { ...stream, key: keyOf(at) };
  const recurrenceKey = recurrenceOf(kind);
  const data = { number: `INC${at}`, short_description: `Incident of kind ${kind}`, opened_at: occurredAt, priority: 3 };
  const content = contentOf(data);
  const number = data.number;
  const url = `https://example.service-now.com/nav_to.do?uri=incident.do%3Fsys_id%3D${trigger.key}`;
  const input: ImprovementInput = {
    id: inputIdOf(trigger, mapping),
    trigger,
    number,
    url,
    category: 'incident',
    title: data.short_description,
    occurredAt,
    severity: random() < 0.001 ? 'critical' : 'moderate',
    services: [],
    processes: ['incident-management'],
    recurrenceKey,
    facts: {},
    serviceIds: [services[kind % services.length] ?? 'mail'],
    caseKeys: caseKeysOf({ trigger, recurrenceKey }, []),
    madeBy: { mapping, mappingHash, recordHash: content.hash },
  };
  return { record: { ref: trigger, number, url, updatedAt: occurredAt, data }, content, inputs: [input], links: [] };
}

/** Adds improvements that answer the first `inputs` incidents, three triggers each; nine of ten are closed. */
export async function addImprovements(store: Store, count: number, inputs: number, at: string): Promise<void> {
  for (let from = 0; from < count; from += 1000)
    await store.tx(async (t) => {
      for (let nth = from; nth < Math.min(count, from + 1000); nth += 1) await addImprovement(t, nth, inputs, at);
    });
}

async function addImprovement(t: Tx, nth: number, inputs: number, at: string): Promise<void> {
  const keys = [0, 1, 2].map((step) => keyOf((nth * 7919 + step * 104_729) % inputs));
  const recurrence = `recurrence:${recurrenceOf(nth % kinds)}`;
  const improvement: Improvement = {
    id: improvementId(nth),
    kind: 'service',
    title: `Less of kind ${nth % kinds}`,
    description: 'It recurs.',
    rule: 'recurring-incident',
    raisedAt: at,
    category: 'incident',
    caseKeys: [recurrence],
    episode: Math.floor(nth / kinds),
    firstTrigger: `${stream.system}/${stream.stream}/${keys[0] ?? ''}`,
    triggers: keys.map((key) => inputIdOf({ ...stream, key }, mapping)),
    joined: [],
    serviceIds: [services[nth % services.length] ?? 'mail'],
    processes: ['incident-management'],
    riskStatement: 'People cannot work.',
    priority: { score: 60, band: 'p2', factors: [], rationale: 'It recurs.' },
    owner: 'm.okafor',
    approver: 'a.rahman',
    targetDate: at.slice(0, 10),
    dependencies: [],
    plan: {
      metric: 'weekly-rate',
      reduceBy: 0.3,
      baselineWeeks: 26,
      settleDays: 7,
      windowWeeks: 8,
      minimumSample: 10,
      caseKeys: [recurrence],
      categories: ['incident'],
      baselineEnd: at,
    },
    change: 'create',
    status: nth % 10 === 0 ? 'implementing' : 'closed',
    decisions: [],
    changes: [],
    evidence: [],
    measurements: [],
    extensions: 0,
    violations: [],
  };
  const why = { at, by: 'decide', because: 'bench' };
  await saveImprovement(t, improvement, why);
  const node = `improvement:${improvement.id}`;
  const edges = keys.map((key) => ({ from: node, kind: 'triggered-by', to: `record:${stream.system}/${stream.stream}/${key}`, ...why }));
  await addGraph(t, { nodes: [{ id: node }], edges });
}

export function improvementId(nth: number): string {
  return `IMP-${String(nth + 1).padStart(4, '0')}`;
}

/** Looks random, as ids of ServiceNow do: neighbours in time lie apart in an index. */
function keyOf(at: number): string {
  return sha256(`incident ${at}`).slice(0, 32);
}

function recurrenceOf(kind: number): string {
  return `service-${kind % services.length}|category ${kind % 40}|${kind}`;
}
