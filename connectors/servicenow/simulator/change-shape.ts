import type { Column } from './dictionary/column.js';
import { displayOf } from './query/path.js';
import type { Instance } from './instance.js';
import type { Row } from './store.js';

/**
 * A record as the Change API gives it: every field with value and display value; numbers and booleans are typed (numbers as floats), dates have
 * `display_value_internal` besides.
 */
export function changeShape({ store }: Instance, table: string, row: Row): Readonly<Record<string, unknown>> {
  const columns = store.dictionary.get(table)?.columns ?? new Map<string, Column>();
  return Object.fromEntries(
    [...columns.values()].map(({ name, type, reference, choices }): [string, unknown] => {
      const text = row[name] ?? '';
      const label = choices?.find(({ value }) => value === text)?.label;
      const display = label ?? (type === 'reference' && reference !== undefined && text !== '' ? displayOf(store, reference, text) : text);
      if (type === 'integer' && text !== '') return [name, { display_value: display, value: Number(text) }];
      if (type === 'boolean') return [name, { display_value: String(text === 'true'), value: text === 'true' }];
      if (type === 'glide_date_time') return [name, { display_value: text, value: text, display_value_internal: text }];
      return [name, { display_value: display, value: text }];
    }),
  );
}
