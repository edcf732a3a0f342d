import { type Value, insertRows, selectIn } from '../database/bulk.js';
import type { Tx } from '../database/db.js';
import { required } from '../database/names.js';
import type { ChunkKeys, NewVersion } from '../records/record-to-save.js';

/** An edge from a record, as stored; `open` while it has no end. */
interface Stored {
  readonly from_node: number;
  readonly kind: number;
  readonly to_node: number;
  readonly seq: number;
  readonly derived: number;
  readonly open: number;
}

/**
 * Brings the links that mappings found in these record versions into the graph: what is new is added, what the record no longer says is ended.
 * Only links that came from records are ended here; what the engine linked stays until the engine ends it.
 */
export async function saveDerivedEdges(t: Tx, versions: readonly NewVersion[], keys: ChunkKeys): Promise<void> {
  const { names, links, cause } = keys;
  const existing = versions.filter((version) => version.existed).map((version) => version.node);
  const stored = await edgesFrom(t, existing);
  const added: Value[] = [];
  const ended: Value[] = [];
  let at = 0;
  for (const { node, existed, entry } of versions) {
    const known = existed ? (stored.get(node) ?? []) : [];
    const wanted: (readonly [number, number])[] = [];
    for (const link of entry.links) {
      const kind = required(names, link.as);
      const to = links[at] ?? 0;
      at += 1;
      if (wanted.some(([sameKind, sameTo]) => sameKind === kind && sameTo === to)) continue;
      wanted.push([kind, to]);
      const same = known.filter((edge) => edge.kind === kind && edge.to_node === to);
      if (same.some((edge) => edge.open === 1)) continue;
      added.push(
        node,
        kind,
        to,
        same.reduce((next, edge) => Math.max(next, edge.seq + 1), 0),
        cause,
        1,
      );
    }
    for (const edge of known) {
      const still = edge.open === 0 || edge.derived === 0 || wanted.some(([kind, to]) => edge.kind === kind && edge.to_node === to);
      if (!still) ended.push(edge.from_node, edge.kind, edge.to_node, edge.seq, cause);
    }
  }
  await insertRows(t, 'edge', edgeColumns, added, 'keep');
  await insertRows(t, 'edge_end', edgeEndColumns, ended);
}

export const edgeColumns = ['from_node', 'kind', 'to_node', 'seq', 'cause', 'derived'] as const;
export const edgeEndColumns = ['from_node', 'kind', 'to_node', 'seq', 'cause'] as const;

const fromText = `select e.from_node, e.kind, e.to_node, e.seq, e.derived, x.seq is null as open
  from edge e left join edge_end x on x.from_node = e.from_node and x.kind = e.kind and x.to_node = e.to_node and x.seq = e.seq
  where e.from_node in (select value from json_each(?))`;

/** All edges that begin at these nodes, ended ones included. */
export async function edgesFrom(t: Tx, nodes: readonly number[]): Promise<ReadonlyMap<number, readonly Stored[]>> {
  return Map.groupBy(await selectIn<Stored>(t, fromText, [], nodes), (edge) => edge.from_node);
}
