import { itself } from '../../domain/index.js';
import {
  appendJournal,
  contentOf,
  getSetting,
  isRemovedByRetention,
  putSetting,
  recordsOfStream,
  remapRecords,
  rewindStream,
  type RecordToSave,
  type RejectionToSave,
  setAside,
} from '../../store/index.js';
import { mapRecord } from './map-record.js';
import { mappingOf } from './pull.js';
import type { System } from '../systems.js';
import type { World } from '../world.js';

/** What a stream was last mapped with. */
interface MappedWith {
  /** Mapping name -> its hash. */
  readonly mappings: Readonly<Record<string, string>>;
  readonly reads: readonly string[];
}

/** What an edit of the mappings of one stream brought about. */
export interface Remapped {
  readonly system: string;
  readonly stream: string;
  /** Records whose inputs were made again from what is stored, without asking the system. */
  readonly records: number;
  readonly quarantined: number;
  /** Mappings read fields that were not asked for before: the stream is read again from its start. */
  readonly backfill: boolean;
}

const batch = 500;

/**
 * Brings what is stored in line with the mappings as they are now: every stored record of a stream whose mappings were edited is mapped again, and a stream
 * of which they read more fields is read again from its start. Interrupted, it is done again as a whole.
 */
export async function remap(world: World): Promise<readonly Remapped[]> {
  const done: Remapped[] = [];
  for (const system of world.systems.byId.values())
    for (const { name } of system.streams) {
      const one = await remapStream(world, system, name);
      if (one !== undefined) done.push(one);
    }
  return done;
}

async function remapStream(world: World, system: System, stream: string): Promise<Remapped | undefined> {
  const source = system.streams.find(({ name }) => name === stream);
  if (source === undefined) return undefined;
  const mapping = mappingOf(world, system, source);
  const all = world.mappings.filter(({ from }) => from === `${system.kind}.${stream}`);
  const now: MappedWith = {
    mappings: Object.fromEntries(mapping.mappings.map(({ name, hash }) => [name, hash])),
    reads: [...new Set(all.flatMap(({ reads }) => reads))].toSorted(),
  };
  const setting = `mapped/${system.id}/${stream}`;
  const before = (await getSetting(world.store.read, setting)) as MappedWith | undefined;
  if (before !== undefined && JSON.stringify(sorted(before)) === JSON.stringify(sorted(now))) return undefined;
  const backfill = before !== undefined && now.reads.some((field) => !before.reads.includes(field));
  const result = { system: system.id, stream, records: 0, quarantined: 0, backfill };
  if (before !== undefined && JSON.stringify(sorted(before).mappings) !== JSON.stringify(sorted(now).mappings)) {
    let after: number | undefined = 0;
    while (after !== undefined && !world.signal.aborted) {
      const page = await recordsOfStream(world.store.read, { system: system.id, stream }, { after, limit: batch });
      const records: RecordToSave[] = [];
      const rejections: RejectionToSave[] = [];
      for (const { record, hash } of page.records) {
        if (isRemovedByRetention(record.data)) continue; // what it said is gone; what was made of it stays
        // The hash as it was read: what was redacted since is still that version.
        const mapped = mapRecord(record, mapping, { ...contentOf(record.data, mapping.volatile), hash });
        if (mapped.is === 'record') records.push(mapped.entry);
        else rejections.push(mapped.rejection);
      }
      const at = world.clock();
      await world.store.tx(async (t) => {
        result.records += await remapRecords(t, {
          system: system.id,
          stream,
          fieldSet: 'remapped',
          cause: { at, by: 'remap', because: 'the mapping was edited' },
          records,
        });
        result.quarantined += await setAside(t, { system: system.id, stream }, rejections, at);
      });
      after = page.next;
    }
  }
  if (world.signal.aborted) return undefined;
  await world.store.tx(async (t) => {
    if (backfill) await rewindStream(t, { system: system.id, stream });
    await putSetting(t, setting, { mappings: now.mappings, reads: now.reads });
    await appendJournal(t, [
      {
        at: world.clock(),
        actor: itself,
        kind: 'mappings-changed',
        subject: `${system.id}/${stream}`,
        because: before === undefined ? 'these mappings read the stream from its start' : 'the mappings of this stream were edited',
        body: { mappings: now.mappings, was: before?.mappings ?? null, records: result.records, quarantined: result.quarantined, backfill },
      },
    ]);
  });
  if (before === undefined) return undefined;
  world.log.info('mappings were edited', { system: system.id, stream, records: result.records, quarantined: result.quarantined, backfill });
  return result;
}

function sorted({ mappings, reads }: MappedWith): MappedWith {
  return { mappings: Object.fromEntries(Object.entries(mappings).toSorted(([a], [b]) => (a < b ? -1 : 1))), reads: reads.toSorted() };
}
