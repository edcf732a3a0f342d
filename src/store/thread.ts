import { CompiledQuery } from 'kysely';
import type { Instant } from '../kit/index.js';
import { type Value, selectIn } from './bulk.js';
import type { Db } from './db.js';
import { type Edge, type EdgeRow, toEdge } from './graph.js';
import { findNames } from './names.js';
import { findNode, nodeIdsOf, parseNodeId } from './nodes.js';

/** How far a thread goes. */
export interface ThreadAsk {
  /** Only links of these kinds are followed, in both directions. Links to services and people are not among them: half the graph hangs there. */
  readonly kinds: readonly string[];
  /** Nodes of these kinds are reached, but not walked through. */
  readonly hubs?: readonly string[];
  /** The thread as it stood at this instant. Default: as it stands. */
  readonly asOf?: Instant;
  /** At most so many nodes; default 500. */
  readonly limit?: number;
}

/** Everything that hangs together with a node. */
export interface Walk {
  /** Nearest first, the root leading. */
  readonly nodes: readonly string[];
  readonly edges: readonly Edge[];
  /** There is more than `limit`. */
  readonly truncated: boolean;
}

/**
 * Walks the graph from `root`. Two recursive terms (outgoing, incoming) and a visited set that is the id alone:
 * the obvious form with a depth column or an OR visits each path instead of each node and is 18,000 times slower at a million nodes.
 */
export async function walkThread(db: Db, root: string, ask: ThreadAsk): Promise<Walk> {
  const limit = ask.limit ?? 500;
  const id = await findNode(db, parseNodeId(root));
  if (id === undefined) return { nodes: [], edges: [], truncated: false };
  const names = await findNames(db, [...ask.kinds, ...(ask.hubs ?? [])]);
  const keysOf = (texts: readonly string[]): string => JSON.stringify(texts.flatMap((text) => names.get(text) ?? []));
  const kinds = keysOf(ask.kinds);
  const hubs = keysOf(ask.hubs ?? []);
  const parameters = walkParameters(id, kinds, hubs, ask.asOf, limit + 1);
  const { rows } = await db.executeQuery<{ id: number }>(CompiledQuery.raw(walkText(hubs !== '[]', ask.asOf !== undefined), parameters));
  const ids = rows.slice(0, limit).map((row) => row.id);
  const nodes = await nodeIdsOf(db, ids);
  return {
    nodes: ids.map((node) => nodes.get(node)).filter((node) => node !== undefined),
    edges: await edgesAmong(db, ids, kinds, ask.asOf),
    truncated: rows.length > limit,
  };
}

function walkParameters(id: number, kinds: string, hubs: string, asOf: Instant | undefined, limit: number): Value[] {
  const term = [...(hubs === '[]' ? [] : [hubs]), kinds, ...(asOf === undefined ? [] : [asOf, asOf])];
  return [id, ...term, ...term, limit];
}

function walkText(hubs: boolean, asOf: boolean): string {
  const term = (here: string, there: string): string => `select e.${there} from t
    ${hubs ? 'join node h on h.id = t.id and h.kind not in (select value from json_each(?))' : ''}
    cross join edge e on e.${here} = t.id and e.kind in (select value from json_each(?)) and ${standing(asOf)}`;
  return `with recursive t(id) as (values(?) union ${term('from_node', 'to_node')} union ${term('to_node', 'from_node')}) select id from t limit ?`;
}

/** Whether an edge `e` stands: it has no end, or not yet at the instant asked for. */
function standing(asOf: boolean): string {
  const same = 'x.from_node = e.from_node and x.kind = e.kind and x.to_node = e.to_node and x.seq = e.seq';
  return asOf
    ? `exists (select 1 from cause c where c.id = e.cause and c.at <= ?)
       and not exists (select 1 from edge_end x join cause c on c.id = x.cause where ${same} and c.at <= ?)`
    : `not exists (select 1 from edge_end x where ${same})`;
}

async function edgesAmong(db: Db, ids: readonly number[], kinds: string, asOf: Instant | undefined): Promise<readonly Edge[]> {
  const text = `select fk.text as from_kind, f.key as from_key, k.text as kind, tk.text as to_kind, g.key as to_key,
      c.at, c."by", c.because, null as ended_at
    from json_each(?) a cross join edge e on e.from_node = a.value and e.kind in (select value from json_each(?)) and ${standing(asOf !== undefined)}
    cross join node g on g.id = e.to_node join name tk on tk.id = g.kind
    join node f on f.id = e.from_node join name fk on fk.id = f.kind join name k on k.id = e.kind join cause c on c.id = e.cause
    where e.to_node in (select value from json_each(?))`;
  const rows = await selectIn<EdgeRow>(db, text, [JSON.stringify(ids), kinds, ...(asOf === undefined ? [] : [asOf, asOf])], ids);
  return rows.map(toEdge);
}
