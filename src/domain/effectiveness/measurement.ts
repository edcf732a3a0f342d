import type { Instant } from '../../kit/index.js';
import type { CriterionTemplate, MetricTemplate } from './plan-template.js';

/** What a verdict can be. There is no fourth. */
export type VerdictResult = 'effective' | 'not-effective' | 'inconclusive';

/** What a plan of which records are counted knows beyond its template: which records those are. */
interface Counted {
  /** The case whose records are counted, where the scope is the case: any record with one of these keys and one of these categories. */
  readonly caseKeys: readonly string[];
  readonly categories: readonly string[];
  /** Where the firing rule's window began: the burst that raised the improvement is not its baseline. */
  readonly baselineEnd: Instant;
  /** Of another scope than the case: directory ids of the services, names of the processes or of the suppliers. Absent is the same as empty. */
  readonly scopeOf?: readonly string[];
}

/** A plan that is measured from the records. */
export type MetricPlan = MetricTemplate & Counted;
/** A plan that a named person judges. */
export type CriterionPlan = CriterionTemplate & Counted;
/** How it will be judged whether the improvement worked. Frozen at approval, before implementation. */
export type MeasurementPlan = MetricPlan | CriterionPlan;

/** One of the two spans of a measurement, in whole weeks. */
export interface MeasuredSpan {
  readonly from: Instant;
  readonly to: Instant;
  /** Records per week. */
  readonly weekly: readonly number[];
  /** Records a week on average. */
  readonly rate: number;
  /** The metric over the span: records a week, a share, seconds, a score. Absent without a record that tells it. */
  readonly value?: number;
  /** The metric week by week, where it is not the number of records: null for a week without one. */
  readonly values?: readonly (number | null)[];
}

/** How large the change is, with its two-sided 90 % interval. A bound that the data do not give is absent. */
export interface Effect {
  /** Window over baseline; window less baseline; by how much the values have shifted (Hodges-Lehmann). */
  readonly kind: 'ratio' | 'difference' | 'shift';
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** What was found of one counter-metric. */
export interface CounterResult {
  readonly name: string;
  /** Beyond tolerance and not by chance; beyond tolerance, perhaps by chance; within it; not to be told. */
  readonly is: 'worse' | 'perhaps-worse' | 'not-worse' | 'unknown';
  readonly before?: number;
  readonly after?: number;
  /** Probability of a change for the worse at least this large if nothing had changed. */
  readonly pValue?: number;
  readonly sentence: string;
}

/** What a measurement rests on, so that anybody can do it again: nothing else went into it. Which versions were counted, the store keeps. */
export interface MeasurementBasis {
  readonly plan: MeasurementPlan;
  /** 0 for the first look, 1 and 2 for the extensions. */
  readonly look: number;
  /** What was known to have been read, of the two spans. */
  readonly coverage: readonly { readonly stream: string; readonly complete: readonly { readonly from: Instant; readonly to: Instant }[] }[];
  /** Why a stream could not be relied on although it was read; see `measure`. */
  readonly unsound?: readonly { readonly stream: string; readonly because: string }[];
  /** How many records were set aside and not counted, because they could not be read. */
  readonly setAside?: number;
  /** The latest change of any input that was known: later ones are not part of it. */
  readonly through: number;
  /** How many input versions were given to the test, and the SHA-256 over their records and hashes, in order. */
  readonly inputs: number;
  readonly hash: string;
}

/** A result, whichever way it was come by. */
interface Result {
  readonly at: Instant;
  readonly result: VerdictResult;
  /** `data-gap`, `small-sample`, `not-significant`, … when not effective or inconclusive. */
  readonly reason?: string;
  /** One sentence in plain words with the numbers. */
  readonly sentence: string;
  /** The test, by name and citation. */
  readonly method: string;
  /** Nothing is measured after it: conclusive, or inconclusive with all extensions used. */
  readonly final?: boolean;
}

/** Measured from the records. */
export interface MetricMeasurement extends Result {
  readonly baseline: MeasuredSpan;
  readonly window: MeasuredSpan;
  /** Window rate over baseline rate, with its 90 % interval; only of rates, and absent when the baseline has no records. */
  readonly ratio?: { readonly value: number; readonly low: number; readonly high: number };
  readonly effect?: Effect;
  /** Probability of a change for the better at least this large if nothing had changed. */
  readonly pValue?: number;
  /** By how much more records vary than if they were independent; 1 if they are. Variance over mean of rates, else the design effect of weeks. */
  readonly dispersion: number;
  readonly counters?: readonly CounterResult[];
  readonly basis?: MeasurementBasis;
  readonly judged?: undefined;
}

/** An acceptance criterion, judged by a person in the ticket. */
export interface Judgement extends Result {
  readonly judged: {
    /** Directory id, and the account that set the field. */
    readonly by: string;
    readonly account: string;
    readonly historyId: string;
    readonly met: boolean;
    readonly evidence: string;
    readonly criterion: string;
  };
  readonly baseline?: undefined;
  readonly window?: undefined;
}

export type Measurement = MetricMeasurement | Judgement;

/** After closure: the level that had been reached was lost again. Reported, never reopened. */
export interface Regression {
  readonly at: Instant;
  readonly sentence: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly pValue: number;
}
