import { describe, expect, test } from '@jest/globals';
import {
  type Cursor,
  type OpenConnector,
  type OrderedQuery,
  type Page,
  type ReadAsk,
  type Stream,
  readIncrementally,
} from 'golden-thread/kit';
import { conformance, testContext } from 'golden-thread/kit/testing';
import { judgeRead } from '../../connectors/servicenow/meaning.js';
import { condition, utcLiteral } from '../../connectors/servicenow/query.js';
import { rangeOf } from '../../connectors/servicenow/range.js';
import { rowReader } from '../../connectors/servicenow/rows.js';
import { type TableApi, tableApi } from '../../connectors/servicenow/table.js';
import { tables } from '../../connectors/servicenow/tables.js';
import { sendingAgain, swallowing } from './broken-parts.js';
import { type Rebuild, serviceNowSubject } from './servicenow-subject.js';

/** The bugs that every public connector has at least one of, built from the connector's own parts. */

type Read = Stream['read'];
type Break = (api: TableApi, read: Read) => Read;

const reader = rowReader(tables.incident, ['short_description'], { system: 'sn', instance: 'http://127.0.0.1' });
const order = 'ORDERBYsys_updated_on^ORDERBYsys_id';

function queryOf(api: TableApi): OrderedQuery {
  return rangeOf({ table: 'incident', reader, api, pageSize: 1_000, settleMs: 60_000 });
}

/** Rows that share their second with the last one read are behind it for ever. */
const strictlyLater: Break = (api) => {
  const fetch: OrderedQuery['fetch'] = async (ask) => {
    const behind = condition('sys_updated_on', ask.after ? '>' : '>=', utcLiteral(ask.after?.updatedAt ?? ask.from));
    const page = await api.list('incident', { query: `${behind}^${order}`, fields: reader.columns, limit: ask.limit });
    return {
      rows: page.rows.map((row) => reader.read(row)),
      more: page.more === true,
      remoteNow: page.remoteNow ?? '',
      total: page.total ?? 0,
    };
  };
  return (cursor, ask) => readIncrementally({ ...queryOf(api), fetch }, cursor, ask);
};

/** A row that is touched moves to the end, and those behind it move up over the offset; the next run starts at the latest stamp seen. */
const byOffset: Break = (api) => async (cursor, ask) => {
  const from = textIn(cursor, 'from') ?? ask.since;
  const offset = Number(cursor?.['offset'] ?? 0);
  const query = `${condition('sys_updated_on', '>=', utcLiteral(from))}^${order}`;
  const page = await api.list('incident', { query, fields: reader.columns, limit: ask.pageSize, offset });
  const records = page.rows.flatMap((row) => {
    const read = reader.read(row);
    return 'record' in read ? [read.record] : [];
  });
  const latest = records.at(-1)?.updatedAt ?? textIn(cursor, 'latest') ?? from;
  const answer = { records, rejected: [], remoteNow: page.remoteNow ?? '' };
  if (page.more !== true) return { ...answer, cursor: { from: latest }, done: true, completeTo: latest };
  return { ...answer, cursor: { from, offset: offset + ask.pageSize, latest }, done: false };
};

/** Where it stands is remembered before what it read is saved: a crash in between loses the page. */
let remembered: Cursor | undefined;
const cursorFirst: Break =
  (_api, read) =>
  async (cursor: Cursor | undefined, ask: ReadAsk): Promise<Page> => {
    if (cursor === undefined) remembered = undefined;
    const page = await read(remembered, ask);
    remembered = page.cursor;
    return page;
  };

/** A page of rows that the account may not read looks like the end. */
const untilEmpty: Break = (api) => {
  const query = queryOf(api);
  const fetch: OrderedQuery['fetch'] = async (ask) => {
    const page = await query.fetch(ask);
    return { ...page, more: page.more && page.rows.length > 0 };
  };
  return (cursor, ask) => readIncrementally({ ...query, fetch }, cursor, ask);
};

function textIn(cursor: Cursor | undefined, name: string): string | undefined {
  const value = cursor?.[name];
  return typeof value === 'string' ? value : undefined;
}

function breaking(how: Break, instance: () => string): Rebuild {
  return (open: OpenConnector) => ({
    ...open,
    streams: open.streams.map((stream) => {
      if (stream.name !== 'incident') return stream;
      const { context } = testContext({ system: 'sn' });
      const authorization = `Basic ${Buffer.from('gt.reader:reader-password').toString('base64')}`;
      const http = context.http({ baseUrl: instance(), authorize: () => Promise.resolve({ authorization }), classify: judgeRead });
      return { ...stream, read: how(tableApi(http, http), (cursor, ask) => stream.read(cursor, ask)) };
    }),
  });
}

describe('the suite finds the bugs that lose records', () => {
  test.each([
    ['a strict > on the stamp', strictlyLater, 'incident: records that share a second with the page border are not lost'],
    ['paging by offset', byOffset, 'incident: edits between two pages lose nothing'],
    ['a cursor saved before its data', cursorFirst, 'incident: a crash before or after any page loses nothing'],
    [
      'an error taken for the end',
      (_api: TableApi, read: Read) => swallowing(read),
      'an error on any page of a run leaves the cursor behind the last whole page, and the next run catches up (F07)',
    ],
    ['stopping on an empty page', untilEmpty, 'incident: rows that may not be read do not hide those behind them'],
  ])(
    '%s is found',
    async (_bug, how, promise) => {
      let instance = '';
      const subject = await serviceNowSubject(breaking(how, () => instance));
      ({ instance } = subject.goodConfig as { instance: string });
      try {
        const broken = conformance(subject, { shrinkingMs: 0 }).find(({ name }) => name === promise);
        await expect(broken?.run()).rejects.toThrow(/lost|did not arrive|complete, and it is not/);
      } finally {
        await subject.close();
      }
    },
    120_000,
  );

  test('a create that is sent again is found', async () => {
    const subject = await serviceNowSubject(sendingAgain);
    try {
      const broken = conformance(subject, { shrinkingMs: 0 }).find(
        ({ name }) => name === 'change_request: a create whose answer was lost is found, never doubled',
      );
      await expect(broken?.run()).rejects.toThrow('succeeded where it had to fail');
    } finally {
      await subject.close();
    }
  });
});
