import { asFailure, Failure, type FieldInfo, type Json } from 'golden-thread/kit';
import type { Sign } from './disk.js';
import type { Inbox } from './inbox.js';
import { withoutOwnNames } from './names.js';
import { rowsOf } from './rows.js';
import type { Spec } from './spec.js';

/** So many of the newest files are looked into, and so many rows of each. */
const sampleFiles = 5;
const sampleRows = 50;

const own: readonly FieldInfo[] = [
  { name: 'present', label: 'false once no file has the row any more', type: 'boolean' },
  { name: 'source', label: 'file and line', type: 'object' },
];

const instantText = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const dateText = /^\d{4}-\d\d-\d\d$/;

/** What the rows of the newest files hold. Fails with `transient` when there is no file to look into. */
export async function fieldsOf(spec: Spec, inbox: Inbox): Promise<readonly FieldInfo[]> {
  const { ready } = await inbox.look(spec.matches, new Map());
  const found = new Map<string, FieldInfo['type']>();
  for (const sign of ready.slice(0, sampleFiles)) for (const [name, type] of await fieldsIn(sign, spec, inbox)) merge(found, name, type);
  if (found.size === 0)
    throw new Failure('transient', `no file fits ${spec.files}, so the columns are not known`, { hint: 'put a file into the inbox' });
  return [...own, ...[...found].map(([name, type]): FieldInfo => ({ name, type: type ?? 'text' }))];
}

/** The fields of one file by name; empty when it cannot be read. */
export async function fieldsIn(sign: Sign, spec: Spec, inbox: Inbox): Promise<ReadonlyMap<string, FieldInfo['type']>> {
  const found = new Map<string, FieldInfo['type']>();
  try {
    const source = await inbox.open(sign);
    try {
      let count = 0;
      for await (const row of rowsOf(source, spec, inbox.maxBytes)) {
        for (const [name, value] of Object.entries(withoutOwnNames(row.fields)))
          if (row.problems.length === 0) merge(found, name, typeOf(value));
        count += 1;
        if (count >= sampleRows) break;
      }
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!['record', 'conflict', 'auth'].includes(asFailure(error).kind)) throw error; // the check tells about it
  }
  return found;
}

function merge(found: Map<string, FieldInfo['type']>, name: string, type: FieldInfo['type'] | undefined): void {
  const known = found.get(name);
  if (!found.has(name)) found.set(name, type ?? 'text');
  else if (type !== undefined && known !== type) found.set(name, 'text');
}

function typeOf(value: Json): FieldInfo['type'] | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'object') return Array.isArray(value) ? 'list' : 'object';
  if (dateText.test(value)) return 'date';
  return instantText.test(value) ? 'instant' : 'text';
}
