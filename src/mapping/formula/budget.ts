import { Failure } from '../../kit/index.js';

/** Items visited, or 64 characters of text made, by one evaluation of one formula. A normal field costs fewer than a hundred. */
const limit = 50_000;

let left = limit;

/** Starts a new evaluation. Evaluation is synchronous, so that one counter serves all. */
export function beginWork(): void {
  left = limit;
}

/**
 * Pays for work. A formula has no loops, but paths inside paths multiply (`list.($$.list.…)`), and how long a list is, strangers decide:
 * past the limit the record fails instead of the daemon.
 */
export function spend(units: number): void {
  left -= units;
  if (left < 0) throw new Failure('record', `the formula does more work than allowed (${limit} items) on this record`);
}
