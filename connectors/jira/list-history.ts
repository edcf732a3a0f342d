import type { HistoryEntry, Json, JsonObject, SourceRecord } from 'golden-thread/kit';
import { byId, idOf } from './value.js';

/** One changed field of a history entry: its whole value, or for lists the elements that came and went. */
export type Step =
  | { readonly field: string; readonly from: Json; readonly to: Json }
  | { readonly field: string; readonly removed: readonly JsonObject[]; readonly added: readonly JsonObject[] };

type Changes = HistoryEntry['changes'];

/**
 * The changes of each entry with whole values. Jira writes components and versions into the changelog element by element, so their lists are
 * reckoned backwards from the record as it is now; entries that came after that reading are reckoned forwards.
 */
export function rewindLists(
  entries: readonly { readonly at: string; readonly steps: readonly Step[] }[],
  now: SourceRecord,
): readonly Changes[] {
  const known = entries.filter((entry) => entry.at <= now.updatedAt).length;
  const lists = new Map<string, readonly Json[]>();
  const listOf = (field: string): readonly Json[] => {
    const value = lists.get(field) ?? now.data[field];
    return Array.isArray(value) ? (value as readonly Json[]) : [];
  };
  const result: Changes[] = entries.map(() => []);
  for (let index = known - 1; index >= 0; index -= 1) {
    const whole: Whole[] = [];
    for (const step of (entries[index]?.steps ?? []).toReversed()) {
      if ('to' in step) {
        whole.unshift(step);
        continue;
      }
      const to = listOf(step.field);
      const from = exchange(to, step.added, step.removed);
      lists.set(step.field, from);
      whole.unshift({ field: step.field, from, to });
    }
    result[index] = merged(whole);
  }
  lists.clear();
  for (let index = known; index < entries.length; index += 1) {
    const whole: Whole[] = [];
    for (const step of entries[index]?.steps ?? []) {
      if ('to' in step) {
        whole.push(step);
        continue;
      }
      const from = listOf(step.field);
      const to = exchange(from, step.removed, step.added);
      lists.set(step.field, to);
      whole.push({ field: step.field, from, to });
    }
    result[index] = merged(whole);
  }
  return result;
}

type Whole = Changes[number];

function exchange(list: readonly Json[], out: readonly JsonObject[], into: readonly JsonObject[]): readonly Json[] {
  const gone = new Set(out.map(idOf));
  const rest = list.filter((item) => !gone.has(idOf(item)));
  const there = new Set(rest.map(idOf));
  return [...rest, ...into.filter((item) => !there.has(idOf(item)))].toSorted(byId);
}

/** A field that changed several times in one entry changed from its first to its last value. */
function merged(changes: readonly Whole[]): Changes {
  const byField = new Map<string, Whole>();
  for (const change of changes) byField.set(change.field, { ...change, from: byField.get(change.field)?.from ?? change.from });
  return [...byField.values()];
}
