import type { Json, JsonObject } from 'golden-thread/kit';

/** Fields of every record that are ours: whether the row is still in a file, and where it was read. */
export const ownFields = ['present', 'source'] as const;

/**
 * A column's heading as a name that formulas can write without quoting: `Finding ID` -> `finding_id`, `Prüfer/in` -> `prüfer_in`.
 * Letters of any language stay. Empty when there is nothing of a name in it.
 */
export function fieldName(heading: string): string {
  const name = heading
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '');
  return /^\p{N}/u.test(name) ? `_${name}` : name;
}

/** A name for each heading of a table, all different, none of {@link ownFields}: a second `Owner` is `owner_2`, a nameless third column `column_3`. */
export function fieldNames(headings: readonly string[]): readonly string[] {
  const taken = new Set<string>(ownFields);
  return headings.map((heading, index) => {
    const name = fieldName(heading) || `column_${index + 1}`;
    return claim(name, taken);
  });
}

/** An object as a record's fields: its own names, but for those that are ours. */
export function withoutOwnNames(object: JsonObject): JsonObject {
  if (!ownFields.some((name) => Object.hasOwn(object, name))) return object;
  const taken = new Set([...ownFields, ...Object.keys(object)]);
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [ownFields.some((own) => own === name) ? claim(name, taken) : name, value]),
  );
}

function claim(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name}_${count}`;
  taken.add(free);
  return free;
}

/** The value of a column, or at a path `finding.id` inside nested objects. */
export function valueAt(fields: JsonObject, path: string): Json | undefined {
  if (Object.hasOwn(fields, path)) return fields[path];
  let value: Json | undefined = fields;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const object = value as JsonObject;
    value = Object.hasOwn(object, part) ? object[part] : undefined;
  }
  return value;
}
