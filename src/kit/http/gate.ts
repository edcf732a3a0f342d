/** Lets a limited number of exchanges with one system be under way at once; the others wait in order. */
export interface Gate {
  /** Resolves to true with a place, which must be given back by `leave`; to false, without one, when the signal aborts first. */
  enter(limit: () => number, signal: AbortSignal): Promise<boolean>;
  leave(): void;
}

/** A gate shared by all clients of a system. Each visitor brings its own limit, which is asked for when a place becomes free. */
export function createGate(): Gate {
  let inside = 0;
  const waiting = new Set<{ readonly limit: () => number; readonly admit: () => void }>();

  const admitNext = (): void => {
    for (const one of waiting) {
      if (inside >= one.limit()) return; // in order: nobody is overtaken
      waiting.delete(one);
      inside += 1;
      one.admit();
    }
  };

  return {
    enter(limit, signal) {
      if (signal.aborted) return Promise.resolve(false);
      if (inside < limit() && waiting.size === 0) {
        inside += 1;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const onAbort = (): void => {
          waiting.delete(one);
          resolve(false);
          admitNext();
        };
        const one = {
          limit,
          admit: () => {
            signal.removeEventListener('abort', onAbort);
            resolve(true);
          },
        };
        waiting.add(one);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
    leave() {
      inside -= 1;
      admitNext();
    },
  };
}
