import type { RunChart, RunChartNumbers } from './chart.js';
import type { Signal, SignalRule } from './signals.js';
import { shown } from './text.js';

const rules: Readonly<Record<SignalRule, string>> = {
  'outside-limits': 'outside the limits',
  'eight-on-one-side': 'in a run of eight or more on one side of the mean',
  'three-of-four-near-a-limit': 'among three of four nearer to a limit than to the mean',
};

/** On what the limits rest: for the foot of the chart. */
export function limitsInWords({ limits }: RunChartNumbers): string {
  if (limits === undefined) return 'No limits: the baseline has no two weeks in a row to compute them from.';
  const rough = limits.isRough ? `; from only ${limits.values} weeks they are rough` : '';
  return `Natural process limits (XmR): mean ± 2.66 × mean moving range of the ${limits.values} baseline weeks, carried on${rough}.`;
}

/** What the window shows, by the rules of detection. */
export function signalsInWords(chart: RunChart, numbers: RunChartNumbers): string {
  if (numbers.limits === undefined) return '';
  const [from, to] = [Date.parse(chart.window.from), Date.parse(chart.window.to)];
  const inWindow = numbers.signals.filter(({ weekFrom }) => Date.parse(weekFrom) >= from && Date.parse(weekFrom) < to);
  if (inWindow.length === 0) return 'Signals (diamonds) in the window: none.';
  const parts = (['below', 'above'] as const).flatMap((side) =>
    (Object.keys(rules) as SignalRule[]).flatMap((rule) => {
      const count = inWindow.filter((signal) => signal.side === side && signal.rule === rule).length;
      return count === 0 ? [] : [`${count} ${count === 1 ? 'week' : 'weeks'} ${side} ${rules[rule]}`];
    }),
  );
  return `Signals (diamonds) in the window: ${parts.join('; ')}.`;
}

/** The whole chart for who cannot see it. */
export function chartInWords(chart: RunChart, numbers: RunChartNumbers): string {
  const { limits, windowMean } = numbers;
  const day = (at: string): string => at.slice(0, 10);
  return [
    `Run chart of ${chart.unit}. Baseline ${day(chart.baseline.from)} to ${day(chart.baseline.to)}, window ${day(chart.window.from)} to ${day(chart.window.to)}; ${chart.better === 'down' ? 'fewer' : 'more'} is better.`,
    ...(limits === undefined
      ? []
      : [
          `Baseline mean ${shown(limits.mean)}, limits ${shown(Math.max(limits.lower, chart.floor ?? -Infinity))} to ${shown(limits.upper)}.`,
        ]),
    ...(windowMean === undefined ? [] : [`Window mean ${shown(windowMean)}.`]),
    ...(chart.target === undefined ? [] : [`Target ${shown(chart.target)}.`]),
    limitsInWords(numbers),
    signalsInWords(chart, numbers),
    chart.verdict ?? '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** Whether a week is a signal for the eye to find. */
export function isSignal(signals: readonly Signal[], at: number): boolean {
  return signals.some((signal) => signal.at === at);
}
