/** One promise about speed or memory, as measured. */
export interface Goal {
  readonly what: string;
  /** The figure that is judged: a ratio, or a value with its unit. */
  readonly measured: number;
  readonly unit: '×' | 'ms' | 'MB' | 'requests';
  /** `most`: the figure may be at most `limit`; `least`: at least. Without a goal the figure is only stated. */
  readonly goal?: { readonly is: 'most' | 'least'; readonly limit: number };
  /** The figures behind it. */
  readonly behind: string;
}

/** A machine that is shared measures some per cent too much; beyond this a goal counts as missed. */
const slack = 1.25;

export type Verdict = 'met' | 'within 25 %' | 'missed' | 'stated';

export function judge({ measured, unit, goal }: Goal): Verdict {
  if (goal === undefined) return 'stated';
  // Counts are exact.
  if (unit === 'requests') return measured <= goal.limit ? 'met' : 'missed';
  const over = goal.is === 'most' ? measured / goal.limit : goal.limit / measured;
  return over <= 1 ? 'met' : over <= slack ? 'within 25 %' : 'missed';
}

/** The goals as a Markdown table. */
export function toMarkdown(goals: readonly Goal[]): string {
  const line = (goal: Goal): string => {
    const limit = goal.goal === undefined ? '' : `${goal.goal.is === 'most' ? '≤' : '≥'} ${figure(goal.goal.limit, goal.unit)}`;
    return `| ${goal.what} | **${figure(goal.measured, goal.unit)}** | ${limit} | ${judge(goal)} | ${goal.behind} |`;
  };
  return ['| what | measured | goal | | behind it |', '| --- | --- | --- | --- | --- |', ...goals.map(line)].join('\n');
}

function figure(value: number, unit: Goal['unit']): string {
  if (unit === 'requests') return Number.isInteger(value) ? String(value) : value.toFixed(2);
  const text = value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
  return unit === '×' ? `${text} ×` : `${text} ${unit}`;
}
