import type { StageState, Thread, ThreadStageView } from '../../domain/index.js';
import type { Figure, Mark } from '../document/document.js';
import { type Colour, colours, round, svgOf, textAt, wrapped } from './svg.js';

const column = 196;
const gutter = 28;
const margin = 12;
const headHeight = 58;
const lineHeight = 14;
const shownItems = 4;

/** What each state is called where people read it. */
export const stateWords: Readonly<Record<StageState, string>> = {
  complete: 'complete',
  gap: 'gap',
  ahead: 'not due yet',
  ended: 'never due',
};

export const stateMarks: Readonly<Record<StageState, Mark>> = { complete: 'good', gap: 'bad', ahead: 'none', ended: 'none' };

/**
 * The thread as a picture: the links from left to right, each with its state, its pieces and its gaps. A state is told by word, sign and line
 * as well as by colour; a link that rests on a gap is dashed.
 */
export function threadPicture(thread: Thread): Figure {
  const columns = thread.stages.map((stage) => columnOf(stage));
  const height = headHeight + Math.max(...columns.map(({ height: own }) => own), 40) + margin * 2;
  const width = margin * 2 + column * columns.length + gutter * (columns.length - 1);
  const parts = columns.flatMap(({ draw }, at) => {
    const x = margin + at * (column + gutter);
    const stage = thread.stages[at];
    return [...draw(x, margin), ...(at === 0 || stage === undefined ? [] : arrow(x - gutter, margin + headHeight / 2, stage.state))];
  });
  const gaps = thread.gaps.length === 0 ? 'without gaps' : `${thread.gaps.length} ${thread.gaps.length === 1 ? 'gap' : 'gaps'}`;
  return {
    kind: 'figure',
    caption: `The golden thread of ${thread.id}, ${gaps}`,
    alt: `${thread.id}: ${thread.stages.map(({ stage, state, items }) => `${stage} ${stateWords[state]}, ${items.length} ${items.length === 1 ? 'piece' : 'pieces'}`).join('; ')}.`,
    svg: svgOf(width, Math.ceil(height), `${thread.id} ${thread.title}`, parts),
  };
}

interface ColumnDrawing {
  readonly height: number;
  readonly draw: (x: number, y: number) => readonly string[];
}

interface Line {
  readonly text: string;
  readonly colour: Colour;
  readonly bold?: boolean;
  /** Space above it. */
  readonly above: number;
}

function columnOf(stage: ThreadStageView): ColumnDrawing {
  const lines = linesOf(stage);
  const height = lines.reduce((sum, { above }) => sum + above + lineHeight, 10);
  const colour = stateMarks[stage.state];
  const draw = (x: number, y: number): readonly string[] => {
    const dashed = stage.state === 'complete' ? '' : ' stroke-dasharray="5 4"';
    const parts = [
      `<rect class="box edge-${colour}" x="${x}" y="${y}" width="${column}" height="${headHeight - 8}" rx="6" fill="${colours.box}" stroke="${colours[colour]}" stroke-width="2"${dashed}/>`,
      ...sign(x + 20, y + 25, stage.state),
      textAt(x + 38, y + 22, stage.stage.replaceAll('-', ' '), { size: 14, bold: true }),
      textAt(x + 38, y + 38, stateWords[stage.state], { size: 12, colour }),
    ];
    let at = y + headHeight + 4;
    for (const { text, colour: own, bold, above } of lines) {
      at += above + lineHeight;
      parts.push(textAt(x + 6, at, text, { size: 11, colour: own, ...(bold === true && { bold }) }));
    }
    return parts;
  };
  return { height, draw };
}

function linesOf({ items, gaps, state }: ThreadStageView): readonly Line[] {
  const lines: Line[] = [];
  for (const gap of gaps) {
    lines.push({ text: gap.code, colour: 'bad', bold: true, above: 6 });
    for (const text of wrapped(gap.sentence, 32, 4)) lines.push({ text, colour: 'bad', above: 0 });
  }
  const shown = items.length <= shownItems ? items : [...items.slice(0, shownItems / 2), ...items.slice(-shownItems / 2)];
  for (const [at, item] of shown.entries()) {
    if (items.length > shownItems && at === shownItems / 2)
      lines.push({ text: `and ${items.length - shownItems} between them`, colour: 'soft', above: 6 });
    lines.push({ text: `${item.at.slice(0, 10)}${item.by === undefined ? '' : ` by ${item.by}`}`.slice(0, 32), colour: 'soft', above: 6 });
    for (const text of wrapped(item.title, 32, 4)) lines.push({ text, colour: 'ink', above: 0 });
  }
  if (items.length === 0 && gaps.length === 0) lines.push({ text: stateWords[state], colour: 'soft', above: 6 });
  return lines;
}

/** A tick, a cross, or a dot. Drawn, because not every font has them. */
function sign(x: number, y: number, state: StageState): readonly string[] {
  const colour = stateMarks[state];
  const path = (d: string): string =>
    `<path class="edge-${colour}" d="${d}" fill="none" stroke="${colours[colour]}" stroke-width="3" stroke-linecap="round"/>`;
  if (state === 'complete') return [path(`M${x - 7} ${y} L${x - 2} ${y + 6} L${x + 8} ${y - 7}`)];
  if (state === 'gap') return [path(`M${x - 6} ${y - 6} L${x + 6} ${y + 6} M${x + 6} ${y - 6} L${x - 6} ${y + 6}`)];
  return [`<circle class="${colour}" cx="${x}" cy="${y}" r="4" fill="${colours[colour]}"/>`];
}

function arrow(x: number, y: number, state: StageState): readonly string[] {
  const colour = state === 'gap' ? 'bad' : state === 'complete' ? 'good' : 'none';
  const dashed = state === 'complete' ? '' : ' stroke-dasharray="4 4"';
  const end = round(x + gutter - 3);
  const middle = round(y - 4);
  return [
    `<path class="edge-${colour}" d="M${x + 3} ${middle} L${end - 5} ${middle}" fill="none" stroke="${colours[colour]}" stroke-width="2"${dashed}/>`,
    `<path class="${colour}" d="M${end} ${middle} L${end - 8} ${middle - 5} L${end - 8} ${middle + 5} Z" fill="${colours[colour]}"/>`,
  ];
}
