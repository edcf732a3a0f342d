import { afterEach, beforeAll, afterAll, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { describeFailure, type Failure, type OpenConnector } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';

const site = 'https://acme.atlassian.net';
const config = jira.config.parse({
  site,
  auth: { type: 'basic', email: 'thread@acme.example', apiToken: 'a-very-secret-token' },
  streams: { improvement: { jql: 'project = IMP' } },
  project: 'IMP',
  customFields: { rationale: 'Rationale' },
});
const fields = [
  { id: 'summary', name: 'Summary', custom: false, schema: { type: 'string', system: 'summary' } },
  {
    id: 'customfield_10050',
    name: 'Rationale',
    custom: true,
    schema: { type: 'string', custom: 'com.atlassian.jira.plugin.system.customfieldtypes:textarea' },
  },
  { id: 'customfield_10051', name: 'Twice', custom: true, schema: { type: 'string' } },
  { id: 'customfield_10052', name: 'Twice', custom: true, schema: { type: 'string' } },
];
const date = { date: 'Sat, 21 Nov 2026 10:00:00 GMT', 'x-aaccountid': '5b1' };
const json = { 'content-type': 'application/json;charset=UTF-8', ...date };

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => {
  nock.enableNetConnect();
  nock.restore(); // the next file in this process has a nock of its own: two would both answer
});

function open(customFields?: Record<string, string>): { readonly connector: OpenConnector; readonly lines: readonly string[] } {
  const { context, lines } = testContext({ system: 'jira', secrets: ['a-very-secret-token'], retries: 0 });
  return { connector: jira.open(customFields === undefined ? config : { ...config, customFields }, context) as OpenConnector, lines };
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    return error as Failure;
  }
  throw new Error('it did not fail');
}

const ask = { since: '2026-01-01T00:00:00.000Z', pageSize: 50 };
const me = (): nock.Scope => nock(site).get('/rest/api/3/myself').reply(200, { accountId: '5b1', displayName: 'Thread' }, json);
// Asked again where no issue holds a field at all.
const catalogue = (): nock.Scope => nock(site).persist().get('/rest/api/3/field').reply(200, fields, json);
const strict = (errors: readonly string[] = []): nock.Scope =>
  nock(site)
    .post('/rest/api/3/jql/parse')
    .query({ validation: 'strict' })
    .reply(200, { queries: [{ query: 'x', errors }] }, json);

describe('speaking to Jira', () => {
  test('credentials that Jira answers as for an anonymous caller stop the run before anything is read', async () => {
    nock(site)
      .get('/rest/api/3/myself')
      .reply(401, { errorMessages: ['Client must be authenticated to access this resource.'], errors: {} }, json);
    const { connector, lines } = open();
    const failure = await failureOf(connector.streams[0]!.read(undefined, ask));
    expect(failure.kind).toBe('auth');
    expect(describeFailure(failure)).toMatch(/refused the credentials[\s\S]*API token/);
    expect(lines.join('') + describeFailure(failure)).not.toContain('a-very-secret-token');
  });

  test('a token without the scope is told apart from a wrong token', async () => {
    nock(site).get('/rest/api/3/myself').reply(401, { code: 401, message: 'Unauthorized; scope does not match' }, json);
    const failure = await failureOf(open().connector.streams[0]!.read(undefined, ask));
    expect(describeFailure(failure)).toMatch(/lacks a scope[\s\S]*read:jira-work/);
  });

  test('a query with an unknown field stops the stream instead of finding nothing', async () => {
    me();
    strict(["Field 'statuss' does not exist or you do not have permission to view it."]);
    const failure = await failureOf(open().connector.streams[0]!.read(undefined, ask));
    expect(failure.kind).toBe('config');
    expect(describeFailure(failure)).toContain('statuss');
  });

  test('an answer that differs from the published schema is used all the same, and noted for those who debug', async () => {
    me();
    strict();
    catalogue();
    nock(site)
      .post('/rest/api/3/search/jql', (body: { readonly nextPageToken?: string }) => body.nextPageToken === undefined)
      .reply(
        200,
        {
          issues: [{ id: '10001', key: 'IMP-1', self: 17, fields: { summary: 'a', updated: '2026-11-21T10:00:00.000+0100' } }],
          isLast: 'yes',
        },
        json,
      );
    const { connector, lines } = open();
    const page = await connector.streams[0]!.read(undefined, ask);
    expect(page.records[0]).toMatchObject({ number: 'IMP-1', updatedAt: '2026-11-21T09:00:00.000Z', url: `${site}/browse/IMP-1` });
    expect(lines.filter((line) => line.includes('published schema') && line.includes('debug'))).toHaveLength(1);
  });

  test('a write carries a content type although it may have no body, and an empty 204 is success', async () => {
    catalogue();
    nock(site, { reqheaders: { 'content-type': /^application\/json/ } })
      .put('/rest/api/3/issue/10001')
      .reply(204, undefined, date);
    nock(site)
      .get('/rest/api/3/issue/10001')
      .query(true)
      .reply(200, { id: '10001', key: 'IMP-1', fields: { summary: 'new', updated: '2026-11-21T10:00:00.000+0000' } }, json);
    const receipt = await open().connector.sink!.update('issue', '10001', { summary: 'new' });
    expect(receipt).toMatchObject({ differences: [], at: expect.stringMatching(/^2026-11-21T/) });
  });

  test('an id that could lead to another address is refused before anything is sent', async () => {
    catalogue();
    const failure = await failureOf(open().connector.sink!.read('issue', '1/../../../2/serverInfo?x=#'));
    expect(failure.kind).toBe('record');
  });

  test("a field that is not on the screen is named in Jira's words, with the remedy", async () => {
    catalogue();
    nock(site)
      .put('/rest/api/3/issue/10001')
      .reply(
        400,
        {
          errorMessages: [],
          errors: { customfield_10050: "Field 'customfield_10050' cannot be set. It is not on the appropriate screen, or unknown." },
        },
        json,
      );
    const failure = await failureOf(open().connector.sink!.update('issue', '10001', { rationale: 'because' }));
    expect(failure).toMatchObject({ kind: 'record', details: { committed: 'no' } });
    expect(describeFailure(failure)).toMatch(/customfield_10050[\s\S]*screens/);
  });

  test.each([
    ['names no field', { effort: 'Effort' }, /customFields\.effort: Jira has no field "Effort"/],
    ['names several', { twice: 'Twice' }, /customFields\.twice: several fields .*customfield_10051, customfield_10052/],
    ['hides a field of Jira', { summary: 'Rationale' }, /customFields\.summary: Jira has a field of its own/],
  ])('an alias that %s is a matter of configuration', async (_why, customFields: Record<string, string>, message) => {
    catalogue();
    const failure = await failureOf(open(customFields).connector.streams[0]!.fields());
    expect(failure.kind).toBe('config');
    expect(failure.message).toMatch(message);
  });

  test('a page of HTML is not data', async () => {
    nock(site)
      .get('/rest/api/3/myself')
      .reply(200, '<html>Log in</html>', { 'content-type': 'text/html', ...date });
    expect((await failureOf(open().connector.streams[0]!.read(undefined, ask))).kind).not.toBe('record');
  });

  test('an issue that cannot be read is set aside with the reason for each field; its page lives', async () => {
    me();
    strict();
    catalogue();
    nock(site)
      .post('/rest/api/3/search/jql')
      .reply(
        200,
        {
          issues: [
            { id: '1', key: 'IMP-1', fields: { summary: { broken: true }, updated: '2026-11-21T08:00:00.000+0000' } },
            { id: '2', key: 'IMP-2', fields: { summary: 'lone \ud800 surrogate and \u0000 NUL', updated: '2026-11-21T08:00:01.000+0000' } },
          ],
        },
        json,
      );
    const page = await open().connector.streams[0]!.read(undefined, ask);
    expect(page.rejected).toMatchObject([{ key: '1', problems: [expect.stringMatching(/^summary: expected text/)] }]);
    expect(page.records[0]?.data['summary']).toBe('lone \ufffd surrogate and  NUL');
  });
});

describe('configuration', () => {
  const auth = { type: 'bearer', token: 'abcdef' };
  test.each([
    ['a query with an order of its own', { site, auth, streams: { a: { jql: 'project = A ORDER BY key' } } }, /ORDER BY/],
    ['an unknown setting', { site, auth, pagesize: 5 }, /pagesize/],
    ['a gateway address without the address for people', { site: 'https://api.atlassian.com/ex/jira/abc', auth }, /browseUrl/],
    ['a site with a password in it', { site: 'https://u:p@acme.atlassian.net', auth }, /without user/],
    ['a label prefix with a blank', { site, auth, labelPrefix: 'golden thread' }, /blanks/],
  ])('%s is refused with the place', (_what, given, message) => {
    const parsed = jira.config.safeParse(given);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toMatch(message);
  });
});
