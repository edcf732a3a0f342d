import type { Instant, RecordRef } from '../../kit/index.js';
import type { Improvement } from '../improvement.js';
import type { ImprovementInput } from '../inputs/input.js';

/** What is ours in the graph; a node of a record has the kind `system/stream`. */
export const nodeKinds = ['improvement', 'input', 'decision', 'evidence', 'measurement', 'control', 'service', 'supplier'] as const;

/** Kinds that a thread reaches but never walks through: everything touches them, so that a walk through one returns the whole world. */
export const hubKinds: readonly string[] = ['service', 'supplier', 'control'];

/**
 * Kinds of edge that make up the golden thread. Links between records keep the name that their mapping gave them (`caused-by`,
 * `investigated-by`, …) and are shown beside the thread, not walked: a problem would bring every record that it ever investigated.
 */
export const threadEdgeKinds = [
  'triggered-by',
  'joined-by',
  'asked-in',
  'decided-by',
  'authorised-by',
  'implemented-by',
  'supersedes',
  'evidenced-by',
  'measured-by',
  'updates',
  'follow-on-of',
  'recurs-after',
] as const;

/** Kinds of edge of ours beside the thread: to hubs, and to records that changed after they were relied on (ended once somebody has looked). */
export const sideEdgeKinds = ['affects', 'suspects'] as const;
export type EdgeKind = (typeof threadEdgeKinds)[number] | (typeof sideEdgeKinds)[number];

/** Names one node for ever: a record by its stream and immutable key, ours by kind and id. */
export interface GraphKey {
  readonly kind: string;
  readonly key: string;
}

export interface GraphNode extends GraphKey {
  readonly at: Instant;
  readonly ref?: RecordRef;
  readonly title: string;
}

/** Only ever added. Its end, if it ends, is a row of its own. */
export interface GraphEdge {
  readonly from: GraphKey;
  readonly kind: EdgeKind;
  readonly to: GraphKey;
  /** Since when it is so: known from what it rests on, so that writing it again gives the same edge. */
  readonly at: Instant;
  /** Who or what made the link: a person id, a rule, `golden-thread`. */
  readonly by: string;
  readonly because: string;
}

export interface GraphPart {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export function recordGraphKey(ref: RecordRef): GraphKey {
  return { kind: `${ref.system}/${ref.stream}`, key: ref.key };
}

export function improvementGraphKey(id: string): GraphKey {
  return { kind: 'improvement', key: id };
}

/**
 * Nodes and edges of an improvement as it stands. They follow from its content alone: writing the same part again adds nothing, and what was
 * true before stays. `inputs` are those that triggered or joined it; an unknown one becomes a node of its own.
 */
export function graphOfImprovement(improvement: Improvement, inputs: readonly ImprovementInput[]): GraphPart {
  const parts = [
    own(improvement),
    inputPart(improvement, inputs),
    decisionPart(improvement),
    changePart(improvement),
    evidencePart(improvement),
    measurementPart(improvement),
    pathPart(improvement),
    controlPart(improvement),
    suspectPart(improvement),
  ];
  return { nodes: parts.flatMap((part) => part.nodes), edges: parts.flatMap((part) => part.edges) };
}

const product = 'golden-thread';

function own(improvement: Improvement): GraphPart {
  const { id, title, raisedAt, serviceIds, ticket, followOnOf, recursAfter } = improvement;
  const from = improvementGraphKey(id);
  const edge = (kind: EdgeKind, to: GraphKey, because: string): GraphEdge => ({ from, kind, to, at: raisedAt, by: product, because });
  return {
    nodes: [
      { ...from, at: raisedAt, title: `${id} ${title}` },
      ...serviceIds.map((service) => ({ kind: 'service', key: service, at: raisedAt, title: service })),
      ...(ticket === undefined ? [] : [{ ...ticketKey(ticket), at: raisedAt, title: ticket.number }]),
    ],
    edges: [
      ...serviceIds.map((service) => edge('affects', { kind: 'service', key: service }, 'its triggers name the service')),
      ...(ticket === undefined ? [] : [edge('asked-in', ticketKey(ticket), 'the ticket in which its owner decides')]),
      ...(followOnOf === undefined ? [] : [edge('follow-on-of', improvementGraphKey(followOnOf), 'the result was not effective')]),
      ...(recursAfter === undefined ? [] : [edge('recurs-after', improvementGraphKey(recursAfter), 'the case came back')]),
    ],
  };
}

function ticketKey(ticket: NonNullable<Improvement['ticket']>): GraphKey {
  return { kind: `${ticket.system}/${ticket.resource}`, key: ticket.key };
}

function inputPart({ id, triggers, joined, rule, raisedAt }: Improvement, inputs: readonly ImprovementInput[]): GraphPart {
  const from = improvementGraphKey(id);
  const known = new Map(inputs.map((input) => [input.id, input]));
  const to = (inputId: string): GraphKey => {
    const input = known.get(inputId);
    return input === undefined ? { kind: 'input', key: inputId } : recordGraphKey(input.trigger);
  };
  const at = (inputId: string): Instant => known.get(inputId)?.occurredAt ?? raisedAt;
  const edges = (kind: EdgeKind, ids: readonly string[], by: string, because: string): readonly GraphEdge[] =>
    ids.map((inputId) => ({ from, kind, to: to(inputId), at: at(inputId), by, because }));
  return {
    nodes: [...triggers, ...joined].map((inputId): GraphNode => {
      const input = known.get(inputId);
      const node = { ...to(inputId), at: at(inputId) };
      return input === undefined ? { ...node, title: inputId } : { ...node, ref: input.trigger, title: `${input.number} ${input.title}` };
    }),
    edges: [
      ...edges('triggered-by', triggers, rule, rule === 'by-hand' ? 'raised by a person' : `rule ${rule}`),
      ...edges('joined-by', joined, product, 'same case, after it was decided about'),
    ],
  };
}

function decisionPart({ id, decisions }: Improvement): GraphPart {
  const keyed = decisions.map((decision) => ({ decision, key: { kind: 'decision', key: `${id}/${decision.historyId}/${decision.kind}` } }));
  return {
    nodes: keyed.map(({ decision, key }) => ({ ...key, at: decision.at, title: decision.kind })),
    edges: keyed.map(({ decision, key }) => ({
      from: improvementGraphKey(id),
      kind: 'decided-by',
      to: key,
      at: decision.at,
      by: decision.by,
      because: decision.rationale,
    })),
  };
}

function changePart({ id, raisedAt, changes }: Improvement): GraphPart {
  const at = (change: Improvement['changes'][number]): Instant => change.linkedAt ?? raisedAt;
  const supersedes = changes.flatMap((change): readonly GraphEdge[] => {
    const later = changes.find((other) => `${other.ref.system}/${other.ref.stream}/${other.ref.key}` === change.supersededBy);
    if (later === undefined) return [];
    const because = `${change.number} came to nothing`;
    return [{ from: recordGraphKey(later.ref), kind: 'supersedes', to: recordGraphKey(change.ref), at: at(later), by: product, because }];
  });
  return {
    nodes: changes.map((change) => ({ ...recordGraphKey(change.ref), at: at(change), ref: change.ref, title: change.number })),
    edges: [
      ...changes.map((change): GraphEdge => ({
        from: improvementGraphKey(id),
        kind: 'implemented-by',
        to: recordGraphKey(change.ref),
        at: at(change),
        by: product,
        because: change.origin === 'created' ? 'created for it' : 'adopted, because it was linked already',
      })),
      ...supersedes,
    ],
  };
}

function evidencePart({ id, evidence }: Improvement): GraphPart {
  const key = (hash: string): GraphKey => ({ kind: 'evidence', key: hash });
  return {
    nodes: evidence.map((each) => ({ ...key(each.hash), at: each.at, title: each.kind })),
    edges: evidence.map((each) => ({
      from: improvementGraphKey(id),
      kind: 'evidenced-by',
      to: key(each.hash),
      at: each.at,
      by: product,
      because: each.kind,
    })),
  };
}

function measurementPart({ id, measurements }: Improvement): GraphPart {
  const key = (at: Instant): GraphKey => ({ kind: 'measurement', key: `${id}/${at}` });
  return {
    nodes: measurements.map((each) => ({ ...key(each.at), at: each.at, title: each.result })),
    edges: measurements.map((each) => ({
      from: improvementGraphKey(id),
      kind: 'measured-by',
      to: key(each.at),
      at: each.at,
      by: product,
      because: each.sentence,
    })),
  };
}

function pathPart({ id, lightPath }: Improvement): GraphPart {
  if (lightPath === undefined) return { nodes: [], edges: [] };
  const { at, by, because, form, historyId } = lightPath;
  const key: GraphKey = { kind: 'decision', key: `${id}/${historyId}/${form}` };
  return {
    nodes: [{ ...key, at, title: form }],
    edges: [{ from: improvementGraphKey(id), kind: 'authorised-by', to: key, at, by, because }],
  };
}

function controlPart({ id, raisedAt, updatedControls = [] }: Improvement): GraphPart {
  const keyed = updatedControls.map((control) => ({ control, key: { kind: 'control', key: control.url ?? control.title } }));
  return {
    nodes: keyed.map(({ control, key }) => ({ ...key, at: control.at ?? raisedAt, title: control.title })),
    edges: keyed.map(({ control, key }) => ({
      from: improvementGraphKey(id),
      kind: 'updates',
      to: key,
      at: control.at ?? raisedAt,
      by: product,
      because: 'named in its ticket as updated',
    })),
  };
}

/** Only what nobody has looked at yet: a suspicion that was cleared ends. */
function suspectPart({ id, suspects = [] }: Improvement): GraphPart {
  const open = suspects.filter(({ cleared }) => cleared === undefined);
  return {
    nodes: open.map(({ ref, number, since }) => ({ ...recordGraphKey(ref), at: since, ref, title: number })),
    edges: open.map(({ ref, since, field, was, is }) => ({
      from: improvementGraphKey(id),
      kind: 'suspects',
      to: recordGraphKey(ref),
      at: since,
      by: product,
      because: `${field} was ${was || 'empty'}, is ${is || 'empty'}`,
    })),
  };
}
