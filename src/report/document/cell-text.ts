import type { Cell } from './document.js';

/**
 * Text as it may be shown anywhere: on one line, without control characters, and without the marks that turn the direction of writing around
 * (a title must not be able to forge the cells beside it).
 */
export function visible(text: string): string {
  return (
    text
      .toWellFormed()
      // eslint-disable-next-line no-control-regex -- control characters are what is removed
      .replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
      .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '')
      .trim()
  );
}

/** A cell as plain text on one line. */
export function cellText(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'string') return visible(cell);
  if (typeof cell === 'number') return numberText(cell);
  if ('date' in cell) return visible(cell.date);
  if ('instant' in cell) return instantText(cell.instant);
  if ('link' in cell) return visible(cell.link);
  if ('mark' in cell) return visible(cell.text);
  return cell.lines.map(cellText).join('; ');
}

/** A point in time for people: to the minute, with its zone. */
export function instantText(instant: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(instant) ? `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC` : visible(instant);
}

/** Whole numbers as they are, others with at most two decimals. A point, whatever the machine's language. */
export function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Math.round(value * 100) / 100);
}

/** The address where it is one that a browser may be sent to; tickets can hold `javascript:` and worse. */
export function webAddress(href: string): string | undefined {
  if (!/^https?:\/\//i.test(href) || !URL.canParse(href)) return undefined;
  return new URL(href).href;
}
