import { CompiledQuery } from 'kysely';
import type { Instant, JsonObject, Rejection } from '../../kit/index.js';
import { selectIn } from '../database/bulk.js';
import { canonicalJson, storable } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';
import { ensureStream, type StreamName } from './streams.js';

/** Why a record was set aside: its shape, a mapping that could not read it, or a reason that the task names. */
export type RejectionReason = 'shape' | 'mapping' | (string & {});

/** A record to be set aside. */
export interface RejectionToSave extends Rejection {
  readonly reason: RejectionReason;
}

/** A record that was set aside. One per (stream, key, reason), with the latest raw form. */
export interface QuarantineEntry extends RejectionToSave {
  readonly id: number;
  readonly system: string;
  readonly stream: string;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  /** How often it came. */
  readonly times: number;
  readonly resolvedAt?: Instant;
  /** `arrived` by itself, or `replayed`. */
  readonly resolution?: string;
}

/** Sets records aside, or notes that they came again. Returns how many were given. */
export async function quarantineRecords(t: Tx, stream: number, rejections: readonly RejectionToSave[], at: Instant): Promise<number> {
  for (const { key, reason, problems, raw, updatedAt } of rejections) {
    const now = {
      problems: canonicalJson(problems),
      raw: canonicalJson(raw),
      updated_at: updatedAt ?? null,
      last_at: at,
      resolved_at: null,
      resolution: null,
    };
    await t
      .insertInto('quarantine')
      .values({ stream, key: storable(key), reason, first_at: at, times: 1, ...now })
      .onConflict((conflict) =>
        conflict.columns(['stream', 'key', 'reason']).doUpdateSet((e) => ({ ...now, times: e('quarantine.times', '+', 1) })),
      )
      .execute();
  }
  return rejections.length;
}

/** {@link quarantineRecords} for a stream by its name. */
export async function setAside(t: Tx, name: StreamName, rejections: readonly RejectionToSave[], at: Instant): Promise<number> {
  return quarantineRecords(t, await ensureStream(t, name), rejections, at);
}

/** Closes the entries of records that have now arrived fine. */
export async function resolveArrived(t: Tx, stream: number, keys: readonly string[], at: Instant, resolution = 'arrived'): Promise<void> {
  if (!(await hasOpen(t, stream))) return;
  const open = await selectIn<{ id: number }>(
    t,
    'select id from quarantine where stream = ? and resolved_at is null and key in (select value from json_each(?))',
    [stream],
    keys.map(storable),
  );
  if (open.length === 0) return;
  await t
    .updateTable('quarantine')
    .set({ resolved_at: at, resolution })
    .where(
      'id',
      'in',
      open.map((row) => row.id),
    )
    .execute();
}

async function hasOpen(t: Tx, stream: number): Promise<boolean> {
  const { rows } = await t.executeQuery(
    CompiledQuery.raw('select 1 from quarantine where stream = ? and resolved_at is null limit 1', [stream]),
  );
  return rows.length > 0;
}

/** Entries, oldest first; only open ones unless `all`. */
export async function quarantineEntries(
  db: Db,
  ask: { readonly system?: string; readonly stream?: string; readonly all?: boolean; readonly limit?: number } = {},
): Promise<readonly QuarantineEntry[]> {
  let query = select(db)
    .orderBy('quarantine.id')
    .limit(ask.limit ?? 1000);
  if (ask.system !== undefined) query = query.where('stream.system', '=', ask.system);
  if (ask.stream !== undefined) query = query.where('stream.stream', '=', ask.stream);
  if (ask.all !== true) query = query.where('resolved_at', 'is', null);
  return (await query.execute()).map(toEntry);
}

/** One entry by its number. */
export async function quarantineEntry(db: Db, id: number): Promise<QuarantineEntry | undefined> {
  const row = await select(db).where('quarantine.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toEntry(row);
}

/** Closes an entry whose record was taken by hand after the mapping was mended. */
export async function markReplayed(t: Tx, id: number, at: Instant): Promise<void> {
  await t.updateTable('quarantine').set({ resolved_at: at, resolution: 'replayed' }).where('id', '=', id).execute();
}

/** How many are open, per stream. */
export async function quarantineCounts(
  db: Db,
): Promise<readonly { readonly system: string; readonly stream: string; readonly open: number }[]> {
  const rows = await db
    .selectFrom('quarantine')
    .innerJoin('stream', 'stream.id', 'quarantine.stream')
    .select((e) => ['stream.system', 'stream.stream', e.fn.countAll<number>().as('open')])
    .where('resolved_at', 'is', null)
    .groupBy('stream.id')
    .execute();
  return rows;
}

function select(db: Db) {
  return db
    .selectFrom('quarantine')
    .innerJoin('stream', 'stream.id', 'quarantine.stream')
    .selectAll('quarantine')
    .select(['stream.system as system', 'stream.stream as streamName']);
}

type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

function toEntry(row: Row): QuarantineEntry {
  return {
    id: row.id,
    system: row.system,
    stream: row.streamName,
    key: row.key,
    reason: row.reason,
    problems: JSON.parse(row.problems) as string[],
    raw: JSON.parse(row.raw) as JsonObject,
    ...(row.updated_at !== null && { updatedAt: row.updated_at }),
    firstAt: row.first_at,
    lastAt: row.last_at,
    times: row.times,
    ...(row.resolved_at !== null && { resolvedAt: row.resolved_at }),
    ...(row.resolution !== null && { resolution: row.resolution }),
  };
}
