import type { Cursor, Instant, JsonObject } from '../../kit/index.js';
import type { Cause } from '../database/causes.js';
import { extendCoverage } from './coverage.js';
import type { Tx } from '../database/db.js';
import { type RejectionToSave, quarantineRecords, resolveArrived } from './quarantine.js';
import type { RecordToMap, RecordToSave } from './record-to-save.js';
import { countPage } from './runs.js';
import { type SavedRecords, saveRecords } from './save-records.js';
import { type StreamName, ensureStream, moveCursor } from './streams.js';

/** One page as a stream delivered it and mappings read it. */
export interface PageToSave extends StreamName {
  /** From `startRun`. */
  readonly run: number;
  /** Names the set of fields that was asked for. */
  readonly fieldSet: string;
  readonly cause: Cause;
  /** Gone through once, a chunk at a time. */
  readonly records: Iterable<RecordToSave | RecordToMap>;
  /** Looked at when the records are through: what cannot be mapped may still be found on the way. */
  readonly rejections: readonly RejectionToSave[];
  /** The cursor that the page was read from. */
  readonly from: Cursor | undefined;
  /** The cursor that follows it. */
  readonly cursor: Cursor;
  /** `ReadAsk.since` of the run: where its coverage begins when nothing was complete before. */
  readonly since: Instant;
  /** Set when the run is complete: everything that changed before this has been read. Ends the run. */
  readonly completeTo?: Instant;
  readonly unreadable?: number;
  /** `Stream.lookAgainAt` of the stream. */
  readonly lookAgainAt?: ((data: JsonObject) => Instant | undefined) | undefined;
}

/** What became of the page. `fresh + changed + unchanged + quarantined` is what came in. */
export interface SavedPage extends SavedRecords {
  readonly quarantined: number;
}

/**
 * Stores a page whole: record versions, inputs, links, rejections, cursor, and the run's counts. Meant to be the only work of its transaction beside a
 * journal entry; gives way to other work of the process after every 125 records. Fails with `conflict` when the cursor was moved meanwhile.
 */
export async function savePage(t: Tx, page: PageToSave): Promise<SavedPage> {
  const stream = await ensureStream(t, page);
  await moveCursor(t, stream, page.from, page.cursor);
  const keys: string[] = [];
  const saved = await saveRecords(t, { ...page, records: notingKeys(page.records, keys) });
  const { at } = page.cause;
  const setAside = new Set(page.rejections.map(({ key }) => key));
  const arrived = setAside.size === 0 ? keys : keys.filter((key) => !setAside.has(key));
  await resolveArrived(t, stream, arrived, at);
  const quarantined = await quarantineRecords(t, stream, page.rejections, at);
  const received = saved.fresh + saved.changed + saved.unchanged + quarantined;
  await countPage(t, page.run, { ...saved, quarantined, received, unreadable: page.unreadable ?? 0 });
  if (page.completeTo !== undefined) await complete(t, stream, page, page.completeTo);
  return { ...saved, quarantined };
}

function* notingKeys<T extends RecordToSave | RecordToMap>(records: Iterable<T>, keys: string[]): Iterable<T> {
  for (const entry of records) {
    keys.push(entry.record.ref.key);
    yield entry;
  }
}

async function complete(t: Tx, stream: number, page: PageToSave, completeTo: Instant): Promise<void> {
  const row = await t.selectFrom('stream').select('complete_to').where('id', '=', stream).executeTakeFirstOrThrow();
  await extendCoverage(t, stream, { from: row.complete_to ?? page.since, to: completeTo });
  await t.updateTable('stream').set({ complete_to: completeTo }).where('id', '=', stream).execute();
  await t
    .updateTable('run')
    .set({ outcome: 'complete', ended_at: page.cause.at, complete_to: completeTo })
    .where('id', '=', page.run)
    .execute();
}
