import { Failure } from '../failure.js';
import { createPause } from './pause.js';

/** When the clients of one account leave their remote alone, because an answer said so. */
export interface Rest {
  /** The remote asked to be left alone for so long (Retry-After). */
  pause(ms: number): void;
  /** The remote refused the credentials: they are not sent again for so long. */
  refuse(refusal: Failure, ms: number): void;
  /** How long still, in milliseconds; 0 when requests may go out. */
  remainingMs(): number;
  /** Begins to find out what a 401 means; to be called once it is known. Meanwhile the others wait, lest each finds out for itself. */
  judge(): () => void;
  /** Resolves when that is known; undefined when nothing is being found out. */
  verdict(): Promise<void> | undefined;
  /** The refusal that still stands. */
  refusal(): Failure | undefined;
  /** A limit was met lately: requests go one at a time, so that the next refusal costs one of them and not as many as are under way. */
  isCareful(): boolean;
}

const shortestCareMs = 60_000;

/** A rest that has not begun. `now`: milliseconds by the clock that the schedule goes by, so that a probe that is due is not refused; it may be set back. */
export function createRest(now: () => number = Date.now): Rest {
  const pause = createPause(now);
  let careUntil = 0;
  let refused: { readonly failure: Failure; readonly at: number; readonly ms: number } | undefined;
  let judging = 0;
  let pending: PromiseWithResolvers<void> | undefined;
  return {
    judge() {
      judging += 1;
      pending ??= Promise.withResolvers<void>();
      return () => {
        judging -= 1;
        if (judging > 0) return;
        pending?.resolve();
        pending = undefined;
      };
    },
    verdict: () => pending?.promise,
    pause(ms) {
      pause.extend(ms);
      careUntil = Math.max(careUntil, performance.now() + ms + Math.max(shortestCareMs, 2 * ms));
    },
    refuse(failure, ms) {
      if (ms > 0) refused = { failure, at: now(), ms };
    },
    remainingMs: () => pause.remainingMs(),
    refusal() {
      if (refused === undefined) return undefined;
      const passed = now() - refused.at;
      if (passed < 0 || passed >= refused.ms) return undefined;
      const { kind, message, details } = refused.failure;
      return new Failure(kind, message, { ...details, committed: 'no' });
    },
    isCareful: () => performance.now() < careUntil,
  };
}
