import { CompiledQuery } from 'kysely';
import type { Instant } from '../../kit/index.js';
import { selectIn } from '../database/bulk.js';
import type { Db } from '../database/db.js';
import type { Edge } from './graph.js';
import { findNames, required } from '../database/names.js';
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
 * Walks the graph from `root`. Two recursive terms (outgoing, incoming) and a visited set that is the id alone: the obvious form with a depth
 * column or an OR visits each path instead of each node and is 18,000 times slower at a million nodes. Integer keys of kinds stand in the text
 * of the statement: a list as parameter would be read again at every step.
 */
export async function walkThread(db: Db, root: string, ask: ThreadAsk): Promise<Walk> {
  const limit = ask.limit ?? 500;
  const id = await findNode(db, parseNodeId(root));
  if (id === undefined) return { nodes: [], edges: [], truncated: false };
  const names = await findNames(db, [...ask.kinds, ...(ask.hubs ?? [])]);
  const kinds = keysOf(names, ask.kinds);
  const asOf = ask.asOf === undefined ? [] : [ask.asOf, ask.asOf];
  const text = walkText(kinds, keysOf(names, ask.hubs ?? []), ask.asOf !== undefined);
  const { rows } = await db.executeQuery<{ id: number }>(CompiledQuery.raw(text, [id, ...asOf, ...asOf, limit + 1]));
  const ids = rows.slice(0, limit).map((row) => row.id);
  const nodes = await nodeIdsOf(db, ids);
  const kindNames = new Map(ask.kinds.map((kind) => [names.get(kind), kind]));
  const edges = await edgesAmong(db, ids, kinds, asOf);
  return {
    nodes: ids.map((node) => required(nodes, node)),
    edges: edges.map(({ from_node, kind, to_node, ...cause }) => ({
      from: required(nodes, from_node),
      kind: required(kindNames, kind),
      to: required(nodes, to_node),
      ...cause,
    })),
    truncated: rows.length > limit,
  };
}

function keysOf(names: ReadonlyMap<string, number>, texts: readonly string[]): readonly number[] {
  return texts
    .map((text) => names.get(text))
    .filter((key) => key !== undefined)
    .toSorted((a, b) => a - b);
}

function walkText(kinds: readonly number[], hubs: readonly number[], asOf: boolean): string {
  const term = (here: string, there: string): string => `select e.${there} from t
    ${hubs.length === 0 ? '' : `cross join node h on h.id = t.id and h.kind not in (${hubs.join()})`}
    cross join edge e on e.${here} = t.id and e.kind in (${kinds.join()}) and ${standing(asOf)}`;
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

interface EdgeRow {
  readonly from_node: number;
  readonly kind: number;
  readonly to_node: number;
  readonly at: Instant;
  readonly by: string;
  readonly because: string;
}

async function edgesAmong(db: Db, ids: readonly number[], kinds: readonly number[], asOf: readonly Instant[]): Promise<readonly EdgeRow[]> {
  const text = `select e.from_node, e.kind, e.to_node, c.at, c."by", c.because
    from json_each(?) a cross join edge e on e.from_node = a.value and e.kind in (${kinds.join()}) and ${standing(asOf.length > 0)}
    cross join cause c on c.id = e.cause
    where e.to_node in (select value from json_each(?))`;
  return await selectIn<EdgeRow>(db, text, [JSON.stringify(ids), ...asOf], ids);
}
