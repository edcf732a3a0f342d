import { type Cursor, type Failure, type KeysPage, type Log, type Page, type Stream, isFailure } from 'golden-thread/kit';
import { isMissingTable } from './meaning.js';
import type { RemoteClock } from './remote-clock.js';
import type { TableDefinition } from './tables.js';

type Reading = Required<Pick<Stream, 'read' | 'get' | 'keys' | 'whereabouts'>>;

/**
 * The reading of a plugin's table, which an instance need not have. While it is absent the stream is empty: nothing fails, the reading position stays where it
 * is (a plugin that comes later is read from the start), and what became of records that were read before is not guessed at.
 */
export function mayBeAbsent(table: TableDefinition, reading: Reading, clock: RemoteClock, log: Log): Reading {
  const { plugin } = table;
  if (plugin === undefined) return reading;
  let said = false;
  const orElse = async <T>(work: Promise<T>, otherwise: (failure: Failure) => T): Promise<T> => {
    try {
      const answer = await work;
      said = false;
      return answer;
    } catch (error) {
      if (!isFailure(error) || !isMissingTable(error)) throw error;
      if (!said) log.info('the instance has no such table, so the stream is empty', { stream: table.name, plugin });
      said = true;
      return otherwise(error);
    }
  };
  return {
    read: (cursor, ask) => orElse(reading.read(cursor, ask), (failure) => emptyRun(cursor ?? { v: 1, from: ask.since }, clock, failure)),
    get: (keys, signal) => orElse(reading.get(keys, signal), () => []),
    keys: (cursor, ask) => orElse(reading.keys(cursor, ask), emptyCensus),
    whereabouts: (keys, signal) => reading.whereabouts(keys, signal),
  };
}

function emptyRun(cursor: Cursor, clock: RemoteClock, failure: Failure): Page {
  const remoteNow = clock.latest();
  if (remoteNow === undefined) throw failure;
  const { run: _run, ...between } = cursor;
  return { records: [], rejected: [], cursor: between, done: true, completeTo: remoteNow, remoteNow };
}

function emptyCensus(): KeysPage {
  return { keys: [], cursor: { v: 1, census: { skip: 0 } }, done: true, unreadable: 0 };
}
