/** The simulator's own time, by which stamps, index lag and token expiry go. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  advance(ms: number): void;
  set(ms: number): void;
  /** 0 = frozen, 1 = runs with the machine's clock. */
  setRate(rate: 0 | 1): void;
  rate(): 0 | 1;
}

/** A clock that starts at `start`; frozen unless `rate` is 1. `machine` is the machine's clock in milliseconds. */
export function createClock(start: number, startRate: 0 | 1, machine: () => number): Clock {
  let base = start;
  let since = machine();
  let rate = startRate;
  const now = (): number => (rate === 0 ? base : base + Math.floor(machine() - since));
  const rebase = (value: number): void => {
    base = value;
    since = machine();
  };
  return {
    now,
    advance: (ms) => rebase(now() + ms),
    set: rebase,
    setRate: (next) => {
      rebase(now());
      rate = next;
    },
    rate: () => rate,
  };
}
