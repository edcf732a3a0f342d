import { rewindStream } from '../../../src/store/index.js';
import { pull as realPull } from '../../../src/sync/pull/pull.js';

export * from '../../../src/sync/pull/pull.js';

/** Broken on purpose: the cursor is committed as soon as a page has been read, and the page in a transaction of its own behind it. */
export const pull: typeof realPull = (world, system, stream) =>
  realPull(world, system, {
    ...stream,
    read: async (cursor, ask) => {
      const page = await stream.read(cursor, ask);
      await world.store.tx((t) => rewindStream(t, { system: system.id, stream: stream.name }, page.cursor));
      return page;
    },
  });
