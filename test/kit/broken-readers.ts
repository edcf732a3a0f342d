import { type Cursor, readIncrementally } from 'golden-thread/kit';
import type { Reader } from './history.js';

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

/** The bugs that every public connector has at least one of, each as small as it usually comes. */
export const brokenReaders: Readonly<Record<string, Reader>> = {
  'a strict "later than" the last stamp': {
    async read(query, cursor, ask) {
      const last = cursor?.['last'];
      const from = typeof last === 'string' ? new Date(Date.parse(last) + 1000).toISOString() : ask.since;
      const page = await query.fetch({ from, skip: 0, limit: query.order === 'keyset' ? ask.pageSize : query.maxPageSize });
      // Where the remote rounds down, what was there before comes again and is dropped here.
      const records = page.rows.flatMap((row) => ('record' in row && row.record.updatedAt > textOf(last, '') ? [row.record] : []));
      const next: Cursor = { last: records.at(-1)?.updatedAt ?? textOf(last, ask.since) };
      return { records, rejected: [], cursor: next, done: !page.more || records.length === 0, remoteNow: page.remoteNow };
    },
  },
  'offset paging': {
    async read(query, cursor, ask) {
      const [from, skip, last] = [textOf(cursor?.['from'], ask.since), Number(cursor?.['skip'] ?? 0), textOf(cursor?.['last'], ask.since)];
      const page = await query.fetch({ from, skip, limit: ask.pageSize });
      const records = page.rows.flatMap((row) => ('record' in row ? [row.record] : []));
      const seen = records.at(-1)?.updatedAt ?? last;
      const next: Cursor = page.more ? { from, skip: skip + ask.pageSize, last: seen } : { from: seen, skip: 0, last: seen };
      return { records, rejected: [], cursor: next, done: !page.more, remoteNow: page.remoteNow };
    },
  },
  'the cursor saved before the data': { read: readIncrementally, cursorFirst: true },
  'an empty page taken for the end': {
    read: (query, cursor, ask) =>
      readIncrementally(
        {
          ...query,
          fetch: async (range) => {
            const page = await query.fetch(range);
            return page.rows.length === 0 ? { ...page, more: false } : page;
          },
        },
        cursor,
        ask,
      ),
  },
  'a settle time of nothing under late commits': {
    read: (query, cursor, ask) => readIncrementally(query, cursor, { ...ask, settleMs: 0 }),
  },
};
