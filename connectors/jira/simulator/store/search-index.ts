import type { Random } from '../random.js';
import type { Issue } from './issue.js';

/** What search reads: a copy of the store that lags behind it, in the order (updated, key). */
export interface SearchIndex {
  /** Tells the index about a new version, or with undefined about a deletion; search sees it at `visibleAt`, virtual milliseconds. */
  put(id: number, issue: Issue | undefined, visibleAt: number): void;
  /** Everything that search sees now, ascending by (updated, project, number). Not to be changed. */
  rows(now: number): readonly Issue[];
  /** The version of one issue that search sees. */
  get(now: number, id: number): Issue | undefined;
  /** What flickers: per issue whose last change became visible less than `windowMs` ago, what search showed before. */
  flickering(now: number, windowMs: number, random: Random): ReadonlyMap<number, Issue | undefined>;
  /** Rounds stamps down to this many milliseconds from now on. */
  setResolution(ms: number): void;
  /** How many changes wait to become visible. */
  waiting(): number;
}

interface Entry {
  readonly issue: Issue | undefined;
  readonly seq: number;
  readonly since: number;
  readonly before: Issue | undefined;
}

interface Pending {
  readonly id: number;
  readonly issue: Issue | undefined;
  readonly seq: number;
  readonly visibleAt: number;
}

/** Up to so many changes are placed one by one; more are sorted in at once. */
const placedSingly = 64;

export function createSearchIndex(): SearchIndex {
  const entries = new Map<number, Entry>();
  let recent: number[] = [];
  let pending: Pending[] = [];
  let sorted: Issue[] = [];
  let nextDue = Infinity;
  let seq = 0;
  let resolution = 1;

  const compare = (a: Issue, b: Issue): number => compareByUpdated(a, b, resolution);

  const apply = (now: number): void => {
    if (nextDue > now) return;
    const due = pending.filter((change) => change.visibleAt <= now).toSorted((a, b) => a.visibleAt - b.visibleAt || a.seq - b.seq);
    pending = pending.length === due.length ? [] : pending.filter((change) => change.visibleAt > now);
    nextDue = pending.reduce((least, change) => Math.min(least, change.visibleAt), Infinity);
    const gone = new Set<Issue>();
    const come = new Map<number, Issue>();
    for (const change of due) {
      const entry = entries.get(change.id);
      if (entry !== undefined && entry.seq > change.seq) continue; // a later write became visible earlier
      const before = come.get(change.id) ?? entry?.issue;
      if (entry?.issue !== undefined && !come.has(change.id)) gone.add(entry.issue);
      if (change.issue === undefined) come.delete(change.id);
      else come.set(change.id, change.issue);
      entries.set(change.id, { issue: change.issue, seq: change.seq, since: change.visibleAt, before });
      recent.push(change.id);
    }
    if (gone.size + come.size <= placedSingly) {
      for (const issue of gone) sorted.splice(place(sorted, issue, compare), 1);
      for (const issue of come.values()) sorted.splice(place(sorted, issue, compare), 0, issue);
    } else {
      sorted = (gone.size === 0 ? sorted : sorted.filter((issue) => !gone.has(issue))).concat([...come.values()]).toSorted(compare);
    }
  };

  return {
    put: (id, issue, visibleAt) => {
      seq += 1;
      pending.push({ id, issue, seq, visibleAt });
      nextDue = Math.min(nextDue, visibleAt);
    },
    rows: (now) => {
      apply(now);
      return sorted;
    },
    get: (now, id) => {
      apply(now);
      return entries.get(id)?.issue;
    },
    flickering: (now, windowMs, random) => {
      apply(now);
      recent = [...new Set(recent)].filter((id) => now - (entries.get(id)?.since ?? 0) < windowMs);
      return new Map(recent.filter(() => random() < 0.5).map((id) => [id, entries.get(id)?.before]));
    },
    setResolution: (ms) => {
      resolution = ms;
      sorted = sorted.toSorted(compare);
    },
    waiting: () => pending.length,
  };
}

/** The order (updated, project, number), stamps rounded down to `resolution` milliseconds. */
export function compareByUpdated(a: Issue, b: Issue, resolution: number): number {
  const difference = Math.floor(a.updated / resolution) - Math.floor(b.updated / resolution);
  return difference !== 0 ? difference : compareByKey(a, b);
}

/** Keys sort by project, then by number. */
export function compareByKey(a: Issue, b: Issue): number {
  if (a.projectKey !== b.projectKey) return a.projectKey < b.projectKey ? -1 : 1;
  return a.number - b.number || a.id - b.id;
}

/** The first position whose issue is not before `issue`. */
export function place(sorted: readonly Issue[], issue: Issue, compare: (a: Issue, b: Issue) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle] as Issue, issue) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
