import type { RecordRef } from '../../kit/index.js';
import { type Value, insertRows, selectIn } from '../database/bulk.js';
import { storable } from '../database/canonical.js';
import { nextId } from '../database/causes.js';
import type { Db, Tx } from '../database/db.js';
import { keyHash } from '../database/key-hash.js';
import { findNames, internNames, required } from '../database/names.js';

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

/** The domain's node id (`record:<system>/<stream>/<key>`, `improvement:IMP-0001`, `recurrence:…`) taken apart. */
export function parseNodeId(id: string): NodeKey {
  if (id.startsWith('record:')) {
    const slash = id.indexOf('/', id.indexOf('/') + 1);
    if (slash > 0) return { kind: id.slice('record:'.length, slash), key: id.slice(slash + 1) };
  }
  const colon = id.indexOf(':');
  return colon < 0 ? { kind: '', key: id } : { kind: id.slice(0, colon), key: id.slice(colon + 1) };
}

/** The domain's id of a node. */
export function nodeIdOf({ kind, key }: NodeKey): string {
  if (kind === '') return key;
  return kind.includes('/') ? `record:${kind}/${key}` : `${kind}:${key}`;
}

/** The integer keys of these nodes, in their order; undefined for those that do not exist. */
export async function findNodes(db: Db, nodes: readonly NodeKey[]): Promise<readonly (number | undefined)[]> {
  const kinds = await findNames(db, [...new Set(nodes.map((node) => node.kind))]);
  const known = await lookUp(db, nodes);
  return nodes.map(({ kind, key }) => known.find(kinds.get(kind), key));
}

/** The integer key of one node, or undefined. */
export async function findNode(db: Db, node: NodeKey): Promise<number | undefined> {
  return (await findNodes(db, [node]))[0];
}

/**
 * The integer keys of these nodes, in their order; those that do not exist are added. Only ever added: a node says that something was once
 * mentioned.
 */
export async function ensureNodes(t: Tx, nodes: readonly NodeKey[]): Promise<readonly number[]> {
  if (nodes.length === 0) return [];
  const kinds = await internNames(t, new Set(nodes.map((node) => node.kind)));
  const known = await lookUp(t, nodes);
  const values: Value[] = [];
  let next = 0;
  const ids: number[] = [];
  for (const { kind, key } of nodes) {
    const kindId = required(kinds, kind);
    let id = known.find(kindId, key);
    if (id === undefined) {
      if (next === 0) next = await nextId(t, 'node');
      id = next;
      next += 1;
      values.push(id, kindId, known.add(id, kindId, key), storable(key));
    }
    ids.push(id);
  }
  await insertRows(t, 'node', nodeColumns, values);
  return ids;
}

export const nodeColumns = ['id', 'kind', 'hash', 'key'] as const;

/** Domain ids of nodes by their integer keys. */
export async function nodeIdsOf(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const rows = await selectIn<{ id: number; kind: string; key: string }>(db, byId, [], ids);
  return new Map(rows.map((row) => [row.id, nodeIdOf(row)]));
}

const byId = 'select n.id, k.text as kind, n.key from node n join name k on k.id = n.kind where n.id in (select value from json_each(?))';
const byHash = 'select n.id, n.kind, n.hash, n.key from json_each(?) j cross join node n on n.hash = j.value';

interface Found {
  readonly id: number;
  readonly kind: number;
  readonly hash: number;
  readonly key: string;
  /** Another one with the same hash. */
  next?: Found | undefined;
}

interface KnownNodes {
  find(kind: number | undefined, key: string): number | undefined;
  /** Returns the hash of the key. */
  add(id: number, kind: number, key: string): number;
}

async function lookUp(db: Db, nodes: readonly NodeKey[]): Promise<KnownNodes> {
  const hashes = new Set<number>();
  for (const { key } of nodes) hashes.add(keyHash(storable(key)));
  const found = new Map<number, Found>();
  const note = (node: Found): void => {
    node.next = found.get(node.hash);
    found.set(node.hash, node);
  };
  for (const row of await selectIn<Found>(db, byHash, [], [...hashes])) note(row);
  return {
    find: (kind, key) => {
      const text = storable(key);
      for (let node = found.get(keyHash(text)); node !== undefined; node = node.next)
        if (node.kind === kind && node.key === text) return node.id;
      return undefined;
    },
    add: (id, kind, key) => {
      const text = storable(key);
      const hash = keyHash(text);
      note({ id, kind, hash, key: text });
      return hash;
    },
  };
}
