import { createHash } from 'node:crypto';
import {
  type Directory,
  type Improvement,
  type ImprovementInput,
  isInSeries,
  type Policy,
  scopesOf,
  type Series,
  seriesOf,
} from '../../domain/index.js';
import type { Instant, RecordRef } from '../../kit/index.js';
import {
  countInSeries,
  type Db,
  firstInSeries,
  improvementsWithCaseKeys,
  inputsOfRecord,
  inputsWithKeys,
  neighbours,
  newestInSeries,
  scopesInSeries,
  type SeriesPlace,
  weeklyInSeries,
} from '../../store/index.js';

/** A part of a series: one scope of it, over a span whose `from` is inside and whose `to` is not. */
export interface Stretch {
  readonly series: Series;
  readonly scope: string;
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * What rules see of the past: the store while the daemon decides, memory while a backtest runs. The rules themselves do not know which. Inputs are at their
 * latest version.
 */
export interface Sight {
  readonly now: Instant;
  /** Active inputs that carry one of these case keys and occurred at `from` or later. */
  inputsOfCase(keys: readonly string[], from: Instant): Promise<readonly ImprovementInput[]>;
  /** Active inputs of one record. */
  inputsOf(ref: RecordRef): Promise<readonly ImprovementInput[]>;
  /** The records that caused this one, by the link `caused-by`. */
  causesOf(input: ImprovementInput): Promise<readonly RecordRef[]>;
  /** Active inputs of the records that this one caused. */
  causedBy(ref: RecordRef): Promise<readonly ImprovementInput[]>;
  count(stretch: Stretch): Promise<number>;
  weekly(of: Omit<Stretch, 'to'> & { readonly weeks: number }): Promise<readonly number[]>;
  /** The newest inputs, oldest first. */
  newest(stretch: Stretch & { readonly limit: number }): Promise<readonly ImprovementInput[]>;
  /** When the first record of the scope occurred. */
  first(of: Pick<Stretch, 'series' | 'scope'>): Promise<Instant | undefined>;
  scopes(of: Omit<Stretch, 'scope'>): Promise<readonly string[]>;
  improvementsOfCase(keys: readonly string[]): Promise<readonly Improvement[]>;
  /** Those whose record we wrote or linked, as `refText`: evidence, never a trigger. */
  ours(inputs: readonly ImprovementInput[]): Promise<ReadonlySet<string>>;
}

/** Sees what is stored, inside a transaction or beside it. */
export function storeSight(db: Db, more: Pick<Sight, 'now' | 'ours'> & Partial<Pick<Sight, 'improvementsOfCase'>>): Sight {
  const causing = ['caused-by'];
  const place = ({ series, scope }: Pick<Stretch, 'series' | 'scope'>): SeriesPlace => ({ series: series.name, scope });
  return {
    improvementsOfCase: (keys) => improvementsWithCaseKeys(db, keys),
    ...more,
    inputsOfCase: (keys, from) => inputsWithKeys(db, keys, { from }),
    inputsOf: async (ref) => (await inputsOfRecord(db, ref)).filter(({ endedAt }) => endedAt === undefined),
    causesOf: async ({ trigger }) => {
      const { out } = await neighbours(db, nodeOf(trigger), { kinds: causing, only: 'out' });
      return out.flatMap(({ to }) => refOf(to) ?? []);
    },
    causedBy: async (ref) => {
      const { in: linked } = await neighbours(db, nodeOf(ref), { kinds: causing, only: 'in' });
      const found: ImprovementInput[] = [];
      for (const { from } of linked) {
        const record = refOf(from);
        if (record !== undefined) found.push(...(await inputsOfRecord(db, record)).filter(({ endedAt }) => endedAt === undefined));
      }
      return found;
    },
    count: (ask) => countInSeries(db, { ...place(ask), from: ask.from, to: ask.to }),
    weekly: (ask) => weeklyInSeries(db, { ...place(ask), from: ask.from, weeks: ask.weeks }),
    newest: (ask) => newestInSeries(db, { ...place(ask), from: ask.from, to: ask.to, limit: ask.limit }),
    first: (ask) => firstInSeries(db, place(ask)),
    scopes: ({ series, from, to }) => scopesInSeries(db, { series: series.name, from, to }),
  };
}

/** Where each input is counted, and by what that is decided: by another policy or directory it is all made again. */
export function seriesMadeBy(
  policy: Policy,
  directory: Directory,
): { readonly signature: string; readonly placesOf: (input: ImprovementInput) => readonly SeriesPlace[] } {
  const all = seriesOf(policy);
  const suppliers = all.some(({ by }) => by === 'supplier') ? directory.suppliers : [];
  return {
    signature: createHash('sha256')
      .update(JSON.stringify([all.map(({ name }) => name), suppliers]))
      .digest('hex'),
    placesOf: (input) =>
      all.flatMap((series) =>
        isInSeries(series, input) ? scopesOf(series.by, input, directory).map((scope) => ({ series: series.name, scope })) : [],
      ),
  };
}

function nodeOf({ system, stream, key }: RecordRef): string {
  return `record:${system}/${stream}/${key}`;
}

function refOf(node: string): RecordRef | undefined {
  const match = /^record:([^/]+)\/([^/]+)\/([\s\S]+)$/.exec(node);
  return match === null ? undefined : { system: match[1] ?? '', stream: match[2] ?? '', key: match[3] ?? '' };
}
