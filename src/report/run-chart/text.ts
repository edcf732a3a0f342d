/** Widths are estimates, because whoever draws the picture chooses the font: they lean to the wide side. In shares of the font size. */
const narrow = /[\s.,:;'|!iIjlftr()[\]]/u;
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}mwMW@%]/u;

/** About how wide a text is drawn at this font size. */
export function widthOf(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += narrow.test(character) ? 0.34 : wide.test(character) ? 1 : 0.59;
  return width * fontSize;
}

/** The text in lines that fit the width, at most so many; what does not fit ends in an ellipsis. A word that is too long is broken. */
export function wrapped(
  text: string,
  ask: { readonly width: number; readonly fontSize: number; readonly lines: number },
): readonly string[] {
  const fits = (line: string): boolean => widthOf(line, ask.fontSize) <= ask.width;
  const lines: string[] = [];
  let line = '';
  for (const word of clean(text)
    .split(' ')
    .flatMap((one) => broken(one, fits))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== '') lines.push(line);
  if (lines.length <= ask.lines) return lines;
  const kept = lines.slice(0, ask.lines);
  let last = Array.from(kept.at(-1) ?? '');
  while (last.length > 0 && !fits(`${last.join('')}…`)) last = last.slice(0, -1);
  return [...kept.slice(0, -1), `${last.join('').trimEnd()}…`];
}

function broken(word: string, fits: (text: string) => boolean): readonly string[] {
  if (fits(word)) return [word];
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    if (part !== '' && !fits(part + character)) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}

/**
 * Text of strangers as XML can hold it: no control characters, no half characters, none that turn the direction of what follows; then its five
 * special characters escaped.
 */
export function escaped(text: string): string {
  return clean(text).replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A number for people: whole where it is whole, else with as many decimals as its size bears. */
export function shown(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 0.95 ? 1 : 2);
}
