import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { openWorld } from '../../src/cli/open-world.js';
import { stepsTaken } from '../../src/kit/step.js';
import { outboxCounts, type OutboxState } from '../../src/store/index.js';
import { cycle, release } from '../../src/sync/index.js';
import { raiseFrom } from './organisation.js';

/** What the parent says: what time it is, do one cycle; or end. */
export type Order = { readonly now: string } | { readonly end: true };

/** What one cycle left behind. */
export interface Report {
  /** Nothing came in, nothing was decided, nothing was written, nothing is open. */
  readonly idle: boolean;
  readonly outbox: Readonly<Partial<Record<OutboxState, number>>>;
  readonly failures: readonly string[];
  /** Boundaries passed so far. */
  readonly steps: number;
  /** Each request, with the boundaries passed when it was over. */
  readonly requests: readonly { readonly step: number; readonly what: string }[];
}

// A program: opens the world in a folder as the command line does, and runs a cycle whenever it is told to. It knows the time only from what it is told.
const { values } = parseArgs({ options: { config: { type: 'string' } } });
const requests: { step: number; what: string }[] = [];
const quiet = (): void => undefined;
const isLoud = process.env['GOLDEN_THREAD_FAULT_LOG'] !== undefined;
const loud = (message: string, details: object = {}): void =>
  void (
    isLoud &&
    process.stderr.write(`${message} ${JSON.stringify(details)}
`)
  );

const nextOrder = async (): Promise<Order> => ((await once(process, 'message')) as [Order])[0];

let order = await nextOrder();
let now = 'now' in order ? order.now : raiseFrom;
const { world, ...opened } = await openWorld(
  { config: values.config ?? 'config' },
  {
    clock: () => now,
    installationId: 'crash-test',
    log: { debug: quiet, info: quiet, warn: loud, error: loud },
    observe: ({ method, route }) => void requests.push({ step: stepsTaken(), what: `${method} ${route}` }),
  },
);
await release(world.store, { by: 'Fault Test', at: now, raiseFrom });

while ('now' in order) {
  now = order.now;
  const done = await cycle(world);
  const counts = await outboxCounts(world.store.read);
  const outbox: Partial<Record<OutboxState, number>> = {};
  for (const { state, count } of counts) outbox[state] = (outbox[state] ?? 0) + count;
  const open = (outbox.pending ?? 0) + (outbox.sending ?? 0) + (outbox['in-doubt'] ?? 0);
  const { pushed, pulled, decided, readBack, measured, failures } = done;
  const news =
    pulled.reduce((sum, { fresh, changed }) => sum + fresh + changed, 0) +
    readBack +
    measured.length +
    (decided?.raised.length ?? 0) +
    (decided?.joined ?? 0);
  const report: Report = {
    idle: news + pushed.confirmed + pushed.inDoubt + pushed.parked + pushed.later + failures.length + open === 0,
    outbox,
    failures: failures.map(({ kind, message }) => `${kind}: ${message}`),
    steps: stepsTaken(),
    requests,
  };
  process.send?.(report);
  order = await nextOrder();
}
await opened.close();
process.send?.({ steps: stepsTaken() });
process.disconnect();
