import { setFlagsFromString } from 'node:v8';

/**
 * Suits V8's memory management to a daemon that reads pages: a page's records live through one or two collections and are dead then.
 * Call it first thing. A V8 that does not know one of these flags goes on without it.
 */
export function suitHeapToPages(): void {
  // V8 may take what outlives a collection for long-lived and make it in the old generation from then on. A dead record there keeps all that it refers to
  // until the next collection of everything; whether V8 does so is chance, and twice as much is moved when it does.
  setFlagsFromString('--no-allocation-site-pretenuring');
  // On two cores, to share out a young collection of a millisecond costs more than it saves.
  setFlagsFromString('--no-parallel-scavenge');
  // By default V8 begins to mark as soon as a third of the room between two collections is taken, so that most of them come too early to find much.
  setFlagsFromString('--incremental-marking-soft-trigger=60');
  setFlagsFromString('--incremental-marking-hard-trigger=80');
}
