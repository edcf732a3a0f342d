import { createHash } from 'node:crypto';
import type { JsonObject } from 'golden-thread/kit';
import { valueAt } from './names.js';

/** What tells a row from all others: the values of its key columns. */
export interface Identity {
  /** The values as JSON, so that no two different keys are spelt alike: `["A","BC"]` and `["AB","C"]`. */
  readonly text: string;
  readonly values: readonly string[];
}

/** Longest value of a key column. */
const maxKeyChars = 400;

/** The identity of a row, or what is wrong with it. Blanks around a value and the way in which accents are written do not count. */
export function identityOf(fields: JsonObject, key: readonly string[]): Identity | { readonly problem: string } {
  const values: string[] = [];
  for (const column of key) {
    const value = valueAt(fields, column);
    if (value === undefined) return { problem: `there is no column ${column}, which is part of the key` };
    if (typeof value === 'object' && value !== null) return { problem: `${column} is part of the key and no single value` };
    const text = String(value ?? '')
      .normalize('NFC')
      .trim();
    if (text === '') return { problem: `${column} is part of the key and empty` };
    if (text.length > maxKeyChars) return { problem: `${column} is part of the key and has more than ${maxKeyChars} characters` };
    values.push(text);
  }
  return identityFrom(values);
}

export function identityFrom(values: readonly string[]): Identity {
  return { text: JSON.stringify(values), values };
}

/** The identity as it was kept. */
export function identityOfText(text: string): Identity {
  return { text, values: JSON.parse(text) as string[] };
}

/** The key of the record: 32 hex characters of a hash, the same in every file and on every machine. */
export function keyOf({ text }: Identity): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** As people read it. */
export function numberOf({ values }: Identity): string {
  return values.join(' / ').slice(0, 200);
}
