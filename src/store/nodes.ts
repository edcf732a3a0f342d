import type { RecordRef } from '../kit/index.js';
import { type Value, insertRows, selectIn } from './bulk.js';
import { storable } from './canonical.js';
import { nextId } from './causes.js';
import type { Db, Tx } from './db.js';
import { keyHash } from './key-hash.js';
import { findNames, internNames, required } from './names.js';

/** One thing in the graph, taken apart: of a record, `kind` is `system/stream`. */
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

const recordId = /^record:([^/]+\/[^/]+)\/(.+)$/s;

/** The domain's node id (`record:<system>/<stream>/<key>`, `improvement:IMP-0001`, `recurrence:…`) taken apart. */
export function parseNodeId(id: string): NodeKey {
  const record = recordId.exec(id);
  if (record !== null) return { kind: record[1] ?? '', key: record[2] ?? '' };
  const colon = id.indexOf(':');
  return colon < 0 ? { kind: '', key: id } : { kind: id.slice(0, colon), key: id.slice(colon + 1) };
}

/** The domain's id of a node. */
export function nodeIdOf({ kind, key }: NodeKey): string {
  if (kind === '') return key;
  return kind.includes('/') ? `record:${kind}/${key}` : `${kind}:${key}`;
}

/** Integer keys of nodes, by kind and key. */
export interface NodeIds {
  get(node: NodeKey): number | undefined;
}

/** The integer keys of those nodes that exist. */
export async function findNodes(db: Db, nodes: readonly NodeKey[]): Promise<NodeIds> {
  return await lookUp(db, nodes, await findNames(db, [...new Set(nodes.map((node) => node.kind))]));
}

/** The integer key of one node, or undefined. */
export async function findNode(db: Db, node: NodeKey): Promise<number | undefined> {
  return (await findNodes(db, [node])).get(node);
}

/** The integer keys of all these nodes; those that do not exist are added. Only ever added: a node says that something was once mentioned. */
export async function ensureNodes(t: Tx, nodes: readonly NodeKey[]): Promise<NodeIds> {
  if (nodes.length === 0) return { get: () => undefined };
  const kinds = await internNames(
    t,
    nodes.map((node) => node.kind),
  );
  const known = await lookUp(t, nodes, kinds);
  const missing = new Map<string, NodeKey>();
  for (const node of nodes) if (known.get(node) === undefined) missing.set(nodeIdOf(node), node);
  const added = await insertNodes(t, [...missing.values()], kinds);
  for (const [node, id] of added) known.set(node, id);
  return known;
}

/** Adds nodes that are known not to exist. */
export async function insertNodes(
  t: Tx,
  nodes: readonly NodeKey[],
  kinds: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<NodeKey, number>> {
  const added = new Map<NodeKey, number>();
  if (nodes.length === 0) return added;
  let next = await nextId(t, 'node');
  const values: Value[] = [];
  for (const node of nodes) {
    const key = storable(node.key);
    values.push(next, required(kinds, node.kind), keyHash(key), key);
    added.set(node, next);
    next += 1;
  }
  await insertRows(t, 'node', ['id', 'kind', 'hash', 'key'], values);
  return added;
}

/** Domain ids of nodes by their integer keys. */
export async function nodeIdsOf(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const rows = await selectIn<{ id: number; kind: string; key: string }>(db, byId, [], ids);
  return new Map(rows.map((row) => [row.id, nodeIdOf(row)]));
}

const byId = 'select n.id, k.text as kind, n.key from node n join name k on k.id = n.kind where n.id in (select value from json_each(?))';
const byHash = 'select n.id, n.kind, n.key from json_each(?) j cross join node n on n.hash = j.value';

interface FoundNodes extends NodeIds {
  set(node: NodeKey, id: number): void;
}

async function lookUp(db: Db, nodes: readonly NodeKey[], kinds: ReadonlyMap<string, number>): Promise<FoundNodes> {
  const hashes = new Set(nodes.map((node) => keyHash(storable(node.key))));
  const rows = await selectIn<{ id: number; kind: number; key: string }>(db, byHash, [], [...hashes]);
  const found = new Map<number, Map<string, number>>();
  const ofKind = (kind: number): Map<string, number> => {
    let keys = found.get(kind);
    if (keys === undefined) found.set(kind, (keys = new Map<string, number>()));
    return keys;
  };
  for (const row of rows) ofKind(row.kind).set(row.key, row.id);
  return {
    get: ({ kind, key }) => {
      const id = kinds.get(kind);
      return id === undefined ? undefined : found.get(id)?.get(storable(key));
    },
    set: ({ kind, key }, id) => void ofKind(required(kinds, kind)).set(storable(key), id),
  };
}
