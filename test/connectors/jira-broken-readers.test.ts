import { afterAll, describe, expect, test } from '@jest/globals';
import type { Connector, Cursor, Instant, OpenConnector, Page, ReadAsk, SourceRecord, Stream } from 'golden-thread/kit';
import { conformance } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { JiraConfig } from '../../connectors/jira/config.js';
import { rowOf } from '../../connectors/jira/issue-record.js';
import { askedFields } from '../../connectors/jira/issue-stream.js';
import { type Jira, openJira } from '../../connectors/jira/jira.js';
import { SearchAnswer } from '../../connectors/jira/wire.js';
import { jiraSubject } from './jira-subject.js';
import { attachingBlindly, hashingNames, sendingAgain, swallowing } from './broken-parts.js';

/** The bugs that public Jira readers have, built from the connector's own parts. */
type Read = Stream['read'];
type Break = (jira: Jira, read: Read) => Read;

interface Found {
  readonly records: readonly SourceRecord[];
  readonly token: string | undefined;
  readonly remoteNow: Instant;
}

async function search(of: Jira, jql: string, maxResults: number, nextPageToken?: string): Promise<Found> {
  const frame = await of.frame('improvement');
  const { value, remoteNow } = await of.client.ask({
    send: (api, via) =>
      api.searchAndReconsileIssuesUsingJqlPost(via, {
        jql: `project = IMP AND ${jql} ORDER BY updated ASC, key ASC`,
        fields: askedFields(frame.fields),
        maxResults,
        ...(nextPageToken !== undefined && { nextPageToken }),
      }),
    answer: SearchAnswer,
    effect: 'read',
  });
  const rows = value.issues.map((issue) => rowOf(issue, frame));
  return {
    records: rows.flatMap((row) => ('record' in row ? [row.record] : [])),
    token: value.nextPageToken ?? undefined,
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

/** Issues that share their stamp with the last one read are behind it for ever. */
const strictlyLater: Break = (of) => async (cursor, ask) => {
  const last = textIn(cursor, 'last');
  const found = await search(
    of,
    last === undefined ? `updated >= ${Date.parse(ask.since)}` : `updated > ${Date.parse(last)}`,
    ask.pageSize,
  );
  const next = found.records.at(-1)?.updatedAt ?? last ?? ask.since;
  return pageOf(found, { last: next }, found.token === undefined ? next : undefined);
};

/** Where the token is an offset underneath, an issue that is touched moves to the end and those behind it move up across the page's border. */
const byToken: Break = (of) => async (cursor, ask) => {
  const from = textIn(cursor, 'from') ?? ask.since;
  const found = await search(of, `updated >= ${Date.parse(from)}`, ask.pageSize, textIn(cursor, 'token'));
  const latest = found.records.at(-1)?.updatedAt ?? textIn(cursor, 'latest') ?? from;
  return found.token === undefined ? pageOf(found, { from: latest }, latest) : pageOf(found, { from, token: found.token, latest });
};

/** Where it stands is remembered before what it read is saved: a crash in between loses the page. */
let remembered: Cursor | undefined;
const cursorFirst: Break =
  (_jira, read) =>
  async (cursor: Cursor | undefined, ask: ReadAsk): Promise<Page> => {
    if (cursor === undefined) remembered = undefined;
    const page = await read(remembered, ask);
    remembered = page.cursor;
    return page;
  };

/** A page of issues that the account may not see looks like the end. */
const untilEmpty: Break = (of) => async (cursor, ask) => {
  const from = textIn(cursor, 'from') ?? ask.since;
  const found = await search(of, `updated >= ${Math.floor(Date.parse(from) / 60_000) * 60_000}`, ask.pageSize, textIn(cursor, 'token'));
  const latest = found.records.at(-1)?.updatedAt ?? textIn(cursor, 'latest') ?? from;
  const isEnd = found.token === undefined || found.records.length === 0;
  return isEnd ? pageOf(found, { from: latest }, latest) : pageOf(found, { from, token: found.token ?? '', latest });
};

/** The latest stamp seen is taken for "everything before it was read": what the index shows late is behind it. */
const withoutSettling: Break = (_jira, read) => (cursor, ask) => read(cursor, { ...ask, settleMs: 0 });

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

/** How each bug is built, the case that must catch it, and the settle time in milliseconds: a long one reads so much again that it heals most bugs. */
const bugs: readonly (readonly [string, Break, RegExp, number])[] = [
  ['a strict "later than" the last stamp', strictlyLater, /share a second with the page border/, 2_000],
  ['following page tokens', byToken, /edits between two pages/, 2_000],
  ['the cursor remembered before the data is saved', cursorFirst, /crash before or after any page/, 2_000],
  ['an empty page taken for the end', untilEmpty, /rows that may not be read do not hide/, 2_000],
  ['an error taken for the end', (_jira, read) => swallowing(read), /an error on any page of a run/, 2_000],
  ['no settle time', withoutSettling, /becomes readable late/, 300_000],
];

describe('a Jira reader fails the suite within its default runs with', () => {
  for (const [name, how, caught, settleMs] of bugs) {
    const subject = jiraSubject({ tokenSemantics: 'offset', filterAfterPage: true }, settleMs, broken(how));
    afterAll(() => subject.close());
    const cases = conformance(subject, { shrinkingMs: 0 }).filter((one) => caught.test(one.name));
    test(
      name,
      async () => {
        expect(cases).toHaveLength(1);
        await expect(cases[0]?.run()).rejects.toThrow(/lost|did not arrive|complete, and it is not/);
      },
      120_000,
    );
  }
});

test('a create that is sent again fails the case that names it', async () => {
  const whole = jira as Connector;
  const again: Connector = { ...whole, open: (config, context) => sendingAgain(whole.open(config, context)) };
  const subject = jiraSubject({ tokenSemantics: 'offset' }, 2_000, again);
  try {
    const broken = conformance(subject, { shrinkingMs: 0 }).find(
      ({ name }) => name === 'issue: a create whose answer was lost is found, never doubled',
    );
    await expect(broken?.run()).rejects.toThrow('succeeded where it had to fail');
  } finally {
    await subject.close();
  }
});

test('a file that is sent without a look at what is there fails the cases that name it', async () => {
  const whole = jira as Connector;
  const blind: Connector = { ...whole, open: (config, context) => attachingBlindly(whole.open(config, context)) };
  const subject = jiraSubject({ tokenSemantics: 'offset' }, 2_000, blind);
  try {
    const cases = conformance(subject, { shrinkingMs: 0 }).filter(({ name }) => name.startsWith('issue: a file is attached once'));
    expect(cases).toHaveLength(2);
    for (const broken of cases) await expect(broken.run()).rejects.toThrow(/is there \d+ times/);
  } finally {
    await subject.close();
  }
});

test('files that are told without a look at what they hold fail the case that names it', async () => {
  const whole = jira as Connector;
  const unread: Connector = { ...whole, open: (config, context) => hashingNames(whole.open(config, context)) };
  const subject = jiraSubject({ tokenSemantics: 'offset' }, 2_000, unread);
  try {
    const broken = conformance(subject, { shrinkingMs: 0 }).find(
      ({ name }) => name === 'issue: where the connector reads files, each has the digest of what it holds',
    );
    await expect(broken?.run()).rejects.toThrow('holds another content');
  } finally {
    await subject.close();
  }
});
