import { CompiledQuery } from 'kysely';
import type { Instant } from '../../kit/index.js';
import { type Value, insertRows } from '../database/bulk.js';
import { type Cause, addCause } from '../database/causes.js';
import type { Db, Tx } from '../database/db.js';
import { edgeColumns, edgeEndColumns, edgesFrom } from './derived-edges.js';
import { internNames, required } from '../database/names.js';
import { ensureNodes, findNode, nodeIdOf, parseNodeId } from './nodes.js';

/** A link: `from` --kind--> `to`, both by the domain's node ids (`record:<system>/<stream>/<key>`, `improvement:IMP-0001`). */
export interface EdgeKey {
  readonly from: string;
  readonly kind: string;
  readonly to: string;
}

/** A link as kept, with its end where it has one. The domain's `GraphEdge`. */
export interface Edge extends EdgeKey, Cause {
  readonly endedAt?: Instant;
}

/** Adds these things to the graph. Already there is fine. */
export async function addNodes(t: Tx, ids: readonly string[]): Promise<void> {
  await ensureNodes(t, ids.map(parseNodeId));
}

/** Adds links, with their ends where these are missing. A link that is open already stays as it is; one that was ended is linked again. */
export async function addEdges(t: Tx, edges: readonly Edge[]): Promise<void> {
  const keys = await resolve(t, edges);
  const stored = await edgesFrom(t, [...new Set(keys.map((edge) => edge.from))]);
  const rows = new Map<string, readonly Value[]>();
  const causes = new Map<string, number>();
  for (const [at, { from, kind, to }] of keys.entries()) {
    const edge = edges[at];
    const same = (stored.get(from) ?? []).filter((known) => known.kind === kind && known.to_node === to);
    if (edge === undefined || rows.has(`${from} ${kind} ${to}`) || same.some((known) => known.open === 1)) continue;
    const why = JSON.stringify([edge.at, edge.by, edge.because]);
    const cause = causes.get(why) ?? (await addCause(t, edge));
    causes.set(why, cause);
    rows.set(`${from} ${kind} ${to}`, [from, kind, to, Math.max(0, ...same.map((known) => known.seq + 1)), cause, 0]);
  }
  await insertRows(t, 'edge', edgeColumns, [...rows.values()].flat());
}

/** Adds a part of the graph as the domain describes it: nodes that nothing links to yet, and links. Adding it again adds nothing. */
export async function addGraph(
  t: Tx,
  part: { readonly nodes: readonly { readonly id: string }[]; readonly edges: readonly Edge[] },
): Promise<void> {
  await addNodes(
    t,
    part.nodes.map((node) => node.id),
  );
  await addEdges(t, part.edges);
}

/** Ends a link: a row of its own, so that it can be linked again and be read as of any day. Without an open link nothing happens. */
export async function endEdge(t: Tx, edge: EdgeKey, cause: Cause): Promise<void> {
  const [ids] = await resolve(t, [edge]);
  if (ids === undefined) return;
  const open = ((await edgesFrom(t, [ids.from])).get(ids.from) ?? []).filter(
    (known) => known.kind === ids.kind && known.to_node === ids.to && known.open === 1,
  );
  if (open.length === 0) return;
  const causeId = await addCause(t, cause);
  const values = open.flatMap((known) => [known.from_node, known.kind, known.to_node, known.seq, causeId]);
  await insertRows(t, 'edge_end', edgeEndColumns, values);
}

/** Links of a node in both directions, or in `only` one; ended ones only with `ended`. At most `limit` (default 1000) each way. */
export async function neighbours(
  db: Db,
  node: string,
  ask: { readonly kinds?: readonly string[]; readonly ended?: boolean; readonly limit?: number; readonly only?: 'out' | 'in' } = {},
): Promise<{ readonly out: readonly Edge[]; readonly in: readonly Edge[] }> {
  const id = await findNode(db, parseNodeId(node));
  if (id === undefined) return { out: [], in: [] };
  const kinds = ask.kinds === undefined ? null : JSON.stringify(ask.kinds);
  const read = async (direction: 'from_node' | 'to_node'): Promise<readonly Edge[]> => {
    const text = `${edgeText} where e.${direction} = ? ${ask.ended === true ? '' : 'and x.seq is null'}
      and (? is null or k.text in (select value from json_each(?))) limit ?`;
    const { rows } = await db.executeQuery<EdgeRow>(CompiledQuery.raw(text, [id, kinds, kinds, ask.limit ?? 1000]));
    return rows.map(toEdge);
  };
  return {
    out: ask.only === 'in' ? [] : await read('from_node'),
    in: ask.only === 'out' ? [] : await read('to_node'),
  };
}

/** An edge with its names, as {@link edgeText} selects it. */
interface EdgeRow {
  readonly from_kind: string;
  readonly from_key: string;
  readonly kind: string;
  readonly to_kind: string;
  readonly to_key: string;
  readonly at: string;
  readonly by: string;
  readonly because: string;
  readonly ended_at: string | null;
}

/** Selects edges `e` with their names and ends (`x`); `where` follows. */
const edgeText = `select fk.text as from_kind, f.key as from_key, k.text as kind, tk.text as to_kind, g.key as to_key,
    c.at, c."by", c.because, xc.at as ended_at
  from edge e
  left join edge_end x on x.from_node = e.from_node and x.kind = e.kind and x.to_node = e.to_node and x.seq = e.seq
  left join cause xc on xc.id = x.cause
  join cause c on c.id = e.cause join name k on k.id = e.kind
  join node f on f.id = e.from_node join name fk on fk.id = f.kind
  join node g on g.id = e.to_node join name tk on tk.id = g.kind`;

/** A row of {@link edgeText}. */
function toEdge(row: EdgeRow): Edge {
  return {
    from: nodeIdOf({ kind: row.from_kind, key: row.from_key }),
    kind: row.kind,
    to: nodeIdOf({ kind: row.to_kind, key: row.to_key }),
    at: row.at,
    by: row.by,
    because: row.because,
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
  };
}

async function resolve(t: Tx, edges: readonly EdgeKey[]): Promise<readonly { from: number; kind: number; to: number }[]> {
  const from = await ensureNodes(
    t,
    edges.map((edge) => parseNodeId(edge.from)),
  );
  const to = await ensureNodes(
    t,
    edges.map((edge) => parseNodeId(edge.to)),
  );
  const kinds = await internNames(
    t,
    edges.map((edge) => edge.kind),
  );
  return edges.map((edge, at) => ({ from: from[at] ?? 0, kind: required(kinds, edge.kind), to: to[at] ?? 0 }));
}
