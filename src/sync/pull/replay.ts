import { Failure, type SourceRecord } from '../../kit/index.js';
import { markReplayed, type QuarantineEntry, quarantineEntries, saveRecords } from '../../store/index.js';
import { fromRaw, mapRecord } from './map-record.js';
import { mappingOf } from './pull.js';
import { systemOf } from '../systems.js';
import type { World } from '../world.js';

/** What became of the entries that were tried again. */
export interface Replayed {
  readonly taken: readonly number[];
  readonly still: readonly { readonly id: number; readonly problems: readonly string[] }[];
}

/** Maps quarantined records again, all or those with these numbers, with the mappings as they are now. */
export async function replay(world: World, ids?: readonly number[]): Promise<Replayed> {
  const taken: number[] = [];
  const still: { id: number; problems: readonly string[] }[] = [];
  for (const entry of await quarantineEntries(world.store.read)) {
    if (ids !== undefined && !ids.includes(entry.id)) continue;
    const problems = await replayOne(world, entry);
    if (problems === undefined) taken.push(entry.id);
    else still.push({ id: entry.id, problems });
  }
  return { taken, still };
}

async function replayOne(world: World, entry: QuarantineEntry): Promise<readonly string[] | undefined> {
  const record: SourceRecord | undefined = fromRaw(entry.raw);
  if (record === undefined) return [...entry.problems, 'it has to be mended in its own system; it arrives by itself then'];
  const system = systemOf(world.systems, entry.system);
  const stream = system.connector.streams.find(({ name }) => name === entry.stream);
  if (stream === undefined) throw new Failure('config', `${entry.system} has no stream ${entry.stream} any more`, { system: entry.system });
  const mapped = mapRecord(record, mappingOf(world, system, stream));
  if (mapped.is === 'rejected') return mapped.rejection.problems;
  const at = world.clock();
  await world.store.tx(async (t) => {
    await saveRecords(t, {
      system: entry.system,
      stream: entry.stream,
      fieldSet: 'replayed',
      cause: { at, by: 'replay', because: `quarantine entry ${entry.id}` },
      records: [mapped.entry],
    });
    await markReplayed(t, entry.id, at);
  });
  return undefined;
}
