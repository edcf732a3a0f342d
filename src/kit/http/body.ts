import { isUtf8 } from 'node:buffer';
import type { Json } from '../json.js';
import { type ItemsAsk, itemsOf } from './items.js';
import type { WireAnswer } from './transport.js';

/** What stands in an answer: JSON, nothing, or something that is no data. */
export type Body =
  | { readonly kind: 'json'; readonly value: Json; readonly items?: readonly unknown[] }
  | { readonly kind: 'empty' }
  /** `why` completes "the answer …"; `text` is its beginning, unsafe. */
  | { readonly kind: 'unusable'; readonly why: string; readonly text: string };

/**
 * Reads a body. Only what is declared as JSON, is valid UTF-8 and parses counts: a hibernating instance and a sign-on page answer 200
 * with HTML, a cut answer is often still well framed, and axios would hand over both as a string. `ask`: the list whose items are wanted.
 */
export function readBody(answer: WireAnswer, ask?: ItemsAsk): Body {
  const { bytes } = answer;
  if (bytes.length === 0) return { kind: 'empty' };
  const type = answer.headers['content-type'] ?? '';
  const unusable = (why: string): Body => ({ kind: 'unusable', why, text: bytes.subarray(0, 8192).toString('utf8') });
  if (!/^\s*application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type))
    return unusable(`is ${type === '' ? 'of no declared type' : type}, not JSON`);
  if (!isUtf8(bytes)) return unusable('is not valid UTF-8');
  const value = parse(bytes);
  if (value === undefined) return unusable('is cut off or malformed JSON');
  return { kind: 'json', value, ...(ask && { items: [...(answer.taken ?? []), ...itemsOf(value, ask)] }) };
}

function parse(bytes: Buffer): Json | undefined {
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text) as Json;
  } catch {
    return undefined;
  }
}

/** The beginning of a body for a message; unsafe. */
export function beginning(answer: WireAnswer): string {
  return answer.bytes.subarray(0, 8192).toString('utf8');
}
