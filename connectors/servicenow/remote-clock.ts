import type { Instant } from 'golden-thread/kit';

/** The instance's clock as its answers tell it (header Date), whatever else they say. */
export interface RemoteClock {
  note(remoteNow: Instant | undefined): void;
  /** As of the latest answer; undefined before the first. */
  latest(): Instant | undefined;
}

/** A clock that no answer has told yet. */
export function remoteClock(): RemoteClock {
  let at: Instant | undefined;
  return {
    note: (remoteNow) => {
      if (remoteNow !== undefined) at = remoteNow;
    },
    latest: () => at,
  };
}
