import { CompiledQuery } from 'kysely';
import type { RecordRef } from '../kit/index.js';
import { insertRows, selectIn } from './bulk.js';
import { nextId } from './causes.js';
import { storable } from './canonical.js';
import type { Db, Tx } from './db.js';
import { findNames, internNames, required } from './names.js';

/** One thing in the graph: a record (`kind` = `system/stream`), or something of ours (`improvement`, `decision`, `measurement`, …). */
export interface NodeKey {
  readonly kind: string;
  readonly key: string;
}

/** The node of a record. */
export function recordNode(ref: RecordRef): NodeKey {
  return { kind: streamKind(ref), key: ref.key };
}

/** The kind of all nodes of one stream. */
export function streamKind(of: { readonly system: string; readonly stream: string }): string {
  return `${of.system}/${of.stream}`;
}

/** The record that a node stands for; undefined for what is ours. */
export function recordOfNode(node: NodeKey): RecordRef | undefined {
  const slash = node.kind.indexOf('/');
  return slash < 0 ? undefined : { system: node.kind.slice(0, slash), stream: node.kind.slice(slash + 1), key: node.key };
}

/** Integer keys of nodes, by kind and key. */
export interface NodeIds {
  get(node: NodeKey): number | undefined;
}

/** The integer keys of those nodes that exist. */
export async function findNodes(db: Db, nodes: readonly NodeKey[]): Promise<NodeIds> {
  const kinds = await findNames(db, [...new Set(nodes.map((node) => node.kind))]);
  return await lookUp(db, nodes, kinds);
}

/** The integer keys of all these nodes; those that do not exist are added. Only ever added: a node says that something was once mentioned. */
export async function ensureNodes(t: Tx, nodes: readonly NodeKey[]): Promise<NodeIds> {
  const kinds = await internNames(
    t,
    nodes.map((node) => node.kind),
  );
  const known = await lookUp(t, nodes, kinds);
  let next = 0;
  const values: (string | number)[] = [];
  for (const node of nodes) {
    if (known.get(node) !== undefined) continue;
    if (next === 0) next = await nextId(t, 'node');
    known.set(node, next);
    values.push(next, required(kinds, node.kind), storable(node.key));
    next += 1;
  }
  await insertRows(t, 'node', ['id', 'kind', 'key'], values);
  return known;
}

/** Nodes by their integer keys. */
export async function nodesById(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, NodeKey>> {
  const rows = await selectIn<{ id: number; kind: string; key: string }>(db, byId, [], ids);
  return new Map(rows.map((row) => [row.id, { kind: row.kind, key: row.key }]));
}

const byId = 'select n.id, k.text as kind, n.key from node n join name k on k.id = n.kind where n.id in (select value from json_each(?))';
const byKey = 'select id, key from node where kind = ? and key in (select value from json_each(?))';

interface FoundNodes extends NodeIds {
  set(node: NodeKey, id: number): void;
}

async function lookUp(db: Db, nodes: readonly NodeKey[], kinds: ReadonlyMap<string, number>): Promise<FoundNodes> {
  const byKind = Map.groupBy(nodes, (node) => node.kind);
  const found = new Map<string, Map<string, number>>();
  for (const [kind, members] of byKind) {
    const id = kinds.get(kind);
    const ids = new Map<string, number>();
    found.set(kind, ids);
    if (id === undefined) continue;
    const keys = members.map((node) => storable(node.key));
    for (const row of await selectIn<{ id: number; key: string }>(db, byKey, [id], keys)) ids.set(row.key, row.id);
  }
  return {
    get: (node) => found.get(node.kind)?.get(storable(node.key)),
    set: (node, id) => found.get(node.kind)?.set(storable(node.key), id),
  };
}

/** One node's integer key, or undefined: for reads of a single thing. */
export async function findNode(db: Db, node: NodeKey): Promise<number | undefined> {
  const { rows } = await db.executeQuery<{ id: number }>(
    CompiledQuery.raw('select n.id from node n join name k on k.id = n.kind where k.text = ? and n.key = ?', [
      node.kind,
      storable(node.key),
    ]),
  );
  return rows[0]?.id;
}
