import type { SinkResource } from 'golden-thread/kit';
import { type FieldCatalogue, writableFields } from '../fields.js';
import { lengths } from './fields-written.js';
import type { WrittenTable } from './written-tables.js';

/** A table as a resource of the sink: what push mappings may write there. */
export function resourceFor(table: WrittenTable, catalogue: FieldCatalogue): SinkResource {
  const refused = new Set(Object.keys(table.refused));
  return {
    name: table.name,
    about: table.about,
    stream: table.name,
    fields: async (signal) => {
      const columns = writableFields(await catalogue.of(table.name, signal), refused, lengths);
      return [...columns.map((field) => (table.needed.includes(field.name) ? { ...field, required: true } : field)), ...table.beside];
    },
  };
}
