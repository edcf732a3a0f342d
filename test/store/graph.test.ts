import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addEdges, addGraph, endEdge, neighbours, walkThread } from '../../src/store/index.js';
import { freshStore } from './world.js';

const on = (day: number) => ({ at: `2026-03-${String(day).padStart(2, '0')}T00:00:00.000Z`, by: 'rule', because: 'test' });
const edge = (from: string, kind: string, to: string, day = 1) => ({ from, kind, to, ...on(day) });
const kinds = ['triggered-by', 'made-from', 'carried-out-by', 'caused-by'];

describe('the graph', () => {
  test('walks a thread in both directions and brings the links with their reasons', async () => {
    const store = await freshStore();
    await store.tx((t) =>
      addGraph(t, {
        nodes: [{ id: 'improvement:IMP-0001' }, { id: 'service:lonely' }],
        edges: [
          edge('improvement:IMP-0001', 'triggered-by', 'input:1'),
          edge('input:1', 'made-from', 'record:snow/incident/a'),
          edge('improvement:IMP-0001', 'carried-out-by', 'record:snow/change_request/c'),
          edge('record:snow/incident/a', 'noted-in', 'record:snow/kb/x'),
        ],
      }),
    );
    const walk = await walkThread(store.read, 'record:snow/incident/a', { kinds });
    expect(walk.nodes[0]).toBe('record:snow/incident/a');
    expect(walk.nodes.toSorted()).toEqual(['improvement:IMP-0001', 'input:1', 'record:snow/change_request/c', 'record:snow/incident/a']);
    expect(walk.edges).toHaveLength(3);
    expect(walk.edges).toContainEqual(edge('improvement:IMP-0001', 'carried-out-by', 'record:snow/change_request/c'));
  });

  test('reaches a hub and does not walk through it', async () => {
    const store = await freshStore();
    const incidents = Array.from({ length: 50 }, (_, at) => edge(`record:snow/incident/${at}`, 'caused-by', 'service:vpn'));
    await store.tx((t) => addEdges(t, incidents));
    const walk = await walkThread(store.read, 'record:snow/incident/0', { kinds, hubs: ['service'] });
    expect(walk.nodes.toSorted()).toEqual(['record:snow/incident/0', 'service:vpn']);
    expect((await walkThread(store.read, 'record:snow/incident/0', { kinds })).nodes).toHaveLength(51);
    const cut = await walkThread(store.read, 'record:snow/incident/0', { kinds, limit: 10 });
    expect(cut).toMatchObject({ truncated: true });
    expect(cut.nodes).toHaveLength(10);
  });

  test('shows a link as of any day: before it, while it stood, after its end, and after it was linked again', async () => {
    const store = await freshStore();
    const link = { from: 'improvement:IMP-0001', kind: 'carried-out-by', to: 'record:snow/change_request/c' };
    await store.tx((t) => addEdges(t, [{ ...link, ...on(2) }]));
    await store.tx((t) => endEdge(t, link, on(5)));
    await store.tx((t) => addEdges(t, [{ ...link, ...on(9) }]));
    await store.tx((t) => addEdges(t, [{ ...link, ...on(10) }]));
    const linked = async (day: number) => (await walkThread(store.read, link.from, { kinds, asOf: on(day).at })).edges.length;
    expect([await linked(1), await linked(2), await linked(4), await linked(5), await linked(8), await linked(9)]).toEqual([
      0, 1, 1, 0, 0, 1,
    ]);
    expect((await neighbours(store.read, link.from, { ended: true })).out).toHaveLength(2);
    expect((await neighbours(store.read, link.from, { kinds: ['caused-by'] })).out).toEqual([]);
  });

  test('cannot be rewritten: links, their ends and reasons are append-only', async () => {
    const store = await freshStore();
    await store.tx((t) => addEdges(t, [edge('a:1', 'caused-by', 'b:1')]));
    const change = store.tx((t) => t.updateTable('edge').set({ cause: 7 }).execute());
    await expect(change).rejects.toThrow('edge is append-only');
    await expect(store.tx((t) => t.deleteFrom('cause').execute())).rejects.toThrow('cause is append-only');
  });

  test('finds what any walk finds, for any graph', async () => {
    const name = fc.integer({ min: 0, max: 7 }).map((n) => `x:${n}`);
    const graphs = fc.array(fc.tuple(name, fc.constantFrom('caused-by', 'other'), name), { maxLength: 20 });
    const store = await freshStore();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(graphs, name, async (links, root) => {
        round += 1;
        const world = (id: string) => `${id}-${round}`;
        await store.tx((t) =>
          addGraph(t, {
            nodes: [{ id: world(root) }],
            edges: links.map(([from, kind, to]) => edge(world(from), kind, world(to))),
          }),
        );
        const reached = new Set([root]);
        for (let size = 0; size !== reached.size;) {
          size = reached.size;
          for (const [from, kind, to] of links)
            if (kind === 'caused-by' && (reached.has(from) || reached.has(to))) reached.add(from).add(to);
        }
        const walk = await walkThread(store.read, world(root), { kinds });
        expect(walk.nodes.toSorted()).toEqual([...reached].map(world).toSorted());
      }),
      { numRuns: 60 },
    );
  });
});
