import type { SourceRecord, Stream } from '../../kit/index.js';
import { type Cause, type RecordToSave, type RejectionToSave, saveRecords, setAside, suppressionOf, type Tx } from '../../store/index.js';
import type { System } from '../systems.js';
import type { World } from '../world.js';
import { mapRecord } from './map-record.js';
import { mappingOf } from './pull.js';
import { withoutRemoved } from './without-removed.js';

/** Stores records that were read by key, outside of a run, as if a page had brought them. */
export async function saveRead(
  world: World,
  t: Tx,
  of: { readonly system: System; readonly stream: Stream; readonly cause: Cause },
  found: readonly SourceRecord[],
): Promise<void> {
  if (found.length === 0) return;
  const { system, stream, cause } = of;
  const name = { system: system.id, stream: stream.name };
  const mapping = mappingOf(world, system, stream);
  const suppress = await suppressionOf(t);
  const records: RecordToSave[] = [];
  const rejections: RejectionToSave[] = [];
  for (const record of found) {
    const arrival = withoutRemoved(record, mapping.volatile, suppress);
    const mapped = mapRecord(arrival.record, mapping, arrival.content);
    if (mapped.is === 'record') records.push(mapped.entry);
    else rejections.push(mapped.rejection);
  }
  await saveRecords(t, { ...name, fieldSet: cause.by, cause, records, lookAgainAt: (data) => stream.lookAgainAt?.(data) });
  await setAside(t, name, rejections, cause.at);
}
