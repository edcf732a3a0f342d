import { Failure } from './failure.js';
import type { Instant, Rejection, SourceRecord } from './record.js';
import type { Cursor, Page, ReadAsk } from './stream.js';
import { type Position, type RunState, type State, parseState, toCursor } from './incremental-state.js';

export type { Position } from './incremental-state.js';

/** One row as a remote query delivers it: usable, or not and then why. */
export type Row = { readonly record: SourceRecord } | { readonly rejection: Rejection };

/** A range of a stream, oldest change first. */
export interface RangeAsk {
  /** Rows whose update stamp is at or after this. Inclusive: a strict `>` loses rows that share a stamp. */
  readonly from: Instant;
  /** `keyset` only: rows behind this position in the order (updatedAt, key). */
  readonly after?: Position;
  /** `keyset` only: rows at or before this; what is finer than the remote's stamps may be cut off. Used only to step over rows that the account may not read. */
  readonly until?: Instant;
  /** `keyset` only: how many rows of the range to leave out at its start. */
  readonly skip: number;
  readonly limit: number;
  /** `floor` only: key -> stamp of what this run has read already at the beginning of the range. A remote that pages shortly need not send it again. */
  readonly seen?: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal;
}

export interface RowPage {
  /** In the order (updatedAt, key), ascending. */
  readonly rows: readonly Row[];
  /** The range holds more than these. Decided by the raw count or the remote's own mark, never by the number of rows received. */
  readonly more: boolean;
  /** Rows in the range, `skip` included, before the remote took out what the account may not read. */
  readonly total?: number;
  /**
   * How many rows of the range this page covers, readable or not, where that is less than `limit`: the remote could not
   * deliver as many at once, or rows at the end were left for the next page. Default: `limit`.
   */
  readonly covered?: number;
  /** The remote's clock when it received the request. */
  readonly remoteNow: Instant;
}

/** What a connector supplies; everything else about reading without losing is in {@link readIncrementally}. */
export interface OrderedQuery {
  /**
   * `keyset`: the remote continues exactly behind (updatedAt, key).
   * `floor`: it only knows `updated >= x`, perhaps rounded down to `granularityMs`; rows already seen are dropped here.
   */
  readonly order: 'keyset' | 'floor';
  /** The coarsest unit to which the remote may round an update stamp in a query. */
  readonly granularityMs: number;
  /** Default for how late a stamped change may become readable. */
  readonly settleMs: number;
  readonly maxPageSize: number;
  fetch(ask: RangeAsk): Promise<RowPage>;
}

/** A run stops chasing a head that grows faster than it reads; what it leaves is behind its start and comes with the next run. */
const maxPagesBehindStart = 20;
/** Stands for "everything before the horizon was stepped through". Never sent to the remote, whose collation may sort it anywhere. */
const behindEveryKey = '~';

/**
 * The next page of a stream. The algorithm, and why it loses nothing:
 *
 * - The horizon is the remote's clock at the start of the run minus the settle time. Changes stamped before it are readable now.
 * - A run reads from `from`, inclusive, open-ended to the head, so that a record that is touched every few seconds is still seen.
 * - Only when the whole run is complete does `from` become the horizon of its start. Whatever was stamped later is read again;
 *   core drops it by content hash.
 * - The end is where the remote says that there is no more: an empty page may be a page of rows that the account may not read.
 *
 * Fails with `contract` when the remote's clock runs backwards, its order is not ascending, or a page brings nothing new.
 */
export async function readIncrementally(query: OrderedQuery, cursor: Cursor | undefined, ask: ReadAsk): Promise<Page> {
  const state = cursor === undefined ? { from: ask.since } : parseState(cursor);
  return query.order === 'keyset' ? readKeyset(query, state, ask) : readFloor(query, state, ask);
}

async function readKeyset(query: OrderedQuery, state: State, ask: ReadAsk): Promise<Page> {
  const limit = Math.min(ask.pageSize, query.maxPageSize);
  const step = state.run?.step;
  const at = state.run?.at?.key === behindEveryKey ? undefined : state.run?.at;
  const from = at?.updatedAt ?? (state.run?.at ? state.run.horizon : state.from);
  const page = await query.fetch({
    from,
    ...(at && { after: at }),
    ...(step && state.run && { until: stepEnd(state.run) }),
    skip: step?.skip ?? 0,
    limit,
    ...(ask.signal && { signal: ask.signal }),
  });
  const covered = page.covered ?? limit;
  const run = state.run ?? startRun(query, state, ask, page.remoteNow);
  const last = lastPosition(page.rows);
  assertAscending(page.rows, run.at);
  const answer = { ...split(page.rows), unreadable: countUnreadable(page, covered, run), remoteNow: page.remoteNow, ...remaining(page) };

  if (step === undefined) {
    if (last !== undefined) return finishOrGoOn(state, { ...run, at: last }, page.more, last, answer);
    if (!page.more || (run.at !== undefined && run.at.updatedAt >= stepEnd(run))) return finish(state, run, answer);
    return goOn(state, { ...run, step: { skip: 0 } }, answer); // a page of nothing but unreadable rows
  }
  if (page.total === undefined)
    throw new Failure('contract', 'a page of unreadable rows came without a total count, so it cannot be stepped over safely', {
      hint: 'let the account read these rows, or exclude them by a filter on the stream',
    });
  // Rows may leave a closed range while it is stepped through (touched again), and then everything behind them moves up: go back by as many.
  const left = step.total === undefined ? 0 : Math.max(0, step.total - page.total);
  if (left > 0) return goOn(state, { ...run, step: { skip: Math.max(0, step.skip - left), total: page.total } }, answer);
  if (last !== undefined) return goOn(state, withoutStep({ ...run, at: last }), answer);
  if (page.more) return goOn(state, { ...run, step: { skip: step.skip + covered, total: page.total } }, answer);
  return goOn(state, withoutStep({ ...run, at: { updatedAt: stepEnd(run), key: behindEveryKey } }), answer);
}

async function readFloor(query: OrderedQuery, state: State, ask: ReadAsk): Promise<Page> {
  const floor = (instant: Instant): Instant => floorTo(Date.parse(instant), query.granularityMs);
  const from = floor(state.run?.at?.updatedAt ?? state.from);
  const seen = new Map(state.run?.seen ?? []);
  // What was seen comes again, so a page that is to bring news has to be larger by as much.
  const first = Math.min(ask.pageSize + seen.size, query.maxPageSize);
  for (let limit = first; ; limit = Math.min(limit * 2, query.maxPageSize)) {
    const page = await query.fetch({ from, skip: 0, limit, seen, ...(ask.signal && { signal: ask.signal }) });
    const run = state.run ?? startRun(query, state, ask, page.remoteNow);
    assertAscending(page.rows, undefined);
    const fresh = page.rows.filter((row) => seen.get(keyOf(row)) !== (stampOf(row) ?? ''));
    // The query may have had to be larger than what was asked for; what is too much comes with the next page.
    const taken = fresh.slice(0, ask.pageSize);
    const isWhole = taken.length === fresh.length;
    const answer = { ...split(taken), unreadable: 0, remoteNow: page.remoteNow, ...remaining(page) };
    if (!page.more && isWhole) return finish(state, run, answer);
    const last = lastPosition(isWhole ? page.rows : taken);
    if (last !== undefined && taken.some((row) => stampOf(row) !== undefined)) {
      for (const row of taken) seen.set(keyOf(row), stampOf(row) ?? '');
      const edge = floor(last.updatedAt);
      const kept = [...seen].filter(([, stamp]) => stamp >= edge);
      return finishOrGoOn(state, { ...run, at: last, seen: kept }, true, last, answer);
    }
    if (limit >= query.maxPageSize)
      throw new Failure('contract', `a page of ${limit} rows from ${from} on brings nothing new, and the remote says that there is more`, {
        hint: 'too many records share one update stamp; narrow the stream by its filter, or split it in two',
      });
  }
}

function startRun(query: OrderedQuery, state: State, ask: ReadAsk, remoteNow: Instant): RunState {
  if (remoteNow < state.from)
    throw new Failure(
      'contract',
      `the remote's clock says ${remoteNow}, before the point up to which everything was read (${state.from})`,
      {
        hint: 'correct the remote clock; nothing was skipped and the cursor has not moved',
      },
    );
  const settled = floorTo(Date.parse(remoteNow) - (ask.settleMs ?? query.settleMs), query.order === 'keyset' ? query.granularityMs : 1);
  return { startedAt: remoteNow, horizon: settled > state.from ? settled : state.from, behindStart: 0 };
}

/**
 * The end of the range in which unreadable rows are stepped over: just before the horizon. The horizon's own second may not be over yet
 * (settle 0), and rows that are touched in it would move to the end of the range unnoticed, while those behind them move up.
 */
function stepEnd(run: RunState): Instant {
  return new Date(Date.parse(run.horizon) - 1).toISOString();
}

function floorTo(ms: number, unitMs: number): Instant {
  return new Date(Math.floor(ms / unitMs) * unitMs).toISOString();
}

type Answer = Omit<Page, 'cursor' | 'done' | 'completeTo'>;

function finishOrGoOn(state: State, run: RunState, more: boolean, last: Position, answer: Answer): Page {
  const behindStart = run.behindStart + (last.updatedAt > run.startedAt ? 1 : 0);
  if (!more || behindStart >= maxPagesBehindStart) return finish(state, run, answer);
  return goOn(state, { ...run, behindStart }, answer);
}

function finish(_state: State, run: RunState, answer: Answer): Page {
  return { ...answer, cursor: toCursor({ from: run.horizon }), done: true, completeTo: run.horizon };
}

function goOn(state: State, run: RunState, answer: Answer): Page {
  return { ...answer, cursor: toCursor({ from: state.from, run }), done: false };
}

function withoutStep(run: RunState): RunState {
  const { step: _step, ...rest } = run;
  return rest;
}

function split(rows: readonly Row[]): { records: readonly SourceRecord[]; rejected: readonly Rejection[] } {
  return {
    records: rows.flatMap((row) => ('record' in row ? [row.record] : [])),
    rejected: rows.flatMap((row) => ('rejection' in row ? [row.rejection] : [])),
  };
}

function remaining(page: RowPage): { remaining?: number } {
  return page.total === undefined ? {} : { remaining: page.total };
}

/** The limit applies before the remote takes out unreadable rows, so what is missing on a page is what the account may not read. */
function countUnreadable(page: RowPage, covered: number, run: RunState): number {
  if (page.total === undefined) return 0;
  const inRange = page.more ? covered : Math.max(0, page.total - (run.step?.skip ?? 0));
  return Math.max(0, inRange - page.rows.length);
}

function keyOf(row: Row): string {
  return 'record' in row ? row.record.ref.key : row.rejection.key;
}

function stampOf(row: Row): Instant | undefined {
  return 'record' in row ? row.record.updatedAt : row.rejection.updatedAt;
}

function lastPosition(rows: readonly Row[]): Position | undefined {
  const row = rows.findLast((candidate) => stampOf(candidate) !== undefined);
  return row === undefined ? undefined : { updatedAt: stampOf(row) as Instant, key: keyOf(row) };
}

function assertAscending(rows: readonly Row[], after: Position | undefined): void {
  let previous = after?.updatedAt ?? '';
  for (const row of rows) {
    const stamp = stampOf(row);
    if (stamp === undefined) continue;
    const repeated = after !== undefined && stamp === after.updatedAt && keyOf(row) === after.key;
    if (stamp < previous || repeated)
      throw new Failure('contract', `rows did not come in the order asked for: ${keyOf(row)} stamped ${stamp} behind ${previous}`, {
        key: keyOf(row),
        hint: 'the remote ignored the sort order; check that the account may sort this table by its update stamp',
      });
    previous = stamp;
  }
}
