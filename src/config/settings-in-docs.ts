/** One row of a table of settings. */
export interface DocumentedSetting {
  /** As the default column has it, without its code marks. */
  readonly fallback: string;
  readonly meaning: string;
}

/**
 * The rows of all Markdown tables whose first column is headed `setting`, by setting; the columns are setting, default, meaning.
 * `under`: only those below the heading that names this file, up to the next one of its rank.
 */
export function settingsIn(markdown: string, under?: string): ReadonlyMap<string, DocumentedSetting> {
  const found = new Map<string, DocumentedSetting>();
  let isUnder = under === undefined;
  let rank = 0;
  let inTable = false;
  for (const line of markdown.split('\n')) {
    const heading = /^(#+) (.*)$/.exec(line);
    if (heading !== null && under !== undefined) {
      const [, marks = '', title = ''] = heading;
      if (title.includes(under)) [isUnder, rank] = [true, marks.length];
      else if (isUnder && marks.length <= rank) isUnder = false;
    }
    const cells = line.startsWith('|') ? cellsOf(line) : undefined;
    if (cells === undefined) inTable = false;
    else if (cells[0] === 'setting') inTable = true;
    else if (inTable && isUnder) {
      const [setting = '', fallback = '', meaning = ''] = cells;
      if (!/^:?-+:?$/.test(setting)) found.set(plain(setting), { fallback: plain(fallback), meaning: plain(meaning) });
    }
  }
  return found;
}

function cellsOf(line: string): readonly string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** Without Markdown's code and emphasis marks, which an editor would show as they are. */
function plain(text: string): string {
  return text.replaceAll(/(^|[\s(])_([^_]+)_(?=[\s.,;:)]|$)/g, '$1$2').replaceAll('`', '');
}
