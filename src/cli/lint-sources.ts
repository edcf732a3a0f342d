import { type FieldInfo, isFailure, type SinkField } from '../kit/index.js';
import type { LintAgainst } from '../mapping/index.js';
import type { System } from '../sync/index.js';

/** Where lint learns which fields there are: from the systems, where they answer, else from the field lists beside the mappings. */
export function lintSources(systems: readonly System[], lists: ReadonlyMap<string, readonly FieldInfo[]>): LintAgainst {
  return {
    fieldsOf: async (from) => {
      for (const system of systems) {
        const stream = system.connector.streams.find(({ name }) => from === `${system.kind}.${name}` || from === `${system.id}.${name}`);
        const fields = stream === undefined ? undefined : await answered(() => stream.fields());
        if (fields !== undefined) return fields;
      }
      return lists.get(from);
    },
    sinkFieldsOf: async (to): Promise<readonly SinkField[] | undefined> => {
      for (const system of systems) {
        const resource = system.connector.sink?.resources.find(
          ({ name }) => to === `${system.kind}.${name}` || to === `${system.id}.${name}`,
        );
        const fields = resource === undefined ? undefined : await answered(() => resource.fields());
        // The status is no field of the ticket: it is where a transition leads.
        if (fields !== undefined)
          return system.connector.sink?.transition === undefined || fields.some(({ name }) => name === 'status')
            ? fields
            : [...fields, { name: 'status', required: false }];
      }
      return undefined;
    },
  };
}

/** A system that cannot be asked is reported by its own check; lint then falls back. */
async function answered<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isFailure(error)) return undefined;
    throw error;
  }
}
