import type { VirtualClock } from './clock.js';
import { type Store, createStore } from './store.js';

/** A store that others read from a copy that lags behind. */
export interface Replicated {
  /** What is written to, and read where the latest is wanted. */
  readonly primary: Store;
  /** What lists and counts read: the primary itself while nothing lags. */
  readonly replica: () => Store;
}

/** Read replicas as instances have them: every write arrives there `lagMs()` of the virtual clock later. The copy is made when it is first asked for. */
export function createReplicated(store: Store, clock: VirtualClock, lagMs: () => number): Replicated {
  let copy: Store | undefined;
  const later = (action: (copy: Store) => void): void => {
    const to = copy;
    if (to) clock.at(clock.now() + lagMs(), () => action(to));
  };
  const primary: Store = {
    ...store,
    put(table, row) {
      store.put(table, row);
      later((to) => to.put(table, row));
    },
    putAll(table, rows) {
      store.putAll(table, rows);
      later((to) => to.putAll(table, rows));
    },
    remove(table, sysId) {
      const removed = store.remove(table, sysId);
      if (removed) later((to) => to.remove(table, sysId));
      return removed;
    },
  };
  return {
    primary,
    replica() {
      if (lagMs() <= 0) {
        copy = undefined;
        return primary;
      }
      copy ??= copyOf(store);
      return copy;
    },
  };
}

function copyOf(store: Store): Store {
  const copy = createStore(store.dictionary);
  for (const { name, chain } of store.dictionary.all())
    if (chain.length === 1) copy.putAll(name, [...(store.table(name)?.rows.values() ?? [])]);
  return copy;
}
