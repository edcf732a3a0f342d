import { CompiledQuery } from 'kysely';
import type { Instant, Json, JsonObject } from '../../kit/index.js';
import { selectIn } from '../database/bulk.js';
import type { Db, Tx } from '../database/db.js';
import { findNames } from '../database/names.js';
import type { Store } from '../database/store.js';
import { appendJournal } from '../journal/append.js';
import { retentionApplied } from '../journal/purged-bodies.js';
import { reviseInputDocument } from '../records/input-document.js';
import { findStream, type StreamName } from '../records/streams.js';

/** One stream, and from when on its records are kept with their text. */
export interface StreamRetention extends StreamName {
  /** Records whose last version is older lose their text. */
  readonly before: Instant;
}

export interface RetentionAsk {
  readonly streams: readonly StreamRetention[];
  readonly by: string;
  readonly because: string;
  readonly at: Instant;
  /** Asked between two batches: whether to stop. What is left is done the next time. */
  readonly stopped?: () => boolean;
}

/** How many records of each stream are past their time, by `system/stream`. */
export type PastRetention = Readonly<Record<string, number>>;

/** What stands in place of a record's data. */
export const removedData = '{"removed":"retention"}';
const batch = 500;

/** Whether this is all that is left of a record's data. */
export function isRemovedByRetention(data: JsonObject): boolean {
  return data['removed'] === 'retention' && Object.keys(data).length === 1;
}

/** Counts what {@link applyRetention} would take. */
export async function pastRetention(db: Db, streams: readonly StreamRetention[]): Promise<PastRetention> {
  const counts: Record<string, number> = {};
  for (const stream of streams) {
    let count = 0;
    for await (const records of batches(db, stream)) count += records.length;
    if (count > 0) counts[`${stream.system}/${stream.stream}`] = count;
  }
  return counts;
}

/**
 * Takes the text out of records that are past their time and on which no thread rests: no improvement is linked to them, no measurement counted them. What remains is
 * what counting needs: when it happened, category, severity, services, keys, and facts that are numbers, switches or codes; and the hashes of what was read. One entry
 * of the journal tells of it before it begins; it goes in batches, so that the daemon stays at work.
 */
export async function applyRetention(store: Store, ask: RetentionAsk): Promise<PastRetention> {
  const records = await pastRetention(store.read, ask.streams);
  if (Object.keys(records).length === 0) return records;
  const limits = Object.fromEntries(ask.streams.map(({ system, stream, before }) => [`${system}/${stream}`, before]));
  const body = { records: { ...records }, olderThan: limits, bodies: { removed: [], redacted: [] } };
  const { at, by, because } = ask;
  const { seq } = await store.tx((t) =>
    appendJournal(t, [{ at, actor: by, kind: retentionApplied, subject: 'installation', because, body }]),
  );
  for (const stream of ask.streams)
    for await (const found of batches(store.read, stream)) {
      if (ask.stopped?.() === true) return records;
      await store.maintenance.redacting(
        (text) => text,
        (t) => take(t, found, seq),
      );
    }
  return records;
}

async function* batches(db: Db, of: StreamRetention): AsyncGenerator<readonly number[]> {
  const stream = await findStream(db, of);
  if (stream === undefined) return;
  const improvement = (await findNames(db, ['improvement'])).get('improvement') ?? -1;
  for (let after = 0; ;) {
    const { rows } = await db.executeQuery<{ id: number; free: number }>(
      CompiledQuery.raw(candidates, [improvement, improvement, after, stream, of.before, removedData]),
    );
    const free = rows.filter((row) => row.free === 1).map(({ id }) => id);
    if (free.length > 0) yield free;
    const last = rows.at(-1);
    if (last === undefined || rows.length < batch) return;
    after = last.id;
  }
}

const candidates = `select r.id,
    not exists (select 1 from edge e join node x on x.id = e.from_node where e.to_node = r.id and x.kind = ?)
    and not exists (select 1 from edge e join node x on x.id = e.to_node where e.from_node = r.id and x.kind = ?)
    and not exists (select 1 from input_version i join measured_input m on m.input_version = i.id where i.record = r.id) as free
  from record r join node n on n.id = r.id join record_version v on v.id = r.version
  where r.id > ? and n.kind = ? and v.updated_at < ? and v.data <> ? order by r.id limit ${batch}`;

async function take(t: Tx, records: readonly number[], entry: number): Promise<void> {
  const list = JSON.stringify(records);
  const of = 'in (select value from json_each(?))';
  for (const what of ['record_version', 'input_version'])
    await t.executeQuery(
      CompiledQuery.raw(`insert into redaction (what, row, entry) select ?, id, ? from ${what} where record ${of} on conflict do nothing`, [
        what,
        entry,
        list,
      ]),
    );
  await t.executeQuery(CompiledQuery.raw(`update record_version set data = ? where record ${of}`, [removedData, list]));
  const rows = await selectIn<{ id: number; data: string }>(t, `select id, data from input_version where record ${of}`, [], records);
  for (const { id, data } of rows)
    await t.executeQuery(CompiledQuery.raw('update input_version set data = ? where id = ?', [countable(data), id]));
}

/** What is left of an input: everything that is counted, nothing that is read. */
function countable(text: string): string {
  return reviseInputDocument(text, ({ facts }) => ({
    title: '[removed after its time]',
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => isCode(value ?? null))),
  }));
}

function isCode(value: Json): boolean {
  return typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && /^[\w.:+-]{0,40}$/.test(value));
}
