import type { Config } from '../config/index.js';
import type { Instant, Log } from '../kit/index.js';
import type { Mapping } from '../mapping/index.js';
import type { Store } from '../store/index.js';
import type { Systems } from './systems.js';

/** Everything a task works with. Tasks keep no state of their own: it is all in the store. */
export interface World {
  readonly config: Config;
  readonly mappings: readonly Mapping[];
  readonly store: Store;
  readonly systems: Systems;
  /** Our own clock: for due dates and waiting, never for cursors. */
  readonly clock: () => Instant;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Who this process is when it claims work: unique per process. */
  readonly owner: string;
  readonly progress: Progress;
}

/** Told to people while they wait. */
export interface Progress {
  /** `done` of `total` units; `total` is unknown at first for most remotes. */
  report(task: string, done: number, total: number | undefined): void;
}

/** For tests and daemons: nobody is watching. */
export const silent: Progress = { report: () => undefined };
