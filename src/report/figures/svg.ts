import { visible } from '../document/cell-text.js';

/** Text inside an SVG, or in one of its quoted attributes. */
export function escapeXml(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A whole picture. Colours are written out for paper and for other programs; a web page may recolour by the classes. */
export function svgOf(width: number, height: number, title: string, content: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Roboto, system-ui, sans-serif">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect class="paper" x="0" y="0" width="${width}" height="${height}" fill="${colours.paper}"/>`,
    ...content,
    '</svg>',
  ].join('\n');
}

/** As in the light form of the pages. */
export const colours = {
  paper: '#ffffff',
  ink: '#1b1f24',
  soft: '#545d68',
  line: '#d0d7de',
  box: '#f3f5f7',
  good: '#1a6b30',
  bad: '#b3261e',
  warn: '#8a5300',
  none: '#545d68',
  a: '#0b57a4',
  b: '#c2571a',
} as const;
export type Colour = keyof typeof colours;

/** One line of text. */
export function textAt(
  x: number,
  y: number,
  text: string,
  how: { readonly size?: number; readonly colour?: Colour; readonly anchor?: 'start' | 'middle' | 'end'; readonly bold?: boolean } = {},
): string {
  const { size = 12, colour = 'ink', anchor = 'start', bold = false } = how;
  return `<text class="${colour}" x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${colours[colour]}" text-anchor="${anchor}"${bold ? ' font-weight="bold"' : ''}>${escapeXml(text)}</text>`;
}

/** A filled rectangle. */
export function barAt(x: number, y: number, width: number, height: number, colour: Colour): string {
  return `<rect class="${colour}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${colours[colour]}"/>`;
}

/** A straight line. */
export function lineAt(x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="line" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colours.line}" stroke-width="1"/>`;
}

/** Two decimals are finer than any screen. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Breaks text into lines of about so many characters, at most `most` of them; what is left out shows as an ellipsis. */
export function wrapped(text: string, width: number, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(' ')) {
    let rest = word;
    while (rest !== '') {
      if (line === '' && rest.length > width) {
        lines.push(rest.slice(0, width));
        rest = rest.slice(width);
      } else if (line === '' || line.length + 1 + rest.length <= width) {
        line = line === '' ? rest : `${line} ${rest}`;
        rest = '';
      } else {
        lines.push(line);
        line = '';
      }
    }
  }
  if (line !== '') lines.push(line);
  if (lines.length <= most) return lines;
  const last = lines[most - 1] ?? '';
  return [...lines.slice(0, most - 1), `${last.length >= width ? last.slice(0, width - 1) : last}…`];
}
