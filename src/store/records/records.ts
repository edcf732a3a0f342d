import { CompiledQuery } from 'kysely';
import type { Instant, JsonObject, RecordRef, SourceRecord } from '../../kit/index.js';
import { type Value, selectIn } from '../database/bulk.js';
import { storable } from '../database/canonical.js';
import type { Db } from '../database/db.js';
import { findNode, findNodes, recordNode } from '../graph/nodes.js';
import { addressFrom } from './address.js';
import { type StreamName, findStream } from './streams.js';

/** A version of a record as kept. */
export interface StoredRecord {
  readonly record: SourceRecord;
  /** 1 for the first version that we saw. */
  readonly version: number;
  /** Its content hash. */
  readonly hash: string;
  readonly readAt: Instant;
  /** Names the set of fields that was asked for. */
  readonly fieldSet: string;
}

interface Row {
  readonly id: number;
  readonly system: string;
  readonly stream: string;
  readonly key: string;
  readonly number: string;
  /** See `addressFrom`. */
  readonly address: string;
  readonly updated_at: Instant;
  readonly data: string;
  readonly seq: number;
  readonly hash: string;
  readonly read_at: Instant;
  readonly field_set: string;
}

const columns = `r.id, s.system, s.stream, n.key, v.number, a.form as address, v.updated_at, v.data, v.seq, v.hash, c.at as read_at, f.text as field_set`;
const sources = `join node n on n.id = r.id join stream s on s.id = n.kind join cause c on c.id = v.cause join name f on f.id = v.field_set
  join address a on a.id = v.address`;
const latest = `select ${columns} from record r join record_version v on v.id = r.version ${sources}`;
const everyVersion = `with recursive versions(id) as (select version from record where id = ?
    union all select v.previous from versions join record_version v on v.id = versions.id where v.previous is not null)
  select ${columns} from versions join record_version v on v.id = versions.id join record r on r.id = v.record ${sources} order by v.seq`;

/** The latest version of a record, or undefined when it never arrived. */
export async function latestRecord(db: Db, ref: RecordRef): Promise<StoredRecord | undefined> {
  const [found] = await recordsWithKeys(db, [ref]);
  return found;
}

/** The latest versions of these records, in no order; those that never arrived are left out. */
export async function recordsWithKeys(db: Db, refs: readonly RecordRef[]): Promise<readonly StoredRecord[]> {
  const ids = (await findNodes(db, refs.map(recordNode))).filter((id) => id !== undefined);
  const rows = await selectIn<Row>(db, `${latest} where r.id in (select value from json_each(?))`, [], [...new Set(ids)]);
  return rows.map(toStored);
}

/** Every version of a record that was kept, oldest first. */
export async function recordVersions(db: Db, ref: RecordRef): Promise<readonly StoredRecord[]> {
  const id = await findNode(db, recordNode(ref));
  return id === undefined ? [] : await select(db, everyVersion, [id]);
}

/** Latest versions of the records that people call by this number; several when systems share numbers. */
export async function recordsByNumber(db: Db, number: string, system?: string): Promise<readonly StoredRecord[]> {
  const rows = await select(db, `${latest} where r.number = ? limit 20`, [storable(number)]);
  return system === undefined ? rows : rows.filter((row) => row.record.ref.system === system);
}

/** Latest versions of the records of one stream that people call by these numbers. Looks through the whole stream: for the few that a person names. */
export async function recordsOfStreamByNumber(db: Db, name: StreamName, numbers: readonly string[]): Promise<readonly StoredRecord[]> {
  const stream = await findStream(db, name);
  if (stream === undefined || numbers.length === 0) return [];
  const text = `${latest} where n.kind = ? and r.number in (select value from json_each(?)) order by r.id`;
  return select(db, text, [stream, JSON.stringify(numbers.map(storable))]);
}

/**
 * Latest versions of a stream's records, `limit` at a time, for mapping what is stored again. `after` is the `next` of the answer before;
 * an answer without `next` is the last.
 */
export async function recordsOfStream(
  db: Db,
  name: StreamName,
  ask: { readonly after?: number; readonly limit: number },
): Promise<{ readonly records: readonly StoredRecord[]; readonly next?: number }> {
  const stream = await findStream(db, name);
  if (stream === undefined) return { records: [] };
  const text = `${latest} where r.id > ? and n.kind = ? order by r.id limit ?`;
  const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(text, [ask.after ?? 0, stream, ask.limit]));
  const last = rows.at(-1);
  return { records: rows.map(toStored), ...(last && rows.length === ask.limit && { next: last.id }) };
}

async function select(db: Db, text: string, parameters: readonly Value[]): Promise<readonly StoredRecord[]> {
  const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]));
  return rows.map(toStored);
}

function toStored(row: Row): StoredRecord {
  return {
    record: {
      ref: { system: row.system, stream: row.stream, key: row.key },
      number: row.number,
      url: addressFrom(row.address, row.key, row.number),
      updatedAt: row.updated_at,
      data: JSON.parse(row.data) as JsonObject,
    },
    version: row.seq,
    hash: row.hash,
    readAt: row.read_at,
    fieldSet: row.field_set,
  };
}
