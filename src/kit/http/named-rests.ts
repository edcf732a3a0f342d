import { createRest, type Rest } from './rest.js';

/** The rests that concern a part of what a client asks for: one endpoint, one record. Those that nobody asked for do not exist. */
export interface NamedRests {
  /** The remote asked for this part to be left alone for so long. */
  pause(name: string, ms: number): void;
  /** Those of these parts that are resting, or were lately. */
  of(names: readonly string[]): readonly Rest[];
}

/** None yet. `now` as for {@link createRest}. */
export function createNamedRests(now: () => number): NamedRests {
  const rests = new Map<string, Rest>();
  return {
    pause(name, ms) {
      for (const [other, rest] of rests) if (rest.remainingMs() === 0 && !rest.isCareful()) rests.delete(other);
      const rest = rests.get(name) ?? createRest(now);
      rests.set(name, rest);
      rest.pause(ms);
    },
    of: (names) => (rests.size === 0 ? [] : names.flatMap((name) => rests.get(name) ?? [])),
  };
}
