import type { Cursor, Instant } from '../../kit/index.js';
import { Failure } from '../../kit/index.js';
import { canonicalJson } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';
import { internName } from '../database/names.js';
import { streamKind } from '../graph/nodes.js';

/** Names one stream of one system. */
export interface StreamName {
  readonly system: string;
  readonly stream: string;
}

/** The stream's row, made where it is missing. Its integer key is also the kind of its records' nodes. */
export async function ensureStream(t: Tx, { system, stream }: StreamName): Promise<number> {
  const known = await findStream(t, { system, stream });
  if (known !== undefined) return known;
  const id = await internName(t, streamKind({ system, stream }));
  await t.insertInto('stream').values({ id, system, stream, cursor: null, complete_to: null, records: 0, versions: 0 }).execute();
  return id;
}

/** The stream's integer key, if anything of it was ever stored. */
export async function findStream(db: Db, { system, stream }: StreamName): Promise<number | undefined> {
  const row = await db.selectFrom('stream').select('id').where('system', '=', system).where('stream', '=', stream).executeTakeFirst();
  return row?.id;
}

/** Where the stream stands: what to hand to its next `read`. */
export async function loadCursor(db: Db, { system, stream }: StreamName): Promise<Cursor | undefined> {
  const row = await db.selectFrom('stream').select('cursor').where('system', '=', system).where('stream', '=', stream).executeTakeFirst();
  return row?.cursor === undefined || row.cursor === null ? undefined : (JSON.parse(row.cursor) as Cursor);
}

/**
 * Moves the cursor from where the page was asked for to where it ends. Fails with `conflict` when somebody else has moved it meanwhile:
 * the page is then discarded and nothing is lost, because the other one stored it or will read it again.
 */
export async function moveCursor(t: Tx, stream: number, from: Cursor | undefined, to: Cursor): Promise<void> {
  const before = from === undefined ? null : canonicalJson(from);
  const { numUpdatedRows } = await t
    .updateTable('stream')
    .set({ cursor: canonicalJson(to) })
    .where('id', '=', stream)
    .where('cursor', 'is', before)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n)
    throw new Failure('conflict', 'the cursor of this stream was moved by another run', {
      hint: 'nothing was stored; the next run goes on from there',
    });
}

/** Puts the cursor elsewhere on purpose: without one the next run reads from the stream's start. What lies between stays a gap in its coverage. */
export async function rewindStream(t: Tx, name: StreamName, cursor?: Cursor): Promise<void> {
  const id = await ensureStream(t, name);
  await t
    .updateTable('stream')
    .set({ cursor: cursor === undefined ? null : canonicalJson(cursor), complete_to: null })
    .where('id', '=', id)
    .execute();
}

/** Stops reading a stream until it is resumed. While it is paused its coverage has a gap. A second pause keeps the first one's beginning. */
export async function pauseStream(
  t: Tx,
  name: StreamName,
  pause: { readonly since: Instant; readonly reason: string; readonly until?: Instant },
): Promise<void> {
  const stream = await ensureStream(t, name);
  const open = await t.selectFrom('stream_pause').select('id').where('stream', '=', stream).where('ended', 'is', null).executeTakeFirst();
  const values = { reason: pause.reason, until: pause.until ?? null };
  if (open === undefined)
    await t
      .insertInto('stream_pause')
      .values({ stream, since: pause.since, ended: null, ...values })
      .execute();
  else await t.updateTable('stream_pause').set(values).where('id', '=', open.id).execute();
}

/** Ends the pause, if there is one. */
export async function resumeStream(t: Tx, name: StreamName, at: Instant): Promise<void> {
  const stream = await ensureStream(t, name);
  await t.updateTable('stream_pause').set({ ended: at }).where('stream', '=', stream).where('ended', 'is', null).execute();
}

/** Why a stream is not read at present. */
export interface Pause {
  readonly since: Instant;
  readonly reason: string;
  /** When it is tried again by itself. */
  readonly until?: Instant;
}

/** The stream's open pause, if it is paused. */
export async function pauseOf(db: Db, { system, stream }: StreamName): Promise<Pause | undefined> {
  const row = await db
    .selectFrom('stream_pause')
    .innerJoin('stream', 'stream.id', 'stream_pause.stream')
    .selectAll('stream_pause')
    .where('stream.system', '=', system)
    .where('stream.stream', '=', stream)
    .where('ended', 'is', null)
    .executeTakeFirst();
  return row === undefined ? undefined : { since: row.since, reason: row.reason, ...(row.until !== null && { until: row.until }) };
}
