import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SearchPage, type Site, accountIds, improvement, paragraph, startSite } from './jira-simulator-client.js';

let site: Site;

beforeEach(async () => {
  site = await startSite();
  await site.control.insert([
    { project: 'IMP', summary: 'one' },
    { project: 'IMP', summary: 'two' },
    { project: 'IMP', summary: 'three' },
  ]);
});

afterEach(() => site.close());

const missing = { errorMessages: ['Issue does not exist or you do not have permission to see it.'], errors: {} };

describe('a deleted and a hidden issue', () => {
  test('are answered alike, and like one that never was', async () => {
    await site.control.remove('IMP-1');
    await site.control.hide('IMP-2', accountIds.bot);
    for (const key of ['IMP-1', 'IMP-2', 'IMP-99', '424242']) {
      const answer = await site.send('GET', `/issue/${key}`);
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual(missing);
      expect((await site.send('POST', `/issue/${key}/comment`, { body: paragraph('x') })).status).toBe(404);
    }
    const bulk = await site.send('POST', '/issue/bulkfetch', { issueIdsOrKeys: ['IMP-3', 'IMP-1', '10002'], fields: ['summary'] });
    expect(bulk.body).toMatchObject({
      issues: [{ key: 'IMP-3' }],
      issueErrors: [
        { id: 'IMP-1', errorMessage: missing.errorMessages[0] },
        { id: '10002', errorMessage: missing.errorMessages[0] },
      ],
    });
    expect(await site.find('project = IMP')).toEqual(['IMP-3']);
  });

  test('differ in that the hidden one is there for others, and comes back', async () => {
    await site.control.hide('IMP-2', accountIds.bot);
    expect((await site.send('GET', '/issue/IMP-2', undefined, 'owner')).status).toBe(200);
    expect(await site.find('project = IMP ORDER BY key', 'owner')).toEqual(['IMP-1', 'IMP-2', 'IMP-3']);
    await site.control.show('IMP-2', accountIds.bot);
    expect((await site.send('GET', '/issue/IMP-2')).status).toBe(200);
  });

  test('a security level keeps an issue from those who are no member of it', async () => {
    await site.control.edit('IMP-1', { by: 'Marcus Feld', fields: { security: 'Restricted' } });
    expect((await site.send('GET', '/issue/IMP-1', undefined, 'outsider')).status).toBe(404);
    expect(await site.get('/issue/IMP-1?fields=security')).toMatchObject({ fields: { security: { name: 'Restricted' } } });
  });
});

describe('a moved issue', () => {
  test('keeps its id, is found by its old key, and says in its history what happened', async () => {
    await site.control.insert([{ project: 'AUD', summary: 'zero' }]);
    const moved = await site.control.move('IMP-2', 'AUD', 'Marcus Feld');
    expect(moved).toMatchObject({ id: '10002', key: 'AUD-2', formerKeys: ['IMP-2'], type: 'Audit Finding', status: 'Open' });
    for (const key of ['IMP-2', 'AUD-2', 'aud-2', '10002'])
      expect(await site.get(`/issue/${key}?fields=project`)).toMatchObject({ id: '10002', key: 'AUD-2' });
    const bulk = await site.send('POST', '/issue/bulkfetch', { issueIdsOrKeys: ['IMP-2'], fields: ['project'] });
    expect(bulk.body).toMatchObject({ issues: [{ key: 'AUD-2', fields: { project: { key: 'AUD' } } }], issueErrors: [] });
    expect(await site.find('project = IMP ORDER BY key')).toEqual(['IMP-1', 'IMP-3']);
    expect(await site.get('/issue/10002/changelog')).toMatchObject({
      values: [
        {
          author: { accountId: accountIds.approver },
          items: [
            { field: 'project', fromString: 'Improvements', toString: 'Audit' },
            { field: 'Key', fromString: 'IMP-2', toString: 'AUD-2' },
            { field: 'issuetype' },
            { field: 'status', fromString: 'Proposed', toString: 'Open' },
          ],
        },
      ],
    });
  });
});

describe('credentials', () => {
  const statusOf = async (authorization: string | undefined, path: string): Promise<number> =>
    (await fetch(`${site.url}/rest/api/3${path}`, authorization === undefined ? {} : { headers: { authorization } })).status;

  test('are an e-mail with its token, or the token as bearer', async () => {
    expect(await statusOf('Bearer bot-token', '/myself')).toBe(200);
    expect(await site.get('/myself')).toMatchObject({
      accountId: accountIds.bot,
      emailAddress: 'bot@example.com',
      timeZone: 'UTC',
      accountType: 'atlassian',
    });
  });

  test.each([
    ['a wrong token', `Basic ${btoa('bot@example.com:wrong')}`],
    ["another account's token", `Basic ${btoa('bot@example.com:owner-token')}`],
    ["a deactivated account's token", `Basic ${btoa('inactive@example.com:inactive-token')}`],
    ['an unknown bearer token', 'Bearer nothing'],
  ])('%s is refused', async (_, authorization) => {
    expect(await statusOf(authorization, '/issue/IMP-1')).toBe(401);
    expect(await statusOf(authorization, '/serverInfo')).toBe(401);
  });

  test('none at all sees nothing: an empty search, no issue, no self', async () => {
    expect((await site.send('POST', '/search/jql', { jql: 'project = IMP' }, null)).body).toEqual({ issues: [], isLast: true });
    expect((await site.send('POST', '/search/jql', { jql: 'statusCategory = new' }, null)).body).toEqual({ issues: [], isLast: true });
    expect((await site.send('GET', '/issue/IMP-1', undefined, null)).status).toBe(404);
    expect((await site.send('GET', '/myself', undefined, null)).status).toBe(401);
    expect((await site.send('GET', '/serverInfo', undefined, null)).status).toBe(200);
  });

  test('that are wrong may be taken for none, silently', async () => {
    await site.control.switches({ wrongCredentials: 'anonymous' });
    const response = await fetch(`${site.url}/rest/api/3/search/jql?jql=project%3DIMP`, { headers: { authorization: 'Bearer nothing' } });
    expect(response.status).toBe(200);
    expect(((await response.json()) as SearchPage).issues).toEqual([]);
    expect(await statusOf('Bearer nothing', '/myself')).toBe(401);
  });
});

describe('permissions', () => {
  test('are told per key, and refused where they are missing', async () => {
    await site.control.people({ email: 'bot@example.com', deny: ['EDIT_ISSUES', 'TRANSITION_ISSUES'] });
    expect(await site.get('/mypermissions?projectKey=IMP&permissions=EDIT_ISSUES,BROWSE_PROJECTS')).toMatchObject({
      permissions: { EDIT_ISSUES: { havePermission: false }, BROWSE_PROJECTS: { havePermission: true } },
    });
    expect((await site.send('PUT', '/issue/IMP-1', { fields: { summary: 'x' } })).status).toBe(403);
    expect(await site.get('/issue/IMP-1/transitions')).toMatchObject({ transitions: [] });
  });

  test.each([
    ['/mypermissions', ["The 'permissions' query parameter is required."], {}],
    ['/mypermissions?permissions=LAUNCH_ROCKETS', [], { LAUNCH_ROCKETS: 'Unrecognized permission' }],
  ])('%s is refused', async (path, errorMessages, errors) => {
    const answer = await site.send('GET', path);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ errorMessages, errors });
  });

  test('a project that may no longer be browsed is as good as gone', async () => {
    await site.control.people({ email: 'bot@example.com', blind: ['IMP'] });
    expect((await site.send('GET', '/project/IMP')).body).toEqual({
      errorMessages: ["No project could be found with key 'IMP'."],
      errors: {},
    });
    expect(await site.find('project = IMP')).toEqual([]);
    expect((await site.send('GET', '/issue/IMP-1')).status).toBe(404);
    const answer = await site.send('POST', '/issue', { fields: { ...improvement, summary: 'x' } });
    expect(answer.body).toEqual({ errorMessages: [], errors: { project: 'Specify a valid project ID or key' } });
  });
});

describe('people', () => {
  test('are found for an assignment only while they are active and people', async () => {
    const found = await site.get<readonly { displayName: string; emailAddress?: string }[]>('/user/assignable/search?project=IMP');
    expect(found.map((person) => person.displayName)).toEqual(['golden-thread', 'Priya Raman', 'Marcus Feld', 'Dana Whitlock']);
    expect(found[1]).not.toHaveProperty('emailAddress');
    expect(await site.get('/user/assignable/search?project=IMP&query=priya')).toHaveLength(1);
  });

  test('are told apart: person or app, active or not', async () => {
    expect(await site.get(`/user?accountId=${encodeURIComponent(accountIds.inactive)}`)).toMatchObject({
      active: false,
      accountType: 'atlassian',
    });
    expect(await site.get('/user/search?query=automation')).toMatchObject([{ accountType: 'app' }]);
  });

  test('see times in their own zone', async () => {
    expect(await site.get('/issue/IMP-1?fields=created', 'approver')).toMatchObject({
      fields: { created: '2026-01-01T01:00:00.000+0100' },
    });
    expect(await site.get('/issue/IMP-1?fields=created', 'outsider')).toMatchObject({
      fields: { created: '2025-12-31T19:00:00.000-0500' },
    });
  });
});
