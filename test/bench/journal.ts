import { join } from 'node:path';
import { appendJournal, isIncluded, openStore, proveEntries, verifyJournal } from '../../src/store/index.js';

/** What a journal of many years costs. Times in milliseconds. */
export interface JournalBench {
  readonly entries: number;
  readonly verifyMs: number;
  /** CPU time of the same, on all threads: what remains of it on a machine with nothing else to do. */
  readonly verifyCpuMs: number;
  readonly proveMs: number;
}

const key = 'a-secret-of-more-than-thirty-two-characters';

/** A keyed journal of so many entries with texts of some 300 characters: the whole of it verified, and one entry proven. */
export async function benchJournal(entries: number, folder: string): Promise<JournalBench> {
  const clock = (): string => '2026-01-01T00:00:00.000Z';
  const store = await openStore({ path: join(folder, 'journal.db'), clock, journal: { key } });
  const batch = 1000;
  for (let from = 0; from < entries; from += batch)
    await store.tx((t) =>
      appendJournal(
        t,
        Array.from({ length: Math.min(batch, entries - from) }, (_, at) => ({
          at: clock(),
          actor: at % 3 === 0 ? `Person ${at % 50}` : 'golden-thread',
          kind: 'decision-taken',
          subject: `IMP-${at}`,
          because: 'Repeat failures cost orders every week; the fix is small and well understood.',
          body: { at, text: 'x'.repeat(200) },
        })),
      ),
    );
  const started = performance.now();
  const cpu = process.cpuUsage();
  const { broken, entries: verified } = await verifyJournal(store.read, { key });
  const { user, system } = process.cpuUsage(cpu);
  const verifyMs = performance.now() - started;
  if (broken !== undefined || verified !== entries) throw new Error(`entry ${broken?.seq ?? verified} ${broken?.what ?? 'is the last'}`);
  const again = performance.now();
  const [proof] = await proveEntries(store.read, [Math.ceil(entries / 3)]);
  const proveMs = performance.now() - again;
  if (proof === undefined || !isIncluded(proof)) throw new Error('the proof does not hold');
  await store.close();
  return { entries, verifyMs, verifyCpuMs: (user + system) / 1000, proveMs };
}
