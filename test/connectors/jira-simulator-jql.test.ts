import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Site, accountIds, startMs, startSite } from './jira-simulator-client.js';

let site: Site;

/** Four findings and one improvement, a day apart, the oldest ten days before the clock. */
beforeAll(async () => {
  site = await startSite();
  const day = (n: number): string => new Date(startMs - n * 86_400_000).toISOString();
  await site.control.insert([
    {
      project: 'AUD',
      summary: 'Backup restore was never rehearsed',
      description: 'Evidence is missing',
      fields: {
        Severity: 'Major',
        labels: ['backup', 'iso'],
        assignee: 'Priya Raman',
        priority: 'High',
        Clause: '8.7.2 continuity',
        duedate: '2026-02-01',
      },
      updated: day(10),
    },
    {
      project: 'AUD',
      summary: 'Access review is late',
      fields: { Severity: 'Minor', labels: ['iso'], priority: 'Low' },
      status: 'In Progress',
      updated: day(9),
    },
    {
      project: 'AUD',
      summary: 'Old policy on the portal',
      fields: { Severity: 'Observation', components: ['VPN'] },
      status: 'Closed',
      updated: day(8),
    },
    {
      project: 'AUD',
      summary: 'Restore of the test bench',
      fields: { Severity: 'Minor', labels: ['ISO'], assignee: 'Marcus Feld' },
      updated: day(7),
    },
  ]);
  await site.control.insert([
    {
      project: 'IMP',
      summary: 'Rehearse restores',
      fields: { 'Rate reduction target %': 30, 'Review date': '2026-03-01', parent: 'AUD-1' },
      updated: day(6),
    },
  ]);
});

afterAll(() => site.close());

describe('a query finds what Jira would find', () => {
  test.each([
    ['project = AUD', ['AUD-4', 'AUD-3', 'AUD-2', 'AUD-1']],
    ['project = "Audit" ORDER BY key', ['AUD-1', 'AUD-2', 'AUD-3', 'AUD-4']],
    ['project in (AUD, IMP) AND NOT project = AUD', ['IMP-1']],
    ['issuetype = "Audit Finding" AND status = open ORDER BY key', ['AUD-1', 'AUD-4']],
    ['type = Improvement', ['IMP-1']],
    ['statusCategory = Done', ['AUD-3']],
    ['statusCategory != Done AND project = AUD ORDER BY key', ['AUD-1', 'AUD-2', 'AUD-4']],
    ['status not in (Open, Closed) AND project = AUD', ['AUD-2']],
    ['labels = iso ORDER BY key', ['AUD-1', 'AUD-2']],
    ['labels in (backup, ISO) ORDER BY key', ['AUD-1', 'AUD-4']],
    ['labels is EMPTY ORDER BY key', ['AUD-3', 'IMP-1']],
    ['labels != backup ORDER BY key', ['AUD-2', 'AUD-4']],
    ['(labels != backup OR labels is EMPTY) AND project = AUD ORDER BY key', ['AUD-2', 'AUD-3', 'AUD-4']],
    ['key = AUD-2', ['AUD-2']],
    ['issuekey in (AUD-2, IMP-1) ORDER BY id', ['AUD-2', 'IMP-1']],
    ['id = 10003', ['AUD-3']],
    ['id > 10003 ORDER BY id', ['AUD-4', 'IMP-1']],
    ['key >= AUD-3 ORDER BY key', ['AUD-3', 'AUD-4']],
    [`assignee = "${accountIds.owner}"`, ['AUD-1']],
    ['assignee is not EMPTY ORDER BY key', ['AUD-1', 'AUD-4']],
    ['assignee != "Priya Raman"', ['AUD-4']],
    ['reporter = currentUser()', []],
    ['priority = High', ['AUD-1']],
    ['priority >= High', ['AUD-1']],
    ['priority < Medium', ['AUD-2']],
    ['resolution = Unresolved AND project = IMP', ['IMP-1']],
    ['summary ~ restore ORDER BY key', ['AUD-1', 'AUD-4']],
    ['summary ~ "restore rehearsed"', ['AUD-1']],
    ['summary ~ "rest*" ORDER BY key', ['AUD-1', 'AUD-4', 'IMP-1']],
    ['summary ~ "\\"of the test\\""', ['AUD-4']],
    ['text ~ evidence', ['AUD-1']],
    ['summary !~ restore AND project = AUD ORDER BY key', ['AUD-2', 'AUD-3']],
    ['Severity = Minor ORDER BY key', ['AUD-2', 'AUD-4']],
    ['cf[10057] in (Major, Observation) ORDER BY key', ['AUD-1', 'AUD-3']],
    ['Clause ~ continuity', ['AUD-1']],
    ['"Rate reduction target %" >= 30', ['IMP-1']],
    ['"Review date" > 2026-02-01', ['IMP-1']],
    ['due <= "2026-02-01"', ['AUD-1']],
    ['component = VPN', ['AUD-3']],
    ['parent = AUD-1', ['IMP-1']],
    ['updated >= -8d ORDER BY updated ASC, key ASC', ['AUD-3', 'AUD-4', 'IMP-1']],
    ['updated < "-1w 1d" ORDER BY updated', ['AUD-1', 'AUD-2']],
    ['updated >= startOfDay(-7d) ORDER BY key', ['AUD-4', 'IMP-1']],
    [`updated >= ${startMs - 7 * 86_400_000} ORDER BY key`, ['AUD-4', 'IMP-1']],
    [`updated > ${startMs - 7 * 86_400_000} ORDER BY key`, ['IMP-1']],
    ['updated >= "2025-12-25 00:00" ORDER BY key', ['AUD-4', 'IMP-1']],
    ['updated > "2025/12/25" ORDER BY key', ['IMP-1']],
    ['created <= now() AND project = IMP', ['IMP-1']],
    ['project = AUD AND (status = Closed OR priority = High) ORDER BY key', ['AUD-1', 'AUD-3']],
    ['project = AUD AND status = Closed OR project = IMP ORDER BY project, key', ['AUD-3', 'IMP-1']],
    ['project = AUD ORDER BY priority DESC, key ASC', ['AUD-1', 'AUD-3', 'AUD-4', 'AUD-2']],
    ['project = AUD ORDER BY duedate, key DESC', ['AUD-1', 'AUD-4', 'AUD-3', 'AUD-2']],
  ])('%s', async (jql, keys) => {
    expect(await site.find(jql)).toEqual(keys);
  });

  test('a quoted time is read in the zone of whoever asks, an unquoted number is not', async () => {
    const jql = 'project = AUD AND updated >= "2025-12-25 00:00" ORDER BY key';
    expect(await site.find(jql, 'bot')).toEqual(['AUD-4']);
    expect(await site.find(jql, 'outsider')).toEqual([]); // five hours later in New York
    expect(await site.find('project = AUD AND updated >= "2025-12-24 19:00" ORDER BY key', 'outsider')).toEqual(['AUD-4']);
    expect(await site.find(`project = AUD AND updated >= ${startMs - 7 * 86_400_000}`, 'outsider')).toEqual(['AUD-4']);
  });

  test('a comment is found by its words', async () => {
    await site.control.edit('AUD-3', { by: 'Marcus Feld', comment: 'The auditor agreed in a phonecall' });
    expect(await site.find('text ~ phonecall')).toEqual(['AUD-3']);
  });
});

describe('a query that cannot be read is refused in the words of Jira', () => {
  test.each([
    ['project = PUB AND', 'Error in the JQL Query: Expecting a field name at the end of the query.'],
    ['project =', 'Error in JQL Query: Expecting either a value, list or function before the end of the query.'],
    [
      'project = PUB AND status = = Open',
      "Error in JQL Query: Expecting either a value, list or function but got '='. You must surround '=' in quotation marks to use it as a value. (line 1, character 28)",
    ],
    ['project = PUB status', "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'status'. (line 1, character 15)"],
    ['project = PUB AND (status = Open', "Error in the JQL Query: Expecting ')' before the end of the query."],
    ['summary ~ "unclosed', "Error in the JQL Query: The quoted string 'unclosed' has not been completed. (line 1, character 11)"],
    [
      'assignee = bot@example.com',
      "Error in the JQL Query: The character '@' is a reserved JQL character. You must enclose it in a string or use the escape '\\u0040' instead. (line 1, character 15)",
    ],
    ['order by key', 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.'],
    ['', 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.'],
  ])('%s', async (jql, sentence) => {
    const answer = await site.send('POST', '/search/jql', { jql });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ errorMessages: [sentence], errors: {} });
  });

  test('more than seven sort fields are refused', async () => {
    const answer = await site.send('POST', '/search/jql', {
      jql: 'project = AUD ORDER BY key, created, updated, status, priority, summary, assignee, reporter',
    });
    expect(answer.status).toBe(400);
  });
});

describe('a query that names what does not exist', () => {
  const wrong = [
    ['colour = red', "Field 'colour' does not exist or you do not have permission to view it."],
    ['this is not jql', "Field 'this' does not exist or you do not have permission to view it."],
    ['status = Zzqq', "The value 'Zzqq' does not exist for the field 'status'."],
    ['project = NOPE', "The value 'NOPE' does not exist for the field 'project'."],
    ['text = export', "The operator '=' is not supported by the 'text' field."],
    ['key = AUD-999', "An issue with key 'AUD-999' does not exist for field 'key'."],
    ['project = AUD ORDER BY zzfield', "Not able to sort using field 'zzfield'."],
  ] as const;

  test.each(wrong.map(([jql]) => jql))('finds nothing, silently: %s', async (jql) => {
    expect((await site.send('POST', '/search/jql', { jql })).body).toEqual({ issues: [], isLast: true });
  });

  test.each(wrong)('is told by the strict check: %s', async (jql, sentence) => {
    const answer = await site.send('POST', '/jql/parse?validation=strict', { queries: [jql, 'project = AUD'] });
    expect(answer.body).toMatchObject({
      queries: [
        { query: jql, errors: [sentence] },
        { query: 'project = AUD', structure: {} },
      ],
    });
  });

  test('is refused where the site says so', async () => {
    await site.control.switches({ unknownJql: 'error' });
    const answer = await site.send('POST', '/search/jql', { jql: 'updated >= yesterday' });
    await site.control.switches({ unknownJql: 'empty' });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain("Date value 'yesterday' for field 'updated' is invalid");
  });
});
