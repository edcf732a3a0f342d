/** How the virtual clock runs: 0 = it stands still until told, 1 = with real time. */
export type Rate = 0 | 1;

/** The instance's own clock. Every stamp, token expiry and asynchronous business rule goes by it. */
export interface VirtualClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `action` when the clock reaches `at`; at once when it already has. Actions of one instant run in the order in which they were set. */
  at(at: number, action: () => void): void;
  /** Moves the clock forward and runs what falls due on the way, each action at its own instant. */
  advance(ms: number): void;
  /** Forward like `advance`; backward without running anything, as an administrator who corrects a clock. */
  set(at: number): void;
  rate(): Rate;
  setRate(rate: Rate): void;
  stop(): void;
}

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** A clock that starts at `start` (milliseconds since the epoch); `realNow` is the source of real time for rate 1. */
export function createClock(start: number, startRate: Rate, realNow: () => number): VirtualClock {
  /** Latest first, so that the next one is at the end. */
  const timers: Timer[] = [];
  let base = start;
  let since = realNow();
  let rate = startRate;
  let alarm: NodeJS.Timeout | undefined;

  const now = (): number => (rate === 1 ? base + (realNow() - since) : base);
  const rebase = (at: number): void => {
    base = at;
    since = realNow();
  };
  const wake = (): void => {
    clearTimeout(alarm);
    const next = timers.at(-1);
    if (rate === 0 || next === undefined) return;
    alarm = setTimeout(() => moveTo(now()), Math.min(Math.max(0, next.at - now()), 2_000_000_000));
    alarm.unref();
  };
  const moveTo = (target: number): void => {
    const running = rate;
    rate = 0;
    for (let next = timers.at(-1); next !== undefined && next.at <= target; next = timers.at(-1)) {
      timers.pop();
      rebase(Math.max(base, next.at));
      next.action();
    }
    rebase(target);
    rate = running;
    wake();
  };

  return {
    now,
    at(at, action) {
      if (at <= now()) {
        action();
        return;
      }
      let low = 0;
      let high = timers.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((timers[middle]?.at ?? 0) > at) low = middle + 1;
        else high = middle;
      }
      timers.splice(low, 0, { at, action });
      wake();
    },
    advance: (ms) => moveTo(now() + Math.max(0, ms)),
    set(at) {
      if (at >= now()) moveTo(at);
      else rebase(at);
      wake();
    },
    rate: () => rate,
    setRate(next) {
      rebase(now());
      rate = next;
      wake();
    },
    stop: () => clearTimeout(alarm),
  };
}
