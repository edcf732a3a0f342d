import type { RunChart, RunChartNumbers } from './chart.js';
import { isSignal } from './in-words.js';
import { type Scale, spread } from './scale.js';
import { escaped, shown, widthOf } from './text.js';

const weekMs = 7 * 86_400_000;
const small = 11;
/** Weeks further apart are not joined by a line: what lies between is not known. */
const joinedWithinMs = 1.5 * weekMs;

/** Where things are on the page, in pixels. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (ms: number) => number;
  readonly y: (value: number) => number;
}

/** The frame of a chart: time across, values up. */
export function frameOf(chart: RunChart, scale: Scale, edges: Pick<Frame, 'left' | 'right' | 'top' | 'bottom'>): Frame {
  const { left, right, top, bottom } = edges;
  const starts = chart.weeks.map(({ weekFrom }) => Date.parse(weekFrom));
  const from = Math.min(Date.parse(chart.baseline.from), ...starts);
  const to = Math.max(Date.parse(chart.window.to), ...starts.map((start) => start + weekMs));
  const share = (value: number): number => (Math.min(value, scale.high) - scale.low) / (scale.high - scale.low);
  return {
    ...edges,
    x: (ms) => left + ((right - left) * (ms - from)) / (to - from),
    y: (value) => bottom - (bottom - top) * share(Math.max(value, scale.low)),
  };
}

/** Shaded phases with their names above, or a letter where the name has no room. `key`: what the letters stand for. */
export function phases(chart: RunChart, { x, top, bottom, left, right }: Frame): { readonly svg: string; readonly key: readonly string[] } {
  const all = [
    { ...chart.baseline, name: 'baseline', fill: '' },
    ...chart.phases.map((phase, i) => ({ ...phase, fill: i % 2 === 0 ? 'rc-band' : '' })),
    { ...chart.window, name: 'window', fill: 'rc-window' },
  ]
    .filter(({ from, to }) => from < to)
    .map((phase) => ({ ...phase, start: x(Date.parse(phase.from)), end: x(Date.parse(phase.to)) }));
  const bands = all
    .filter(({ fill }) => fill !== '')
    .map(
      ({ fill, start, end }) =>
        `<rect class="${fill}" x="${px(start)}" y="${px(top)}" width="${px(end - start)}" height="${px(bottom - top)}"/>`,
    );
  const borders = all.slice(1).map(({ start }) => line('rc-grid', [start, top - 4], [start, bottom]));
  const fits = (phase: (typeof all)[number]): boolean => widthOf(phase.name, small) + 4 <= phase.end - phase.start;
  const named = all.filter(fits).map(({ name, start, end }) => label((start + end) / 2, top - 6, name, 'rc-faint', 'middle'));
  const rest = all.filter((phase) => !fits(phase));
  const places = spread(
    rest.map(({ start, end }) => (start + end) / 2),
    10,
    left + 5,
    right - 5,
  );
  const letters = rest.map((_, i) => label(places[i] ?? 0, top - 6, letterOf(i), 'rc-ink', 'middle'));
  return { svg: [...bands, ...borders, ...named, ...letters].join(''), key: rest.map(({ name }, i) => `${letterOf(i)} ${name}`) };
}

function letterOf(i: number): string {
  return String.fromCharCode(65 + (i % 26));
}

/** Grid, numbers and dates. */
export function axes(chart: RunChart, scale: Scale, frame: Frame): string {
  const { left, right, bottom, x, y } = frame;
  const rows = scale.ticks.map(
    (tick) => line('rc-grid', [left, y(tick)], [right, y(tick)]) + label(left - 6, y(tick) + 4, shown(tick), 'rc-faint', 'end'),
  );
  const from = Date.parse(chart.baseline.from);
  const weeks = Math.max(1, Math.round((Date.parse(chart.window.to) - from) / weekMs));
  const step = Math.ceil(weeks / Math.max(1, Math.floor((right - left) / 100)));
  const dates: string[] = [];
  for (let week = 0; week <= weeks; week += step) {
    const at = from + week * weekMs;
    if (x(at) > right - 20) break;
    const anchor = week === 0 ? 'start' : 'middle';
    const text = label(week === 0 ? left - 6 : x(at), bottom + 18, new Date(at).toISOString().slice(0, 10), 'rc-faint', anchor);
    dates.push(line('rc-grid', [x(at), bottom], [x(at), bottom + 5]) + text);
  }
  return [...rows, ...dates].join('');
}

/** Mean, limits, target and the mean of the window, each with its name and number at the right edge. */
export function levels(chart: RunChart, { limits, target, windowMean }: RunChartNumbers, frame: Frame): string {
  const { left, right, top, bottom, x, y } = frame;
  const over = x(Date.parse(chart.baseline.to));
  const window = x(Date.parse(chart.window.from));
  const carried = (value: number, kind: string): string =>
    line(kind, [left, y(value)], [over, y(value)]) + line(kind, [over, y(value)], [right, y(value)], { dashes: '2 3' });
  const shows = limits !== undefined && limits.lower > (chart.floor ?? -Infinity);
  const drawn = [
    ...(limits === undefined
      ? []
      : [
          { at: limits.upper, text: `upper limit ${shown(limits.upper)}`, kind: 'rc-faint', svg: carried(limits.upper, 'rc-limit') },
          { at: limits.mean, text: `mean ${shown(limits.mean)}`, kind: 'rc-ink', svg: carried(limits.mean, 'rc-mean') },
        ]),
    ...(limits !== undefined && shows
      ? [{ at: limits.lower, text: `lower limit ${shown(limits.lower)}`, kind: 'rc-faint', svg: carried(limits.lower, 'rc-limit') }]
      : []),
    ...(target === undefined
      ? []
      : [
          {
            at: target,
            text: `target ${shown(target)}`,
            kind: 'rc-target-text',
            svg: line('rc-target', [window, y(target)], [right, y(target)], { width: 2, dashes: '7 4' }),
          },
        ]),
    ...(windowMean === undefined
      ? []
      : [
          {
            at: windowMean,
            text: `window mean ${shown(windowMean)}`,
            kind: 'rc-now-text',
            svg: line('rc-now', [window, y(windowMean)], [x(Date.parse(chart.window.to)), y(windowMean)], { width: 2.5 }),
          },
        ]),
  ];
  const heights = spread(
    drawn.map(({ at }) => y(at)),
    14,
    top + 4,
    bottom,
  );
  return drawn
    .map(({ at, text, kind, svg }, i) => {
      const height = heights[i] ?? 0;
      const leader = line('rc-limit', [right, y(at)], [right + 8, height], { width: 0.7 });
      return svg + leader + label(right + 11, height + 4, text, kind, 'start');
    })
    .join('');
}

/** The values, joined where they follow each other; signals as diamonds, what is off the scale at the edge with its number. */
export function values(chart: RunChart, scale: Scale, { signals }: RunChartNumbers, { x, y, left, right, top }: Frame): string {
  const points = chart.weeks.flatMap(({ weekFrom, value }, at) =>
    value === undefined ? [] : [{ at, value, ms: Date.parse(weekFrom), cx: x(Date.parse(weekFrom) + weekMs / 2), cy: y(value) }],
  );
  const path = points
    .map(({ ms, at, cx, cy }, i) => {
      const before = points[i - 1];
      const joins = before !== undefined && before.at === at - 1 && ms - before.ms <= joinedWithinMs;
      return `${joins ? 'L' : 'M'}${px(cx)} ${px(cy)}`;
    })
    .join('');
  const radius = Math.min(3, Math.max(1.5, (0.3 * (right - left)) / Math.max(1, chart.weeks.length)));
  const arm = radius + 2.2;
  const marks = points.map(({ at, value, cx, cy }) => {
    if (value > scale.high) return `<path class="rc-signal" d="M${px(cx - 4.5)} ${px(top + 8)}h9l-4.5 -8z"/>`;
    if (isSignal(signals, at))
      return `<path class="rc-signal" d="M${px(cx)} ${px(cy - arm)}l${px(arm)} ${px(arm)}l${px(-arm)} ${px(arm)}l${px(-arm)} ${px(-arm)}z"/>`;
    return `<circle class="rc-point" cx="${px(cx)}" cy="${px(cy)}" r="${px(radius)}"/>`;
  });
  const off = points.filter(({ value }) => value > scale.high).toSorted((a, b) => b.value - a.value)[0];
  const more = points.filter(({ value }) => value > scale.high).length - 1;
  const text = off === undefined ? '' : `${shown(off.value)}${more > 0 ? ` and ${more} more` : ''}, off the scale`;
  const isRight = off !== undefined && off.cx + 10 + widthOf(text, small) > right;
  const note = off === undefined ? '' : label(off.cx + (isRight ? -8 : 8), top + 9, text, 'rc-signal-text', isRight ? 'end' : 'start');
  return `<path class="rc-line" fill="none" stroke-width="1.2" d="${path}"/>${marks.join('')}${note}`;
}

/** A short text at a place. */
export function label(x: number, y: number, text: string, kind: string, anchor: 'start' | 'middle' | 'end', size: number = small): string {
  return `<text class="${kind}" x="${px(x)}" y="${px(y)}" font-size="${size}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

function line(
  kind: string,
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  { width, dashes }: { readonly width?: number; readonly dashes?: string } = {},
): string {
  const stroke = `${width === undefined ? '' : ` stroke-width="${width}"`}${dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`}`;
  return `<path class="${kind}" fill="none"${stroke} d="M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}"/>`;
}

/** Tenths of a pixel are enough, and the file stays small. */
function px(value: number): string {
  return String(Math.round(10 * value) / 10);
}
