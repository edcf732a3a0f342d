import type { Figure } from '../document/document.js';
import { barAt, type Colour, lineAt, svgOf, textAt } from './svg.js';

/** Numbers to compare at a glance. */
export interface BarChart {
  readonly caption: string;
  /** What the groups are: `month`, `age`. */
  readonly groupsAre: string;
  readonly groups: readonly string[];
  /** One bar in each group; at most three, or nobody reads it. */
  readonly series: readonly { readonly name: string; readonly colour: Colour; readonly values: readonly number[] }[];
  /** One sentence: what is to be seen. */
  readonly alt: string;
}

const left = 36;
const top = 44;
const plotHeight = 150;

/** Upright bars from zero, each with its number on top. The numbers come with the picture as a table. */
export function barChart(chart: BarChart): Figure {
  const { groups, series, caption, alt } = chart;
  const groupWidth = Math.max(40, Math.min(110, 660 / Math.max(1, groups.length)));
  const width = left + groupWidth * Math.max(groups.length, 6) + 12;
  const highest = Math.max(1, ...series.flatMap(({ values }) => values));
  const step = stepFor(highest);
  const ceiling = Math.ceil(highest / step) * step;
  const y = (value: number): number => top + plotHeight - (value / ceiling) * plotHeight;
  const parts: string[] = [];
  let legendX = left;
  for (const { name, colour } of series) {
    parts.push(barAt(legendX, 8, 12, 12, colour), textAt(legendX + 17, 18, name, { size: 12 }));
    legendX += 17 + name.length * 7 + 22;
  }
  for (let value = 0; value <= ceiling; value += step)
    parts.push(
      lineAt(left, y(value), width - 8, y(value)),
      textAt(left - 6, y(value) + 4, String(value), { size: 11, colour: 'soft', anchor: 'end' }),
    );
  const barWidth = Math.min(26, (groupWidth - 10) / Math.max(1, series.length));
  for (const [at, group] of groups.entries()) {
    const middle = left + groupWidth * (at + 0.5);
    for (const [index, { values, colour }] of series.entries()) {
      const value = values[at] ?? 0;
      const x = middle - (barWidth * series.length) / 2 + barWidth * index;
      if (value === 0) continue;
      parts.push(barAt(x + 1, y(value), barWidth - 2, top + plotHeight - y(value), colour));
      parts.push(textAt(x + barWidth / 2, y(value) - 3, String(value), { size: 11, anchor: 'middle' }));
    }
    parts.push(textAt(middle, top + plotHeight + 17, group, { size: 11, anchor: 'middle', colour: 'soft' }));
  }
  return {
    kind: 'figure',
    caption,
    alt,
    svg: svgOf(Math.ceil(width), top + plotHeight + 28, caption, parts),
    numbers: {
      kind: 'table',
      caption,
      columns: [{ title: chart.groupsAre }, ...series.map(({ name }) => ({ title: name, align: 'number' as const }))],
      rows: groups.map((group, at) => [group, ...series.map(({ values }) => values[at] ?? 0)]),
    },
  };
}

/** A round step that gives at most five lines. */
function stepFor(highest: number): number {
  const raw = highest / 4;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, raw)));
  return Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= raw) ?? power * 10);
}
