import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Improvement, ImprovementInput, Status } from '../../src/domain/index.js';
import { registerDocument, type ReportContext, threadReport } from '../../src/report/index.js';
import { addEdges, endEdge, saveImprovement, type Store, walkThread } from '../../src/store/index.js';
import { anImprovement, entry, freshStore, incident, input, savePages } from '../store/world.js';
import { shippedConfig } from './shipped-config.js';

const config = shippedConfig();

const contextAt = (store: Store, at: string, asOf?: string): ReportContext => ({
  db: store.read,
  config,
  at,
  product: 'test',
  ...(asOf !== undefined && { asOf }),
});

/** What somebody did to the register, or what came in. */
type Act =
  | {
      readonly is: 'improvement';
      readonly n: number;
      readonly status: Status;
      readonly owner: string;
      readonly title: string;
      readonly inputs: number;
    }
  | { readonly is: 'input'; readonly n: number; readonly title: string; readonly service: string }
  | { readonly is: 'link'; readonly from: number; readonly to: number }
  | { readonly is: 'unlink'; readonly from: number; readonly to: number };

const number = fc.integer({ min: 1, max: 3 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    is: fc.constant('improvement' as const),
    n: number,
    status: fc.constantFrom<Status>('proposed', 'approved', 'rejected', 'closed', 'on-hold'),
    owner: fc.constantFrom('m.okafor', 'l.weber'),
    title: fc.constantFrom('A', 'B', 'C'),
    inputs: number,
  }),
  fc.record({
    is: fc.constant('input' as const),
    n: number,
    title: fc.constantFrom('x', 'y', 'z'),
    service: fc.constantFrom('mail', 'checkout'),
  }),
  fc.record({ is: fc.constant('link' as const), from: number, to: number }),
  fc.record({ is: fc.constant('unlink' as const), from: number, to: number }),
);

const idOf = (n: number): string => `IMP-000${n}`;
const recordOf = (n: number): string => `r${n}`;

async function perform(store: Store, step: Act, at: string, raised: Map<number, string>): Promise<void> {
  const edge = (from: number, to: number) => ({ from: `improvement:${idOf(from)}`, kind: 'follow-on-of', to: `improvement:${idOf(to)}` });
  const cause = { at, by: 'test', because: 'because' };
  switch (step.is) {
    case 'improvement': {
      // A number is free only once the ones before it are taken.
      const n = [...raised.keys()].includes(step.n) ? step.n : raised.size + 1;
      const raisedAt = raised.get(n) ?? at;
      raised.set(n, raisedAt);
      const triggers = Array.from({ length: step.inputs }, (_, index) => input(recordOf(index + 1)).id);
      const { status, owner, title } = step;
      const improvement: Improvement = anImprovement({
        id: idOf(n),
        status,
        owner,
        title,
        triggers,
        raisedAt,
        approver: 'a.rahman',
        heldFrom: 'approved',
      });
      await store.tx((t) => saveImprovement(t, improvement, cause));
      return;
    }
    case 'input': {
      const changed: Partial<ImprovementInput> = { title: step.title, serviceIds: [step.service] };
      await savePages(
        store,
        [entry(recordOf(step.n), { title: step.title, service: step.service }, { inputs: [changed], updatedAt: at })],
        { cause },
      );
      return;
    }
    case 'link':
      await store.tx((t) => addEdges(t, [{ ...edge(step.from, step.to), ...cause }]));
      return;
    case 'unlink':
      await store.tx((t) => endEdge(t, edge(step.from, step.to), cause));
  }
}

/** Everything that the register, its filters and the threads show. */
async function shown(store: Store, context: ReportContext): Promise<unknown> {
  const whole = await registerDocument(context);
  const parts = await Promise.all(
    [{ status: ['approved' as const] }, { owner: 'l.weber' }, { service: 'vpn' }, { overdue: true }, { limit: 2, page: 1 }].map(
      async (filter) => (await registerDocument(context, filter)).data,
    ),
  );
  const threads = await Promise.all([1, 2, 3].map((n) => threadReport(store.read, config, idOf(n), context.at, context.asOf)));
  const walks = await Promise.all(
    [1, 2, 3].map((n) =>
      walkThread(store.read, `improvement:${idOf(n)}`, {
        kinds: ['follow-on-of'],
        ...(context.asOf !== undefined && { asOf: context.asOf }),
      }),
    ),
  );
  // A node exists once it was ever mentioned; what hangs together is what is shown.
  return JSON.parse(
    JSON.stringify({ whole: whole.data, main: whole.main, parts, threads, edges: walks.map(({ edges }) => edges) }),
  ) as unknown;
}

test('register and threads as of any past instant are what they showed then, whatever happened afterwards', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 14 }), async (acts) => {
      const store = await freshStore();
      const raised = new Map<number, string>();
      const then: { readonly at: string; readonly shown: unknown }[] = [];
      for (const [minute, step] of acts.entries()) {
        const at = new Date(Date.parse('2026-05-01T12:00:00.000Z') + minute * 60_000).toISOString();
        await perform(store, step, at, raised);
        then.push({ at, shown: await shown(store, contextAt(store, at)) });
      }
      for (const { at, shown: before } of then)
        expect(await shown(store, contextAt(store, '2027-01-01T00:00:00.000Z', at))).toEqual(before);
      expect(await threadReport(store.read, config, idOf(1), '2027-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z')).toBeUndefined();
      await store.close();
    }),
    { numRuns: 12 },
  );
}, 120_000);

test('an input that came to be known only later is not in the thread of that day', async () => {
  const store = await freshStore();
  await store.tx((t) =>
    saveImprovement(t, anImprovement({ triggers: [input('late').id] }), { at: '2026-05-01T00:00:00.000Z', by: 'x', because: 'x' }),
  );
  await savePages(store, [entry('late', {}, { inputs: [{ title: 'came later' }] })], {
    cause: { at: '2026-05-03T00:00:00.000Z', by: 'pull', because: 'run 1' },
  });
  const at = '2026-06-01T00:00:00.000Z';
  const on = async (asOf: string): Promise<string> =>
    JSON.stringify((await threadReport(store.read, config, 'IMP-0001', at, asOf))?.thread.stages[0]?.items);
  expect(await on('2026-05-02T00:00:00.000Z')).not.toContain('came later');
  expect(await on('2026-05-03T00:00:00.000Z')).toContain('came later');
  expect(incident('late').key).toBe('late');
});
