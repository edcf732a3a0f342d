import type { FailureKind, Instant, JsonObject } from '../../kit/index.js';
import { canonicalJson } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';
import { type Pause, type StreamName, ensureStream } from './streams.js';

/**
 * - `running`     pages are being read
 * - `complete`    everything up to `completeTo` was read
 * - `failed`      ended by a failure; the cursor stands after the last stored page
 * - `stopped`     the program was shut down
 * - `interrupted` found running at start: the process died
 */
export type RunOutcome = 'running' | 'complete' | 'failed' | 'stopped' | 'interrupted';

/** What came in during a run. `received` = `fresh` + `changed` + `unchanged` + `quarantined`, always. */
export interface RunCounts {
  readonly pages: number;
  readonly received: number;
  readonly fresh: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly quarantined: number;
  /** Rows that the account may not read, where the remote tells; not received. */
  readonly unreadable: number;
}

export interface RunFailure {
  readonly kind: FailureKind;
  readonly message: string;
  readonly hint?: string;
}

/** One run of a stream. */
export interface Run extends StreamName, RunCounts {
  readonly id: number;
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
  readonly outcome: RunOutcome;
  readonly completeTo?: Instant;
  readonly failure?: RunFailure;
}

/** Notes that a run begins. */
export async function startRun(t: Tx, name: StreamName, at: Instant): Promise<number> {
  const stream = await ensureStream(t, name);
  const row = await t
    .insertInto('run')
    .values({
      stream,
      started_at: at,
      ended_at: null,
      outcome: 'running',
      pages: 0,
      received: 0,
      fresh: 0,
      changed: 0,
      unchanged: 0,
      quarantined: 0,
      unreadable: 0,
      complete_to: null,
      failure: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Notes how a run ended. A complete one was ended by its last page already. */
export async function endRun(
  t: Tx,
  id: number,
  end: { readonly at: Instant; readonly outcome: Exclude<RunOutcome, 'running'>; readonly failure?: RunFailure },
): Promise<void> {
  await t
    .updateTable('run')
    .set({
      ended_at: end.at,
      outcome: end.outcome,
      failure: end.failure === undefined ? null : canonicalJson({ ...end.failure } as JsonObject),
    })
    .where('id', '=', id)
    .where('outcome', '=', 'running')
    .execute();
}

/** At start: runs that a process left running when it died. */
export async function endInterruptedRuns(t: Tx, at: Instant): Promise<number> {
  const { numUpdatedRows } = await t
    .updateTable('run')
    .set({ ended_at: at, outcome: 'interrupted' })
    .where('outcome', '=', 'running')
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** Adds one page to the run's counts. */
export async function countPage(t: Tx, id: number, page: Omit<RunCounts, 'pages'>): Promise<void> {
  await t
    .updateTable('run')
    .set((e) => ({
      pages: e('pages', '+', 1),
      received: e('received', '+', page.received),
      fresh: e('fresh', '+', page.fresh),
      changed: e('changed', '+', page.changed),
      unchanged: e('unchanged', '+', page.unchanged),
      quarantined: e('quarantined', '+', page.quarantined),
      unreadable: e('unreadable', '+', page.unreadable),
    }))
    .where('id', '=', id)
    .execute();
}

/** The latest runs, newest first. */
export async function recentRuns(db: Db, ask: Partial<StreamName> & { readonly limit?: number } = {}): Promise<readonly Run[]> {
  let query = db
    .selectFrom('run')
    .innerJoin('stream', 'stream.id', 'run.stream')
    .selectAll('run')
    .select(['stream.system as system', 'stream.stream as streamName'])
    .orderBy('run.id', 'desc')
    .limit(ask.limit ?? 50);
  if (ask.system !== undefined) query = query.where('stream.system', '=', ask.system);
  if (ask.stream !== undefined) query = query.where('stream.stream', '=', ask.stream);
  return (await query.execute()).map(({ stream: _stream, streamName, started_at, ended_at, complete_to, failure, outcome, ...counts }) => ({
    ...counts,
    stream: streamName,
    startedAt: started_at,
    outcome: outcome as RunOutcome,
    ...(ended_at !== null && { endedAt: ended_at }),
    ...(complete_to !== null && { completeTo: complete_to }),
    ...(failure !== null && { failure: JSON.parse(failure) as RunFailure }),
  }));
}

/** How one stream stands: for `status` and metrics. */
export interface StreamStatus extends StreamName {
  readonly records: number;
  readonly versions: number;
  /** Everything that changed before this has been read. */
  readonly completeTo?: Instant;
  readonly lastRun?: Run;
  /** When a run last ended complete. */
  readonly lastCompleteAt?: Instant;
  readonly paused?: Pause;
}

/** All streams of which anything was ever stored. */
export async function streamStatus(db: Db): Promise<readonly StreamStatus[]> {
  const streams = await db.selectFrom('stream').selectAll().orderBy('system').orderBy('stream').execute();
  const pauses = await db.selectFrom('stream_pause').selectAll().where('ended', 'is', null).execute();
  const statuses: StreamStatus[] = [];
  for (const row of streams) {
    const pause = pauses.find((candidate) => candidate.stream === row.id);
    const [lastRun] = await recentRuns(db, { system: row.system, stream: row.stream, limit: 1 });
    const complete = await db
      .selectFrom('run')
      .select('ended_at')
      .where('stream', '=', row.id)
      .where('outcome', '=', 'complete')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    statuses.push({
      system: row.system,
      stream: row.stream,
      records: row.records,
      versions: row.versions,
      ...(row.complete_to !== null && { completeTo: row.complete_to }),
      ...(lastRun && { lastRun }),
      ...(complete?.ended_at && { lastCompleteAt: complete.ended_at }),
      ...(pause && { paused: { since: pause.since, reason: pause.reason, ...(pause.until !== null && { until: pause.until }) } }),
    });
  }
  return statuses;
}
