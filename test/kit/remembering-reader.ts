import { type Cursor, readIncrementally } from 'golden-thread/kit';
import type { Reader } from './history.js';

/** A connector that keeps its place itself, durably, and trusts it more than the cursor that core saved together with the data. */
export function rememberingReader(): Reader {
  let place: Cursor | undefined;
  return {
    async read(query, cursor, ask) {
      const first = cursor === undefined && (place === undefined || place['run'] === undefined);
      const page = await readIncrementally(query, first ? undefined : (place ?? cursor), ask);
      place = page.cursor;
      return page;
    },
  };
}
