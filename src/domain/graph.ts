import type { Instant, RecordRef } from '../kit/index.js';
import { refText } from './case.js';
import type { Improvement } from './improvement.js';
import type { ImprovementInput, LinkDraft } from './input.js';

/** What stands in the graph. `service` and `supplier` are hubs: everything touches them, so that a walk through them would return the whole world. */
export const nodeKinds = [
  'record',
  'input',
  'improvement',
  'decision',
  'change',
  'evidence',
  'measurement',
  'service',
  'supplier',
] as const;
export type NodeKind = (typeof nodeKinds)[number];

/** Kinds that a thread reaches but never walks through. */
export const hubKinds: readonly NodeKind[] = ['service', 'supplier'];

/** Kinds of edge that make up the golden thread, each read from its `from` to its `to`. */
export const threadEdgeKinds = [
  'made-from',
  'triggered-by',
  'joined-by',
  'decided-by',
  'carried-out-by',
  'shown-by',
  'measured-by',
  'follows-on',
  'recurs-after',
  'is-record',
] as const;
/** Kinds of edge that say more without being part of the thread. Links between records keep the name that their mapping gave them (`caused-by`, …). */
export const sideEdgeKinds = ['affects', 'depends-on', 'supersedes'] as const;
export type EdgeKind = (typeof threadEdgeKinds)[number] | (typeof sideEdgeKinds)[number] | (string & {});

export interface GraphNode {
  /** Kind and identity, stable for ever: `record:servicenow-prod/incident/<sys_id>`, `improvement:IMP-0001`. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly at: Instant;
  readonly ref?: RecordRef;
  readonly title: string;
}

/** Only ever added. Its end, if it ends, is a row of its own. */
export interface GraphEdge {
  readonly from: string;
  readonly kind: EdgeKind;
  readonly to: string;
  readonly at: Instant;
  /** Who or what made the link: a person id, a mapping, a rule, `golden-thread`. */
  readonly by: string;
  readonly because: string;
}

export interface GraphPart {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Whether a walk along the thread follows edges of this kind. */
export function isThreadEdge(kind: string): boolean {
  return (threadEdgeKinds as readonly string[]).includes(kind);
}

export function recordNodeId(ref: RecordRef): string {
  return `record:${refText(ref)}`;
}

export function inputNodeId(inputId: string): string {
  return `input:${inputId}`;
}

export function improvementNodeId(improvementId: string): string {
  return `improvement:${improvementId}`;
}

/** Nodes and edges of one input: its record, what the record is linked to, the services it affects. `at` is when it was taken in. */
export function graphOfInput(input: ImprovementInput, links: readonly LinkDraft[], at: Instant): GraphPart {
  const record = recordNodeId(input.trigger);
  const id = inputNodeId(input.id);
  const by = input.madeBy.mapping;
  const linked = links.filter((link) => recordNodeId(link.to) !== record);
  return {
    nodes: [
      { id: record, kind: 'record', at: input.occurredAt, ref: input.trigger, title: `${input.number} ${input.title}` },
      { id, kind: 'input', at, title: input.title },
      ...linked.map((link): GraphNode => ({ id: recordNodeId(link.to), kind: 'record', at, ref: link.to, title: refText(link.to) })),
      ...input.serviceIds.map((service): GraphNode => ({ id: `service:${service}`, kind: 'service', at, title: service })),
    ],
    edges: [
      { from: id, kind: 'made-from', to: record, at, by, because: `mapping ${input.madeBy.mapping}` },
      ...linked.map((link): GraphEdge => ({
        from: record,
        kind: link.as,
        to: recordNodeId(link.to),
        at,
        by,
        because: 'the record says so',
      })),
      ...input.serviceIds.map((service): GraphEdge => ({
        from: id,
        kind: 'affects',
        to: `service:${service}`,
        at,
        by,
        because: 'the record names it',
      })),
    ],
  };
}

/**
 * Nodes and edges of an improvement as it stands at `at`. Ids come from content, so that writing the same part again adds nothing, and everything
 * that was true before stays.
 */
export function graphOfImprovement(improvement: Improvement, at: Instant): GraphPart {
  const self = improvementNodeId(improvement.id);
  const own: GraphNode = { id: self, kind: 'improvement', at: improvement.raisedAt, title: `${improvement.id} ${improvement.title}` };
  const parts = [
    decisionPart(improvement, self),
    changePart(improvement, self, at),
    evidencePart(improvement, self),
    measurementPart(improvement, self),
  ];
  const edge = (kind: EdgeKind, to: string, by: string, because: string, since: Instant = at): GraphEdge => ({
    from: self,
    kind,
    to,
    at: since,
    by,
    because,
  });
  const { followOnOf, recursAfter, ticket, rule, raisedAt } = improvement;
  return {
    nodes: [own, ...parts.flatMap((part) => part.nodes)],
    edges: [
      ...improvement.triggers.map((id) => edge('triggered-by', inputNodeId(id), rule, `rule ${rule}`)),
      ...improvement.joined.map((id) =>
        edge('joined-by', inputNodeId(id), 'golden-thread', `it arrived while the improvement was ${improvement.status}`),
      ),
      ...parts.flatMap((part) => part.edges),
      ...(followOnOf === undefined
        ? []
        : [edge('follows-on', improvementNodeId(followOnOf), 'golden-thread', 'the result was not effective', raisedAt)]),
      ...(recursAfter === undefined
        ? []
        : [edge('recurs-after', improvementNodeId(recursAfter), 'golden-thread', 'the case came back', raisedAt)]),
      ...(ticket === undefined
        ? []
        : [edge('is-record', `record:${ticket.system}/${ticket.resource}/${ticket.key}`, 'golden-thread', `its ticket ${ticket.number}`)]),
    ],
  };
}

function decisionPart({ id: improvementId, decisions }: Improvement, self: string): GraphPart {
  const idOf = (historyId: string, kind: string): string => `decision:${improvementId}/${historyId}/${kind}`;
  return {
    nodes: decisions.map((each) => ({ id: idOf(each.historyId, each.kind), kind: 'decision', at: each.at, title: each.kind })),
    edges: decisions.map((each) => ({
      from: self,
      kind: 'decided-by',
      to: idOf(each.historyId, each.kind),
      at: each.at,
      by: each.by,
      because: each.rationale,
    })),
  };
}

function changePart({ changes }: Improvement, self: string, at: Instant): GraphPart {
  const replaced = changes.flatMap((change) =>
    change.supersededBy === undefined ? [] : [{ change, by: `record:${change.supersededBy}` }],
  );
  return {
    nodes: changes.map((each) => ({
      id: recordNodeId(each.ref),
      kind: 'change',
      at: each.linkedAt ?? at,
      ref: each.ref,
      title: each.number,
    })),
    edges: [
      ...changes.map((each) => ({
        from: self,
        kind: 'carried-out-by',
        to: recordNodeId(each.ref),
        at: each.linkedAt ?? at,
        by: 'golden-thread',
        because: each.origin,
      })),
      ...replaced.map(({ change, by }) => ({
        from: by,
        kind: 'supersedes',
        to: recordNodeId(change.ref),
        at,
        by: 'golden-thread',
        because: `${change.number} came to nothing`,
      })),
    ],
  };
}

function evidencePart({ evidence }: Improvement, self: string): GraphPart {
  return {
    nodes: evidence.map((each) => ({ id: `evidence:${each.hash}`, kind: 'evidence', at: each.at, title: each.kind })),
    edges: evidence.map((each) => ({
      from: self,
      kind: 'shown-by',
      to: `evidence:${each.hash}`,
      at: each.at,
      by: 'golden-thread',
      because: each.kind,
    })),
  };
}

function measurementPart({ id: improvementId, measurements }: Improvement, self: string): GraphPart {
  const idOf = (at: Instant): string => `measurement:${improvementId}/${at}`;
  return {
    nodes: measurements.map((each) => ({ id: idOf(each.at), kind: 'measurement', at: each.at, title: each.result })),
    edges: measurements.map((each) => ({
      from: self,
      kind: 'measured-by',
      to: idOf(each.at),
      at: each.at,
      by: 'golden-thread',
      because: each.sentence,
    })),
  };
}
