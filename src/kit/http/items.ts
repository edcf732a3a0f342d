import { isUtf8 } from 'node:buffer';
import { asFailure } from '../failure.js';
import type { Json } from '../json.js';

/** What becomes of the items of a long list in an answer. */
export interface ItemsAsk {
  /** The member of the answer's object that holds the list. */
  readonly of: string;
  /** Called with each item, in order, while the answer arrives; what it returns is kept instead of the item. */
  readonly take: (item: Json) => unknown;
}

/** An answer that was read while it arrived. */
export interface ItemsRead {
  /** The answer without the items that were taken: of the same form, and with whatever else is wrong with it. */
  readonly bytes: Buffer;
  /** What was taken. */
  readonly taken: readonly unknown[];
}

/** So much text is parsed at once: its objects are gone before the garbage collector has to move them. */
const usualPieceBytes = 64 * 1024;
/** Where one object of a list ends and the next begins. */
const between = '},{';
/** So many places are taken for the end of an item that are none; then the rest is left whole, so that a strange answer costs a few times its length at most. */
const mostMistakes = 16;

/**
 * Reads an answer and takes the items out of `{"<of>":[{…},{…}]…}` a piece at a time, so that a page of thousands of rows never stands in memory: neither its bytes
 * nor what they say, which is what a garbage collector spends its time on; and between two pieces others get their turn. What is left is an answer of the same form
 * with the last items, to be parsed whole; an answer of another form is left as it came.
 *
 * A piece that begins where an item begins and parses as a list ends where an item ends: JSON has no second way to read it. Where `},{` stands
 * inside a text or a nested list, the piece does not parse, and an earlier place is tried. Fails with what `take` throws, as a Failure.
 */
export async function takeItems(chunks: AsyncIterable<Buffer>, { of, take }: ItemsAsk, pieceBytes = usualPieceBytes): Promise<ItemsRead> {
  const head = Buffer.from(`{"${of}":[`);
  const taken: unknown[] = [];
  const room = { bytes: Buffer.allocUnsafeSlow(2 * pieceBytes), length: 0 };
  let due = pieceBytes;
  let mistakes = 0;
  for await (const chunk of chunks) {
    append(room, chunk);
    if (room.length < due || mistakes > mostMistakes || !begins(room, head)) continue;
    const piece = longestPiece(room, head.length, mostMistakes - mistakes);
    mistakes += piece.mistakes;
    if (piece.items !== undefined) {
      for (const item of piece.items) taken.push(asked(take, item));
      // What is left follows the head again.
      room.bytes.copyWithin(head.length, piece.end + 1, room.length);
      room.length -= piece.end + 1 - head.length;
    }
    due = room.length + pieceBytes;
  }
  return { bytes: room.bytes.subarray(0, room.length), taken };
}

/** What is taken from the list of an answer that was parsed whole; nothing where it has no such list. */
export function itemsOf(value: Json, { of, take }: ItemsAsk): readonly unknown[] {
  const list =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, Json>>)[of] : undefined;
  return Array.isArray(list) ? (list as readonly Json[]).map((item) => take(item)) : [];
}

interface Room {
  bytes: Buffer;
  /** How much of it is used. */
  length: number;
}

function append(room: Room, chunk: Buffer): void {
  const length = room.length + chunk.length;
  if (length > room.bytes.length) {
    const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * room.bytes.length));
    room.bytes.copy(larger, 0, 0, room.length);
    room.bytes = larger;
  }
  chunk.copy(room.bytes, room.length);
  room.length = length;
}

function begins({ bytes, length }: Room, head: Buffer): boolean {
  return length >= head.length && bytes.subarray(0, head.length).equals(head);
}

/** The items from `from` to the last end of one that is found within so many mistakes. `end`: where the comma behind it stands. */
function longestPiece(
  { bytes, length }: Room,
  from: number,
  mostTries: number,
): { readonly items?: readonly Json[]; readonly end: number; readonly mistakes: number } {
  let at = length;
  for (let mistakes = 0; mistakes <= mostTries; mistakes += 1) {
    at = bytes.lastIndexOf(between, at - between.length);
    if (at < from) return { end: from, mistakes };
    const end = at + 1;
    try {
      return { items: JSON.parse(listText(bytes, from - 1, end)) as readonly Json[], end, mistakes };
    } catch {
      // The place lies inside an item, or the answer is no JSON.
    }
  }
  return { end: from, mistakes: mostTries + 1 };
}

/** `[…]` around the bytes between these two places. The brackets stand in them for a moment: to put the text together would copy all of it once more. */
function listText(bytes: Buffer, before: number, behind: number): string {
  const comma = bytes[behind] ?? 0;
  bytes[behind] = 0x5d;
  try {
    const list = bytes.subarray(before, behind + 1);
    // What is no UTF-8 stays in the rest, where it is told.
    if (!isUtf8(list)) throw new SyntaxError('not valid UTF-8');
    return list.toString('utf8');
  } finally {
    bytes[behind] = comma;
  }
}

function asked(take: ItemsAsk['take'], item: Json): unknown {
  try {
    return take(item);
  } catch (error) {
    throw asFailure(error);
  }
}
