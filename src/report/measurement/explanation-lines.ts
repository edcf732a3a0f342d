import {
  type Judgement,
  type MeasuredSpan,
  type MeasurementPlan,
  metricInWords,
  type MetricMeasurement,
  shown,
  targetInWords,
  timeShown,
} from '../../domain/index.js';
import { inHex } from '../../store/index.js';
import type { ExplainedMeasurement, Explanation } from './explain-measurement.js';

/** The explanation as lines for a terminal. They hold numbers of records, but no text of theirs. */
export function explanationLines({ improvement, measurements }: Explanation): readonly string[] {
  if (measurements.length === 0) return [`${improvement.id} has not been measured yet.`];
  return measurements.flatMap((each, index) => [
    ...(index === 0 ? [] : ['']),
    ...('recorded' in each ? measured(improvement.id, each) : judged(improvement.id, each)),
  ]);
}

function judged(id: string, { at, result, sentence, judged: by }: Judgement): readonly string[] {
  return [
    `${id}, judged ${at.slice(0, 10)} by ${by.by}: ${result}`,
    `  ${sentence}`,
    `  criterion: ${by.criterion}`,
    `  evidence: ${by.evidence}`,
  ];
}

function measured(id: string, { number, recorded, counted, again, same, differences }: ExplainedMeasurement): readonly string[] {
  const { basis } = recorded;
  return [
    `${id}, measurement ${number} of ${recorded.at}: ${recorded.result}${recorded.reason === undefined ? '' : ` (${recorded.reason})`}`,
    `  ${recorded.sentence}`,
    ...(basis === undefined ? [] : ['', '  plan', ...planLines(basis.plan).map((line) => `    ${line}`)]),
    '',
    ...spanLines('baseline', recorded, recorded.baseline),
    ...spanLines('window', recorded, recorded.window),
    '',
    '  test',
    `    ${recorded.method}`,
    ...testLines(recorded).map((line) => `    ${line}`),
    ...(basis === undefined
      ? []
      : [
          '',
          '  rests on',
          ...basis.coverage.map(
            ({ stream, complete }) =>
              `    ${stream}: read completely ${complete.map(({ from, to }) => `${from.slice(0, 16)}Z to ${to.slice(0, 16)}Z`).join(', ') || 'at no time'}`,
          ),
          ...(basis.unsound ?? []).map(({ stream, because }) => `    ${stream}: ${because}`),
          ...(basis.setAside === undefined ? [] : [`    ${basis.setAside} records that could not be read were set aside`]),
          `    ${basis.inputs} records as they were at change ${basis.through} of the feed, hash ${basis.hash}`,
          ...counted.map(
            ({ input, recordVersion, version }) =>
              `      ${input.occurredAt.slice(0, 16)}Z  ${input.number}  ${input.trigger.system}/${input.trigger.stream}  version ${recordVersion} (${inHex(input.madeBy.recordHash).slice(0, 12)}), mapped by ${input.madeBy.mapping} (${input.madeBy.mappingHash.slice(0, 12)}), change ${version}`,
          ),
        ]),
    '',
    ...(again === undefined
      ? [`  cannot be done again: ${differences.join('; ')}`]
      : same
        ? [`  done again from the kept record versions: ${again.result}, same as recorded`]
        : [`  done again from the kept record versions: ${again.result}, not as recorded`, ...differences.map((line) => `    ${line}`)]),
  ];
}

/** The plan in its parts. */
export function planLines(plan: MeasurementPlan): readonly string[] {
  if (plan.metric === 'criterion')
    return [`criterion: ${plan.criterion}`, `judge: ${plan.judge ?? 'not named'}`, `settle: ${plan.settleDays} days`];
  const scope = plan.filter?.scope ?? 'case';
  return [
    `metric: ${plan.metric}, ${metricInWords(plan)}`,
    `target: ${targetInWords(plan)}`,
    `baseline: ${plan.baselineWeeks} weeks before ${plan.baselineEnd}`,
    `settle: ${plan.settleDays} days after the change; window: ${plan.windowWeeks} weeks; at least ${plan.minimumSample} records`,
    `counts: ${(plan.filter?.categories ?? plan.categories).join(', ')} of ${scope === 'case' ? plan.caseKeys.join(', ') : `${scope} ${(plan.scopeOf ?? []).join(', ')}`}`,
    ...(plan.filter?.where ?? []).map((condition) => `where: ${JSON.stringify(condition)}`),
    ...(plan.counterMetrics ?? []).map((counter) => `must not get worse: ${counter.name}, ${metricInWords(counter)}`),
  ];
}

function spanLines(name: string, { basis }: MetricMeasurement, span: MeasuredSpan): readonly string[] {
  const metric = basis?.plan.metric;
  const value =
    metric === undefined || metric === 'criterion' || metric === 'weekly-rate'
      ? `${span.rate.toFixed(2)} a week`
      : shown(metric, span.value);
  return [
    `  ${name} ${span.from} to ${span.to}, ${span.weekly.length} weeks: ${value}`,
    `    records a week: ${span.weekly.join(' ')}`,
    ...(span.values === undefined || metric === undefined || metric === 'criterion'
      ? []
      : [`    week by week: ${span.values.map((each) => (each === null ? '-' : shown(metric, each))).join(', ')}`]),
  ];
}

function testLines({ effect, pValue, dispersion, counters = [], basis }: MetricMeasurement): readonly string[] {
  const metric = basis?.plan.metric;
  const said = (value: number | undefined): string =>
    value === undefined
      ? 'open'
      : effect?.kind === 'ratio'
        ? value.toFixed(3)
        : metric === 'duration'
          ? timeShown(value)
          : value.toFixed(4);
  return [
    ...(effect === undefined ? [] : [`${effect.kind} ${said(effect.value)}, 90 % interval ${said(effect.low)} to ${said(effect.high)}`]),
    ...(pValue === undefined
      ? []
      : [`probability of a change this large if nothing had changed: ${pValue < 1e-4 ? pValue.toExponential(1) : pValue.toFixed(4)}`]),
    `dispersion ${dispersion.toFixed(2)}`,
    ...(basis === undefined ? [] : [`look ${basis.look + 1} of 3, level ${[0.03, 0.01, 0.01][basis.look] ?? 0}`]),
    ...counters.map(({ sentence }) => `counter-metric ${sentence}`),
  ];
}
