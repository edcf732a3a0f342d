import { setFlagsFromString } from 'node:v8';

/**
 * Suits V8 to a daemon that reads pages: a page's records live through one or two collections and are dead then, and what is done with each is a
 * long way through small functions. Call it first thing. A V8 that does not know one of these flags goes on without it. What each one is worth: docs/decisions/0043.
 */
export function suitEngine(): void {
  // V8 may take what outlives a collection for long-lived and make it in the old generation from then on. A dead record there keeps all that it refers to
  // until the next collection of everything; whether V8 does so is chance, and twice as much is moved when it does.
  setFlagsFromString('--no-allocation-site-pretenuring');
  // On two cores, to share out a young collection of two milliseconds costs more than it saves.
  setFlagsFromString('--no-parallel-scavenge');
  // By default V8 begins to mark as soon as a third of the room between two collections is taken, so that most of them come too early to find much.
  setFlagsFromString('--incremental-marking-soft-trigger=55');
  setFlagsFromString('--incremental-marking-hard-trigger=75');
  // How far the old generation may grow between two collections of everything: always as far, where V8's own reckoning gives one peak today and another tomorrow.
  setFlagsFromString('--heap-growing-percent=40');
  // Functions are compiled into one another up to this size; at V8's 920 more time goes into compiling them than comes back.
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=400');
}
