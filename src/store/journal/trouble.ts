import { asFailure, type Instant } from '../../kit/index.js';
import { codeOf } from '../database/sqlite-failure.js';
import { isJournalFailure } from './append.js';

/** Why the journal cannot be written. */
export interface JournalTrouble {
  readonly since: Instant;
  readonly reason: string;
}

const volume = ['SQLITE_FULL', 'SQLITE_READONLY', 'SQLITE_IOERR', 'SQLITE_CANTOPEN', 'SQLITE_CORRUPT'];

/** The trouble that a failed transaction shows: the journal's own, or a volume that takes nothing. Anything else says nothing about it. */
export function troubleOf(error: unknown, clock: () => Instant, known: JournalTrouble | undefined): JournalTrouble | undefined {
  const { message, details } = asFailure(error);
  const code = codeOf(error) || codeOf(details.cause);
  if (!isJournalFailure(error) && !volume.some((name) => code.startsWith(name))) return known;
  return { since: known?.since ?? clock(), reason: message };
}
