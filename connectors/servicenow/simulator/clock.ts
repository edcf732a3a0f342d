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
  readonly order: number;
  readonly action: () => void;
}

/** A clock that starts at `start` (milliseconds since the epoch); `realNow` is the source of real time for rate 1. */
export function createClock(start: number, startRate: Rate, realNow: () => number): VirtualClock {
  let timers: Timer[] = [];
  let orders = 0;
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
    const next = timers[0];
    if (rate === 0 || next === undefined) return;
    alarm = setTimeout(() => moveTo(now()), Math.min(Math.max(0, next.at - now()), 2_000_000_000));
    alarm.unref();
  };
  const moveTo = (target: number): void => {
    const running = rate;
    rate = 0;
    for (let next = timers[0]; next !== undefined && next.at <= target; next = timers[0]) {
      timers = timers.slice(1);
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
      const timer = { at, order: orders++, action };
      const place = timers.findIndex((other) => other.at > at);
      timers = place === -1 ? [...timers, timer] : timers.toSpliced(place, 0, timer);
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
