/** Jira reconciles at most so many issues in one search. */
const most = 50;

/** The issues that this process wrote a moment ago: the search index may not know them yet. */
export interface Written {
  note(issueId: string): void;
  /** Newest last, at most 50, as numbers: Jira takes ids here, not keys. */
  ids(): readonly number[];
}

/** Remembers what was written for `keepMs`, on a clock that never goes back (default: the process's). */
export function writtenIssues(keepMs: number, now: () => number = () => performance.now()): Written {
  const at = new Map<string, number>();
  return Object.freeze({
    note(issueId: string) {
      at.delete(issueId); // to the end of the map, which is in the order of writing
      at.set(issueId, now());
      for (const [id, when] of at) if (at.size > most || now() - when > keepMs) at.delete(id);
    },
    ids() {
      for (const [id, when] of at) if (now() - when > keepMs) at.delete(id);
      return [...at.keys()].map(Number);
    },
  });
}
