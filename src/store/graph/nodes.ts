import type { RecordRef } from '../../kit/index.js';
import { type Value, insertRows, selectIn } from '../database/bulk.js';
import { storable } from '../database/canonical.js';
import { type FreeIds, freeIds } from '../database/causes.js';
import type { Db, Tx } from '../database/db.js';
import { lookUpHash } from '../database/key-hash.js';
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
  const wanted = nodes.map(toWanted);
  const known = await lookUp(db, wanted);
  return wanted.map((node) => find(known, kinds.get(node.kind), node));
}

/** The integer key of one node, or undefined. */
export async function findNode(db: Db, node: NodeKey): Promise<number | undefined> {
  return (await findNodes(db, [node]))[0];
}

/**
 * The integer keys of these nodes, in their order; those that do not exist are added. Only ever added: a node says that something was once
 * mentioned. `free`: the transaction's, where it has them.
 */
export async function ensureNodes(t: Tx, nodes: readonly NodeKey[], free?: FreeIds): Promise<readonly number[]> {
  if (nodes.length === 0) return [];
  const kinds = await internNames(t, new Set(nodes.map((node) => node.kind)));
  const wanted = nodes.map(toWanted);
  const known = await lookUp(t, wanted);
  const values: Value[] = [];
  const ids: number[] = [];
  let next = free;
  for (const node of wanted) {
    const kind = required(kinds, node.kind);
    let id = find(known, kind, node);
    if (id === undefined) {
      next ??= await freeIds(t);
      id = next.node++;
      note(known, { id, kind, hash: node.hash, key: node.key });
      values.push(id, kind, node.hash, node.key);
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

/** A node to be looked up: its key as it is stored, and the hash of that. */
interface Wanted extends NodeKey {
  readonly hash: number;
}

function toWanted({ kind, key }: NodeKey): Wanted {
  const text = storable(key);
  return { kind, key: text, hash: lookUpHash(text) };
}

interface Found {
  readonly id: number;
  readonly kind: number;
  readonly hash: number;
  readonly key: string;
  /** Another one with the same hash. */
  next?: Found | undefined;
}

/** By hash. */
type KnownNodes = Map<number, Found>;

async function lookUp(db: Db, nodes: readonly Wanted[]): Promise<KnownNodes> {
  const known: KnownNodes = new Map();
  const hashes = new Set(nodes.map(({ hash }) => hash));
  for (const node of await selectIn<Found>(db, byHash, [], [...hashes])) note(known, node);
  return known;
}

function note(known: KnownNodes, node: Found): void {
  node.next = known.get(node.hash);
  known.set(node.hash, node);
}

function find(known: KnownNodes, kind: number | undefined, { key, hash }: Wanted): number | undefined {
  for (let node = known.get(hash); node !== undefined; node = node.next) if (node.kind === kind && node.key === key) return node.id;
  return undefined;
}
