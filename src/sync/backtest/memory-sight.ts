import {
  byOccurrence,
  type Improvement,
  type ImprovementInput,
  instantOf,
  millis,
  recordKey,
  refText,
  weekMs,
} from '../../domain/index.js';
import type { Instant, RecordRef } from '../../kit/index.js';
import type { Sight, Stretch } from '../decide/sight.js';
import type { SeriesPlace } from '../../store/index.js';

/** A sight that is kept in memory: what has happened so far in a history that is gone through. */
export interface MemorySight extends Sight {
  now: Instant;
  /** Adds one more input; they come by when they occurred. */
  see(input: ImprovementInput, places: readonly SeriesPlace[]): void;
  /** Keeps an improvement as it now is. */
  keep(improvement: Improvement): void;
  readonly improvements: ReadonlyMap<string, Improvement>;
}

interface Row {
  readonly at: number;
  readonly input: ImprovementInput;
}

/** An empty one. `causes` leads from a record to those that caused it, as node ids; `ours` are records that we wrote or linked, as `refText`. */
export function memorySight(causes: ReadonlyMap<string, readonly RecordRef[]>, ours: ReadonlySet<string>): MemorySight {
  const byKey = new Map<string, ImprovementInput[]>();
  const byRecord = new Map<string, ImprovementInput[]>();
  const caused = new Map<string, ImprovementInput[]>();
  const series = new Map<string, Row[]>();
  const scopes = new Map<string, Set<string>>();
  const improvements = new Map<string, Improvement>();
  const improvementsByKey = new Map<string, Set<string>>();
  const add = <T>(map: Map<string, T[]>, key: string, value: T): void => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [value]);
    else list.push(value);
  };
  const stretch = ({ series: { name }, scope, from, to }: Stretch): readonly Row[] => {
    const rows = series.get(`${name}\n${scope}`) ?? [];
    return rows.slice(indexOf(rows, millis(from)), indexOf(rows, millis(to)));
  };
  const sight: MemorySight = {
    now: instantOf(0),
    improvements,
    see: (input, places) => {
      for (const key of input.caseKeys) add(byKey, key, input);
      add(byRecord, refText(input.trigger), input);
      for (const cause of causes.get(recordKey(input.trigger)) ?? []) add(caused, refText(cause), input);
      for (const { series: name, scope } of places) {
        add(series, `${name}\n${scope}`, { at: millis(input.occurredAt), input });
        scopes.set(name, (scopes.get(name) ?? new Set()).add(scope));
      }
    },
    keep: (improvement) => {
      // Keys only ever grow, at their end.
      const known = improvements.get(improvement.id)?.caseKeys.length ?? 0;
      improvements.set(improvement.id, improvement);
      for (const key of improvement.caseKeys.slice(known))
        improvementsByKey.set(key, (improvementsByKey.get(key) ?? new Set()).add(improvement.id));
    },
    inputsOfCase: (keys, from) => {
      const found = new Map(keys.flatMap((key) => since(byKey.get(key) ?? [], from)).map((input) => [input.id, input]));
      return Promise.resolve(byOccurrence([...found.values()]));
    },
    inputsOf: (ref) => Promise.resolve(byRecord.get(refText(ref)) ?? []),
    causesOf: ({ trigger }) => Promise.resolve(causes.get(recordKey(trigger)) ?? []),
    causedBy: (ref) => Promise.resolve(caused.get(refText(ref)) ?? []),
    count: (ask) => Promise.resolve(new Set(stretch(ask).map(({ input }) => refText(input.trigger))).size),
    weekly: ({ weeks, ...ask }) => {
      const start = millis(ask.from);
      const seen = Array.from({ length: weeks }, () => new Set<string>());
      for (const { at, input } of stretch({ ...ask, to: instantOf(start + weeks * weekMs) }))
        seen[Math.floor((at - start) / weekMs)]?.add(refText(input.trigger));
      return Promise.resolve(seen.map(({ size }) => size));
    },
    newest: ({ limit, ...ask }) =>
      Promise.resolve(
        stretch(ask)
          .slice(-limit)
          .map(({ input }) => input),
      ),
    first: ({ series: { name }, scope }) => Promise.resolve(series.get(`${name}\n${scope}`)?.[0]?.input.occurredAt),
    scopes: ({ series: of, from, to }) =>
      Promise.resolve([...(scopes.get(of.name) ?? [])].filter((scope) => stretch({ series: of, scope, from, to }).length > 0).toSorted()),
    improvementsOfCase: (keys) => {
      const ids = new Set(keys.flatMap((key) => [...(improvementsByKey.get(key) ?? [])]));
      return Promise.resolve([...ids].toSorted().flatMap((id) => improvements.get(id) ?? []));
    },
    ours: (inputs) => Promise.resolve(new Set(inputs.map(({ trigger }) => refText(trigger)).filter((ref) => ours.has(ref)))),
  };
  return sight;
}

/** The first row at or after an instant; rows come in order. */
function indexOf(rows: readonly Row[], at: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function since(inputs: readonly ImprovementInput[], from: Instant): readonly ImprovementInput[] {
  let at = inputs.length;
  while (at > 0 && (inputs[at - 1]?.occurredAt ?? '') >= from) at -= 1;
  return inputs.slice(at);
}

/** The refs behind node ids of records; others are left out. */
export function refOfNode(node: string): RecordRef | undefined {
  const match = /^record:([^/]+)\/([^/]+)\/([\s\S]+)$/.exec(node);
  return match === null ? undefined : { system: match[1] ?? '', stream: match[2] ?? '', key: match[3] ?? '' };
}
