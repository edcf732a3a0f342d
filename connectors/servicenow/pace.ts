import { setTimeout as delay } from 'node:timers/promises';

/** Slows requests down while the instance lets them wait. */
export interface Pace {
  /** Resolves when the next request may be sent; at once when it was aborted, so that the request itself fails of it. */
  before(signal: AbortSignal | undefined): Promise<void>;
  /** Takes note of an answer. */
  after(headers: Readonly<Record<string, string>>): void;
}

/** No pace at all. */
export const atOnce: Pace = { before: () => Promise.resolve(), after: () => undefined };

/** Waits below this are the normal coming and going on a node. */
const tolerableMs = 200;
const longestPauseMs = 10_000;

/** What a pace needs of the process; replaced in tests. */
export interface Timing {
  /** Milliseconds of a clock that only runs forward. */
  readonly clock: () => number;
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

const realTiming: Timing = {
  clock: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
};

/**
 * Gives way to the people who work on the instance. `Server-Timing: …, sem_wait;dur=…, sesh_wait;dur=…` tells how long a request waited for one of the few places
 * (about four on a node) that API requests share. As long as it was, the next request is held back; a free instance is asked at full speed.
 */
export function paceOf({ clock, sleep }: Timing = realTiming): Pace {
  let notBefore = 0;
  return {
    async before(signal) {
      const wait = notBefore - clock();
      if (wait <= 0) return;
      await sleep(wait, signal).catch((error: unknown) => {
        if (signal?.aborted !== true) throw error;
      });
    },
    after(headers) {
      const waited = waitedMs(headers['server-timing'] ?? '');
      if (waited >= tolerableMs) notBefore = Math.max(notBefore, clock() + Math.min(waited, longestPauseMs));
    },
  };
}

function waitedMs(timing: string): number {
  const waits = ['sem_wait', 'sesh_wait'].map((name) => Number(new RegExp(`\\b${name};dur=(\\d+(?:\\.\\d+)?)`).exec(timing)?.[1] ?? 0));
  return Math.max(...waits);
}
