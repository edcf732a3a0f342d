import { afterAll, describe, expect, test } from '@jest/globals';
import type { Connector, Cursor, Instant, Json, OpenConnector, Page, SourceRecord, Stream } from 'golden-thread/kit';
import { conformance } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { JiraConfig } from '../../connectors/jira/config.js';
import type { Via } from '../../connectors/jira/data-center/via.js';
import { rowOf } from '../../connectors/jira/issue-record.js';
import { askedFields } from '../../connectors/jira/issue-stream.js';
import { type Jira, openJira } from '../../connectors/jira/jira.js';
import { IssueAnswer } from '../../connectors/jira/wire.js';
import { sendingAgain, swallowing } from './broken-parts.js';
import { dataCenterSubject } from './jira-data-center-subject.js';

/** The bugs that public readers of Jira Server and Data Center have, built from the connector's own parts. */
type Read = Stream['read'];
type Break = (jira: Jira, read: Read) => Read;

interface Found {
  readonly records: readonly SourceRecord[];
  readonly total: number;
  readonly remoteNow: Instant;
}

async function search(of: Jira, jql: string, startAt: number, maxResults: number): Promise<Found> {
  const frame = await of.frame('improvement');
  const body = {
    jql: `project = IMP AND ${jql} ORDER BY updated ASC, key ASC`,
    startAt,
    maxResults,
    fields: askedFields(frame.fields),
  };
  const { value, remoteNow } = await of.client.ask({
    send: async (_api, via) => (await (via as unknown as Via)({ method: 'POST', path: '/search', body })).body,
    answer: IssueAnswer,
    effect: 'read',
  });
  const rows = (value['issues'] as readonly Json[]).map((issue) => rowOf(issue, frame));
  return {
    records: rows.flatMap((row) => ('record' in row ? [row.record] : [])),
    total: Number(value['total']),
    remoteNow: remoteNow ?? '',
  };
}

const textIn = (cursor: Cursor | undefined, name: string): string | undefined => {
  const value = cursor?.[name];
  return typeof value === 'string' ? value : undefined;
};

const pageOf = ({ records, remoteNow }: Found, cursor: Cursor, end?: Instant): Page => ({
  records,
  rejected: [],
  remoteNow,
  cursor,
  done: end !== undefined,
  ...(end !== undefined && { completeTo: end }),
});

/** An issue that is touched moves to the end of the result, and those behind it move up across the border of the page. */
const byOffset: Break = (of) => async (cursor, ask) => {
  const from = textIn(cursor, 'from') ?? ask.since;
  const startAt = Number(textIn(cursor, 'startAt') ?? 0);
  const found = await search(of, `updated >= ${Date.parse(from)}`, startAt, ask.pageSize);
  const latest = found.records.at(-1)?.updatedAt ?? textIn(cursor, 'latest') ?? from;
  const next = startAt + found.records.length;
  const isEnd = next >= found.total || found.records.length === 0;
  return isEnd ? pageOf(found, { from: latest }, latest) : pageOf(found, { from, startAt: String(next), latest });
};

/** Issues that share their stamp with the last one read are behind it for ever. */
const strictlyLater: Break = (of) => async (cursor, ask) => {
  const last = textIn(cursor, 'last');
  const clause = last === undefined ? `updated >= ${Date.parse(ask.since)}` : `updated > ${Date.parse(last)}`;
  const found = await search(of, clause, 0, ask.pageSize);
  const next = found.records.at(-1)?.updatedAt ?? last ?? ask.since;
  return pageOf(found, { last: next }, found.total <= found.records.length ? next : undefined);
};

/** The administrator's maximum is below what is asked for: every page is shorter than wanted. */
const shortIsLast: Break = (of) => async (cursor, ask) => {
  const startAt = Number(textIn(cursor, 'startAt') ?? 0);
  const found = await search(of, 'updated >= 1577836800000', startAt, ask.pageSize);
  const isEnd = found.records.length < ask.pageSize;
  return pageOf(found, { startAt: String(startAt + found.records.length) }, isEnd ? found.remoteNow : undefined);
};

/** Where it stands is remembered before what it read is saved: a crash in between loses the page. */
let remembered: Cursor | undefined;
const cursorFirst: Break = (_jira, read) => async (cursor, ask) => {
  if (cursor === undefined) remembered = undefined;
  const page = await read(remembered, ask);
  remembered = page.cursor;
  return page;
};

/** The latest stamp seen is taken for "everything before it was read": what the index shows late is behind it. */
const withoutSettling: Break = (_jira, read) => (cursor, ask) => read(cursor, { ...ask, settleMs: 0 });

/** The last stamp as a date of JQL in UTC, whatever the zone of the account: the bug that most public readers have had. */
const inTheWrongZone: Break = (of) => async (cursor, ask) => {
  const last = textIn(cursor, 'last') ?? ask.since;
  const found = await search(of, `updated >= "${last.slice(0, 16).replace('T', ' ')}"`, 0, 50);
  const next = found.records.at(-1)?.updatedAt ?? last;
  return pageOf(found, { last: next }, found.total <= found.records.length ? next : undefined);
};

function broken(how: Break): Connector {
  const whole = jira as Connector;
  return {
    ...whole,
    open(config, context): OpenConnector {
      const open = whole.open(config, context);
      const of = openJira(JiraConfig.parse(config), context);
      return { ...open, streams: open.streams.map((stream) => ({ ...stream, read: how(of, (cursor, ask) => stream.read(cursor, ask)) })) };
    },
  };
}

/** How each bug is built, the case that must catch it, the settle time in milliseconds, and the zone of the account. */
const bugs: readonly (readonly [string, Break, RegExp, number, string])[] = [
  ['paging by offset', byOffset, /edits between two pages/, 2_000, 'UTC'],
  ['a strict "later than" the last stamp', strictlyLater, /share a second with the page border/, 2_000, 'UTC'],
  ['a short page taken for the last', shortIsLast, /whatever the page size/, 2_000, 'UTC'],
  ['the cursor remembered before the data is saved', cursorFirst, /crash before or after any page/, 2_000, 'UTC'],
  ['an error taken for the end', (_jira, read) => swallowing(read), /an error on any page of a run/, 2_000, 'UTC'],
  ['no settle time', withoutSettling, /becomes readable late/, 300_000, 'UTC'],
  ['dates in the zone of nobody', inTheWrongZone, /edits between two pages/, 2_000, 'America/New_York'],
];

describe('a reader of Data Center fails the suite within its default runs with', () => {
  for (const [name, how, caught, settleMs, timeZone] of bugs) {
    const subject = dataCenterSubject({ settleMs, timeZone, switches: { searchMaximum: 5, searchRenders: 'store' } }, broken(how));
    afterAll(() => subject.close());
    const cases = conformance(subject, { shrinkingMs: 0 }).filter((one) => caught.test(one.name));
    test(
      name,
      async () => {
        expect(cases).toHaveLength(1);
        await expect(cases[0]?.run()).rejects.toThrow(/lost|did not arrive|arrived as nothing|never seen|complete, and it is not/);
      },
      120_000,
    );
  }
});

test('a create that is sent again fails the case that names it', async () => {
  const whole = jira as Connector;
  const again: Connector = { ...whole, open: (config, context) => sendingAgain(whole.open(config, context)) };
  const subject = dataCenterSubject({ settleMs: 2_000 }, again);
  try {
    const broken = conformance(subject, { shrinkingMs: 0 }).find(
      ({ name }) => name === 'issue: a create whose answer was lost is found, never doubled',
    );
    await expect(broken?.run()).rejects.toThrow('succeeded where it had to fail');
  } finally {
    await subject.close();
  }
});
