import type { Json } from '../json.js';

/** What becomes of the items of a long list in an answer. */
export interface ItemsAsk {
  /** The member of the answer's object that holds the list. */
  readonly of: string;
  /** Called with each item, in order; what it returns is kept instead of the item. Pure: it is asked again where an answer turns out to be of another shape. */
  readonly take: (item: Json) => unknown;
}

/** The rest of an answer and what was taken from its list. */
export interface Items {
  /** The answer with an empty list. */
  readonly value: Json;
  readonly items: readonly unknown[];
}

/** So much text is parsed at once: its objects are gone before the garbage collector has to move them. */
const usualPieceBytes = 64 * 1024;
/** Where one object of a list ends and the next begins. */
const between = '},{';
/** So many places are tried for the end of a piece; then the answer is parsed whole, so that a strange one costs a few times its length at most. */
const mostTries = 16;

/**
 * Reads `{"<of>":[{…},{…}]}` a piece at a time, so that a page of a thousand rows never stands in memory parsed whole: that is what a garbage collector
 * spends its time on. Undefined for an answer of any other shape (blanks, further members, a list of something else), which is to be parsed whole.
 *
 * A piece that begins where an object begins and parses as a list of objects ends where one ends: JSON has no second way to read it. Where `},{` stands
 * inside a text or a nested list, the piece does not parse, and is tried again up to the next place.
 */
export function readItems(bytes: Buffer, { of, take }: ItemsAsk, pieceBytes = usualPieceBytes): Items | undefined {
  const head = `{"${of}":[{`;
  if (!begins(bytes, head) || bytes.toString('latin1', bytes.length - 3) !== '}]}') return undefined;
  const end = bytes.length - 2;
  const items: unknown[] = [];
  for (let from = head.length - 1; from < end;) {
    const piece = pieceFrom(bytes, from, Math.min(from + pieceBytes, end), end);
    if (piece === undefined) return undefined;
    for (const item of piece.items) items.push(take(item));
    from = piece.end + 1;
  }
  return { value: { [of]: [] }, items };
}

/** What was taken from the list of an answer that was parsed whole; nothing where it has no such list. */
export function itemsOf(value: Json, { of, take }: ItemsAsk): readonly unknown[] {
  const list =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, Json>>)[of] : undefined;
  return Array.isArray(list) ? (list as readonly Json[]).map((item) => take(item)) : [];
}

function begins(bytes: Buffer, text: string): boolean {
  return bytes.toString('latin1', 0, text.length) === text;
}

/** The items from here to the first end of one behind `least`. */
function pieceFrom(
  bytes: Buffer,
  from: number,
  least: number,
  end: number,
): { readonly items: readonly Json[]; readonly end: number } | undefined {
  let to = least;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const next = bytes.indexOf(between, to);
    to = next < 0 || next >= end ? end : next + 1;
    try {
      return { items: JSON.parse(listText(bytes, from, to)) as readonly Json[], end: to };
    } catch {
      // The place lies inside an item, or the answer is no JSON.
      if (to === end) return undefined;
    }
  }
  return undefined;
}

/** `[…]` around these bytes. The brackets take the places of the separators for a moment: to put the text together would copy all of it once more. */
function listText(bytes: Buffer, from: number, to: number): string {
  const [before = 0, behind = 0] = [bytes[from - 1], bytes[to]];
  bytes[from - 1] = 0x5b;
  bytes[to] = 0x5d;
  const text = bytes.toString('utf8', from - 1, to + 1);
  bytes[from - 1] = before;
  bytes[to] = behind;
  return text;
}
