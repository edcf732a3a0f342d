import { selectIn } from '../database/bulk.js';
import { storable } from '../database/canonical.js';
import type { Tx } from '../database/db.js';
import type { SourceRecord } from '../../kit/index.js';

// Control characters stand in no address.
const keyMark = '\u0001';
const numberMark = '\u0002';

/**
 * A record's address with its key and its number left out. The records of a stream share it, so that it is stored once and not with every version.
 * {@link addressFrom} gives the address again.
 */
export function addressForm({ url, ref, number }: Pick<SourceRecord, 'url' | 'ref' | 'number'>): string {
  return leftOut(leftOut(plain(storable(url)), storable(ref.key), keyMark), storable(number), numberMark);
}

/** The address of the record with this key and number. */
export function addressFrom(form: string, key: string, number: string): string {
  return form.replace(keyMark, () => key).replace(numberMark, () => number);
}

/** Notes in `known` the integer keys of those of these forms that it lacks, made where they are missing. */
export async function noteAddresses(t: Tx, known: Map<string, number>, forms: Iterable<string>): Promise<void> {
  const wanted = [...new Set(forms)].filter((form) => !known.has(form));
  for (const { id, form } of await selectIn<{ id: number; form: string }>(t, byForm, [], wanted)) known.set(form, id);
  const missing = wanted.filter((form) => !known.has(form)).map((form) => ({ form }));
  if (missing.length === 0) return;
  for (const { id, form } of await t.insertInto('address').values(missing).returning(['id', 'form']).execute()) known.set(form, id);
}

const byForm = 'select id, form from address where form in (select value from json_each(?))';

function leftOut(url: string, part: string, mark: string): string {
  const at = part === '' ? -1 : url.lastIndexOf(part);
  return at < 0 ? url : `${url.slice(0, at)}${mark}${url.slice(at + part.length)}`;
}

function plain(url: string): string {
  return url.includes(keyMark) || url.includes(numberMark) ? url.replaceAll(keyMark, '\uFFFD').replaceAll(numberMark, '\uFFFD') : url;
}
