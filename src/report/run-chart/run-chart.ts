import { type RunChart, runChartNumbers } from './chart.js';
import { chartInWords, limitsInWords, signalsInWords } from './in-words.js';
import { axes, frameOf, label, levels, phases, values } from './plot.js';
import { scaleOf } from './scale.js';
import { styleSheet } from './style.js';
import { escaped, wrapped } from './text.js';

const width = 640;
const margin = 16;
const plotHeight = 210;
/** Room for `window mean 12.3` behind the plot. */
const labels = 120;

/**
 * The chart as one self-contained SVG, about 10 kB: 640 pixels wide, as high as its texts need. It holds no script, no link and no font, so that it can
 * be kept as evidence and shown anywhere. The same chart gives the same bytes.
 */
export function runChart(chart: RunChart): string {
  const numbers = runChartNumbers(chart);
  const scale = scaleOf(chart, numbers);
  const full = width - 2 * margin;
  // Bold letters are wider.
  const title = wrapped(chart.title, { width: full, fontSize: 1.13 * 15, lines: 2 });
  const top = margin + 19 * title.length + 34;
  const frame = frameOf(chart, scale, { left: margin + 34, right: width - labels, top, bottom: top + plotHeight });
  const bands = phases(chart, frame);
  const foot = [
    ...paragraph(chart.verdict ?? '', 13, 5, 'rc-ink'),
    ...paragraph(bands.key.join(' · '), 11, 2, 'rc-faint'),
    ...paragraph(signalsInWords(chart, numbers), 11, 3, 'rc-faint'),
    ...paragraph(limitsInWords(numbers), 11, 3, 'rc-faint'),
  ];
  let y = frame.bottom + 30;
  const lines = foot.map(({ text, size, kind, gap }) => label(margin, (y += gap), text, kind, 'start', size));
  const height = Math.ceil(y + margin);
  const heading = title.map((text, i) => `<g font-weight="600">${label(margin, margin + 15 + 19 * i, text, 'rc-ink', 'start', 15)}</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="rc" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${escaped(chart.title)}</title><desc>${escaped(chartInWords(chart, numbers))}</desc><style>${styleSheet}</style>`,
    `<rect class="rc-ground" width="${width}" height="${height}"/>`,
    ...heading,
    label(margin, frame.top - 22, chart.unit, 'rc-faint', 'start', 12),
    bands.svg,
    axes(chart, scale, frame),
    levels(chart, numbers, frame),
    values(chart, scale, numbers, frame),
    ...lines,
    '</svg>\n',
  ].join('\n');
}

interface FootLine {
  readonly text: string;
  readonly size: number;
  readonly kind: string;
  /** Distance from the line above. */
  readonly gap: number;
}

function paragraph(text: string, size: number, lines: number, kind: string): readonly FootLine[] {
  return wrapped(text, { width: width - 2 * margin, fontSize: size, lines }).map((one, i) => ({
    text: one,
    size,
    kind,
    gap: i === 0 ? size + 9 : size + 4,
  }));
}
