import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Store, type Tx, openStore, walkThread } from '../../src/store/index.js';
import { type Value, insertRows } from '../../src/store/database/bulk.js';
import { addCause } from '../../src/store/database/causes.js';
import { lookUpHash } from '../../src/store/database/key-hash.js';
import { internNames, required } from '../../src/store/database/names.js';

/** What a walk along golden threads of 30 nodes costs in a graph of this size. Times in milliseconds. */
export interface GraphBench {
  readonly nodes: number;
  readonly edges: number;
  readonly buildSeconds: number;
  /** Nodes that a walk brought, on average. */
  readonly threadNodes: number;
  readonly walks: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const threadSize = 30;
const hubs = 1000;
const walks = 1000;
const pageOfNodes = 30_000;

/**
 * Builds a graph of `nodes` records in threads of 30, each record tied to two of 1,000 hubs (service, configuration item) as well, and walks
 * 1,000 threads, nodes and links with their names included, through the store's own function.
 */
export async function benchGraph(nodes: number): Promise<GraphBench> {
  const folder = mkdtempSync(join(tmpdir(), 'golden-thread-bench-'));
  const path = join(folder, 'graph.db');
  const store = await openStore({ path, clock: () => '2026-01-01T00:00:00.000Z' });
  try {
    const started = performance.now();
    const edges = await build(store, nodes);
    const buildSeconds = (performance.now() - started) / 1000;
    await walk(store, nodes, 50);
    const { times, threadNodes } = await walk(store, nodes, walks);
    const at = (share: number): number => Number((times[Math.floor(times.length * share)] ?? 0).toFixed(3));
    return { nodes, edges, buildSeconds, threadNodes, walks, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function build(store: Store, nodes: number): Promise<number> {
  let edges = 0;
  for (let from = 0; from < nodes; from += pageOfNodes)
    edges += await store.tx((t) => addNodes(t, from, Math.min(nodes, from + pageOfNodes)));
  return edges;
}

/** Within a thread the records hang together as a tree. Hubs are the nodes behind all others. */
async function addNodes(t: Tx, from: number, to: number): Promise<number> {
  const names = await internNames(t, ['bench/record', 'service', 'caused-by', 'affects', 'runs-on']);
  const name = (text: string): number => required(names, text);
  const cause = await addCause(t, { at: '2026-01-01T00:00:00.000Z', by: 'bench', because: 'bench' });
  const nodeRows: Value[] = [];
  const edgeRows: Value[] = [];
  if (from === 0) for (let hub = 1; hub <= hubs; hub += 1) nodeRows.push(hub, name('service'), lookUpHash(`hub${hub}`), `hub${hub}`);
  for (let at = from; at < to; at += 1) {
    const id = at + hubs + 1;
    const key = `k${at}`;
    nodeRows.push(id, name('bench/record'), lookUpHash(key), key);
    const place = at % threadSize;
    if (place > 0) edgeRows.push(id, name('caused-by'), id - place + Math.floor((place - 1) / 2), 0, cause, 1);
    edgeRows.push(id, name('affects'), 1 + (at % hubs), 0, cause, 1);
    edgeRows.push(id, name('runs-on'), 1 + ((at * 7) % hubs), 0, cause, 1);
  }
  await insertRows(t, 'node', ['id', 'kind', 'hash', 'key'], nodeRows);
  await insertRows(t, 'edge', ['from_node', 'kind', 'to_node', 'seq', 'cause', 'derived'], edgeRows);
  return edgeRows.length / 6;
}

async function walk(
  store: Store,
  nodes: number,
  count: number,
): Promise<{ readonly times: readonly number[]; readonly threadNodes: number }> {
  const times: number[] = [];
  let found = 0;
  for (let at = 0; at < count; at += 1) {
    const root = `record:bench/record/k${(at * 7919 * threadSize + (at % threadSize)) % nodes}`;
    const started = performance.now();
    const thread = await walkThread(store.read, root, { kinds: ['caused-by', 'carried-out-by'], hubs: ['service'] });
    times.push(performance.now() - started);
    found += thread.nodes.length;
  }
  return { times: times.toSorted((a, b) => a - b), threadNodes: found / count };
}
