import {
  earliest,
  type Improvement,
  isBefore,
  judge,
  metricInWords,
  type MeasurementSpans,
  type MetricMeasurement,
  plusDays,
  settledFrom,
  spansOf,
  targetInWords,
  verdictOf,
  weekMs,
  millis,
} from '../../domain/index.js';
import type { Instant } from '../../kit/index.js';
import type { Db } from '../../store/index.js';
import { gather, type GatherFrom } from './gather.js';

/** Where the measurement of an improvement stands. */
export interface Standing {
  readonly id: string;
  readonly status: Improvement['status'];
  /** What happens next, or what was found, in a sentence. */
  readonly sentence: string;
  readonly plan: { readonly metric: string; readonly target: string };
  /** When the window that is being counted ends. */
  readonly until?: Instant;
  /** Baseline and window as far as they are over, compared as at the end. No verdict: looking early and often would make chance look like success. */
  readonly soFar?: Pick<MetricMeasurement, 'baseline' | 'window' | 'effect' | 'dispersion'>;
  /** What would make the result inconclusive if it were measured now. */
  readonly troubles: readonly string[];
}

/** Says where the measurement stands now, with the numbers so far. Writes nothing. */
export async function standingOf(db: Db, from: GatherFrom, improvement: Improvement, at: Instant): Promise<Standing> {
  const { id, status, plan } = improvement;
  if (plan.metric === 'criterion') {
    const judged = improvement.measurements.at(-1);
    const settled = settledFrom(improvement);
    const wait =
      settled === undefined
        ? 'No change has been completed yet.'
        : `It may be judged from ${settled.slice(0, 10)} on, by ${plan.judge ?? 'somebody who is still to be named'}.`;
    return {
      id,
      status,
      sentence: judged?.sentence ?? wait,
      plan: { metric: 'acceptance criterion', target: plan.criterion },
      troubles: [],
    };
  }
  const words = { metric: metricInWords(plan), target: targetInWords(plan) };
  const last = improvement.measurements.at(-1);
  const planned = spansOf(improvement);
  const spans = planned === undefined ? baselineOnly(improvement, at) : { ...planned, window: upTo(planned.window, at) };
  const { inputs, coverage, unsound, setAside } = await gather(db, from, improvement, plan, spans);
  const { baseline, window, effect, dispersion } = judge({ plan, spans, look: improvement.extensions, inputs, coverage, at });
  const troubles = [
    ...unsound.map(({ stream, because }) => `${stream}: ${because}`),
    ...(setAside === 0 ? [] : [`${setAside} records of the window could not be read and are set aside`]),
  ];
  const final = verdictOf(improvement) !== undefined && last !== undefined;
  const sentence = final
    ? last.sentence
    : planned === undefined
      ? 'No change has been completed yet: the window has not begun.'
      : isBefore(at, planned.window.from)
        ? `The change is settling: counting begins ${planned.window.from.slice(0, 10)} and ends ${planned.window.to.slice(0, 10)}.`
        : isBefore(at, planned.window.to)
          ? `The measurement window runs until ${planned.window.to.slice(0, 10)}${improvement.extensions === 0 ? '' : `, extended ${improvement.extensions === 1 ? 'once' : 'twice'}`}.`
          : `The measurement window ended ${planned.window.to.slice(0, 10)}; it is measured as soon as its streams have been read up to there.`;
  return {
    id,
    status,
    sentence,
    plan: words,
    ...(planned === undefined || final ? {} : { until: planned.window.to }),
    soFar: { baseline, window, ...(effect === undefined || window.weekly.length === 0 ? {} : { effect }), dispersion },
    troubles,
  };
}

/** The whole weeks of the window that are over. */
function upTo(window: MeasurementSpans['window'], at: Instant): MeasurementSpans['window'] {
  const end = earliest([window.to, at]) ?? window.to;
  const weeks = Math.max(0, Math.floor((millis(end) - millis(window.from)) / weekMs));
  return { from: window.from, to: plusDays(window.from, 7 * weeks) };
}

function baselineOnly({ plan }: Improvement, at: Instant): MeasurementSpans {
  const weeks = plan.metric === 'criterion' ? 0 : plan.baselineWeeks;
  return { baseline: { from: plusDays(plan.baselineEnd, -7 * weeks), to: plusDays(plan.baselineEnd, 0) }, window: { from: at, to: at } };
}
