import { type Cursor, type Instant, type Log, type Page, type ReadAsk, type Stream, isFailure } from 'golden-thread/kit';
import { isObject } from './meaning.js';
import { condition, utcLiteral } from './query.js';
import type { TableApi } from './table.js';

/** What a run is counted against. */
export interface CountSource {
  readonly table: string;
  readonly filter: string | undefined;
  readonly api: Pick<TableApi, 'count'>;
  readonly log: Log;
}

interface Tally {
  readonly from: Instant;
  readonly horizon: Instant;
  readonly came: number;
  readonly unreadable: number;
}

/**
 * Reads as `read` does, and at the end of a run that brought something asks the instance once how many rows lie between its start and its horizon. More than came
 * and were counted as unreadable is reported as a warning: a run that lost rows should not look like a good one. An idle poll costs nothing more. Fewer is
 * normal: rows that were touched meanwhile have left the range. The count never makes a run fail.
 */
export function crossChecked(read: Stream['read'], source: CountSource): Stream['read'] {
  let tally: Tally | undefined;
  let refused = false;

  return async (cursor, ask) => {
    const page = await read(cursor, ask);
    tally = added(tally, cursor, ask, page);
    if (!page.done) return page;
    const run = tally;
    tally = undefined;
    if (refused || run === undefined || run.came === 0 || run.from >= run.horizon) return page;
    try {
      const counted = await source.api.count(source.table, queryOf(run, source.filter), ask.signal);
      report(source, run, counted);
    } catch (error) {
      if (!isFailure(error)) throw error;
      // The right to aggregate is one of its own; without it there is no count, once and for all.
      refused = error.kind === 'config' || error.kind === 'contract';
      source.log.debug('the run could not be counted', { stream: source.table, because: error.message });
    }
    return page;
  };
}

/** Undefined when the run began in another process: then what it had brought before is not known. */
function added(before: Tally | undefined, cursor: Cursor | undefined, ask: ReadAsk, page: Page): Tally | undefined {
  const from = textIn(cursor, 'from') ?? ask.since;
  const horizon = page.completeTo ?? textIn(runIn(page.cursor), 'horizon');
  const begins = runIn(cursor) === undefined;
  if (horizon === undefined || (!begins && (before?.from !== from || before.horizon !== horizon))) return undefined;
  const stamps = [...page.records, ...page.rejected].map(({ updatedAt }) => updatedAt);
  const inRange = stamps.filter((at) => at !== undefined && at < horizon).length;
  const base = begins || before === undefined ? { from, horizon, came: 0, unreadable: 0 } : before;
  return { ...base, came: base.came + inRange, unreadable: base.unreadable + (page.unreadable ?? 0) };
}

function queryOf({ from, horizon }: Tally, filter: string | undefined): string {
  return [
    ...(filter === undefined ? [] : [filter]),
    condition('sys_updated_on', '>=', utcLiteral(from)),
    condition('sys_updated_on', '<', utcLiteral(horizon)),
  ].join('^');
}

function report({ log, table }: CountSource, { from, horizon, came, unreadable }: Tally, counted: number): void {
  const details = { stream: table, counted, came, unreadable, from, to: horizon };
  if (counted > came + unreadable) log.warn('the instance counts more records than it delivered', details);
  else log.debug('the run was counted', details);
}

function runIn(cursor: Cursor | undefined): Cursor | undefined {
  const run = cursor?.['run'];
  return isObject(run) ? run : undefined;
}

function textIn(cursor: Cursor | undefined, name: string): string | undefined {
  const value = cursor?.[name];
  return typeof value === 'string' ? value : undefined;
}
