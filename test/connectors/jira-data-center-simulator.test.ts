import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type JiraControl, jiraControl, type JiraSimulator, startJiraSimulator } from '../../connectors/jira/simulator/index.js';

let simulator: JiraSimulator;
let control: JiraControl;

beforeEach(async () => {
  simulator = await startJiraSimulator({ now: '2026-01-01T00:00:00.000Z', deployment: 'data-center' });
  control = jiraControl(simulator.url);
});
afterEach(() => simulator.close());

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

async function send(method: string, path: string, body?: unknown, authorization: string | null = 'Bearer bot-token'): Promise<Answered> {
  const response = await fetch(`${simulator.url}/rest/api/2${path}`, {
    method,
    headers: { ...(authorization !== null && { authorization }), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : (JSON.parse(text) as Answered['body']) };
}

const improvement = { project: { key: 'IMP' }, issuetype: { name: 'Improvement' }, summary: 'One' };
const pair = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

describe('the simulated Data Center', () => {
  test('takes personal access tokens and passwords, no e-mail addresses, and names the user in a header', async () => {
    const bearer = await send('GET', '/myself');
    expect(bearer.body).toMatchObject({ name: 'bot', key: 'JIRAUSER10001', timeZone: 'UTC' });
    expect(bearer.body).not.toHaveProperty('accountId');
    expect(bearer.headers.get('x-ausername')).toBe('bot');
    expect((await send('GET', '/myself', undefined, pair('owner', 'owner-token'))).body).toMatchObject({ key: 'praman' });
    expect((await send('GET', '/myself', undefined, pair('bot@example.com', 'bot-token'))).status).toBe(401);
    expect((await send('GET', '/serverInfo', undefined, null)).headers.get('x-ausername')).toBe('anonymous');
  });

  test('has no endpoints of Cloud', async () => {
    for (const path of ['/search/jql', '/issue/bulkfetch', '/jql/parse', '/search/approximate-count'])
      expect(await send('POST', path, {})).toMatchObject({ status: 404, body: { 'status-code': 404 } });
    const response = await fetch(`${simulator.url}/rest/api/3/myself`, { headers: { authorization: 'Bearer bot-token' } });
    expect(response.status).toBe(404);
  });

  test("pages a search by startAt over the live result, cut to the administrator's maximum", async () => {
    await control.switches({ searchMaximum: 3 });
    await control.insert(Array.from({ length: 5 }, (_, i) => ({ project: 'IMP', summary: `Number ${i}` })));
    const jql = 'project = IMP ORDER BY key ASC';
    const first = await send('POST', '/search', { jql, maxResults: 100, fields: ['summary'] });
    expect(first.body).toMatchObject({ startAt: 0, maxResults: 3, total: 5 });
    const second = await send('GET', `/search?jql=${encodeURIComponent(jql)}&startAt=3&maxResults=100`);
    expect([first, second].flatMap(({ body }) => (body['issues'] as { readonly key: string }[]).map(({ key }) => key))).toEqual([
      'IMP-1',
      'IMP-2',
      'IMP-3',
      'IMP-4',
      'IMP-5',
    ]);
    expect((await send('POST', '/search', { jql, maxResults: 0 })).body).toMatchObject({ total: 5, issues: [] });
  });

  test('refuses a query that names what does not exist, or with validateQuery false warns and finds nothing', async () => {
    const jql = 'project = NOPE';
    const strict = await send('POST', '/search', { jql });
    expect(strict).toMatchObject({ status: 400, body: { errorMessages: [expect.stringContaining('NOPE')] } });
    const lenient = await send('POST', '/search', { jql, validateQuery: false });
    expect(lenient).toMatchObject({ status: 200, body: { total: 0, warningMessages: [expect.stringContaining('NOPE')] } });
  });

  test('keeps wiki text as it came, up to its limit, and takes people by username', async () => {
    const description = 'h1. Why\n\n* [~owner] said *so*';
    const made = await send('POST', '/issue', { fields: { ...improvement, description, assignee: { name: 'owner' } } });
    expect(made.status).toBe(201);
    const { body } = await send('GET', `/issue/${String(made.body['key'])}`);
    expect(body['fields']).toMatchObject({ description, assignee: { name: 'owner', key: 'praman' } });
    expect(JSON.stringify(body)).not.toContain('/rest/api/3/');
    const long = await send('POST', '/issue', { fields: { ...improvement, description: 'x'.repeat(32_768) } });
    expect(long).toMatchObject({ status: 400, body: { errors: { description: expect.stringContaining('32,767') } } });
    const document = await send('POST', '/issue', { fields: { ...improvement, description: { type: 'doc', version: 1, content: [] } } });
    expect(document.status).toBe(400);
    const byKey = await send('POST', '/issue', { fields: { ...improvement, assignee: { accountId: 'praman' } } });
    expect(byKey.status).toBe(400);
    const inactive = await send('POST', '/issue', { fields: { ...improvement, assignee: { name: 'inactive' } } });
    expect(inactive.body['errors']).toMatchObject({ assignee: expect.stringContaining('cannot be assigned') });
  });

  test('hands the changelog out with the issue, all of it, oldest first, without field ids', async () => {
    const [issue] = await control.insert([{ project: 'IMP', summary: 'One' }]);
    for (let i = 0; i < 60; i += 1) await control.edit(issue!.id, { by: 'owner@example.com', fields: { summary: `Edit ${i}` } });
    const { body } = await send('GET', `/issue/${issue!.key}?expand=changelog&fields=summary`);
    const changelog = body['changelog'] as {
      readonly total: number;
      readonly histories: readonly { readonly author: object; readonly items: readonly object[] }[];
    };
    expect(changelog.total).toBe(60);
    expect(changelog.histories).toHaveLength(60);
    expect(changelog.histories[0]?.items).toEqual([expect.objectContaining({ field: 'summary', toString: 'Edit 0' })]);
    expect(changelog.histories[0]?.items[0]).not.toHaveProperty('fieldId');
    expect(changelog.histories[0]?.author).toMatchObject({ name: 'owner', key: 'praman' });
  });

  test('describes the create screen in pages of values, and 400 for a project that is not there', async () => {
    const types = await send('GET', '/issue/createmeta/IMP/issuetypes');
    expect(types.body).toMatchObject({ total: 1, isLast: true, values: [{ name: 'Improvement' }] });
    const fields = await send('GET', '/issue/createmeta/IMP/issuetypes/10100?maxResults=2');
    expect(fields.body).toMatchObject({ maxResults: 2, isLast: false });
    expect((await send('GET', '/issue/createmeta/NOPE/issuetypes')).status).toBe(400);
  });

  test('finds users by key, username and parts of what they are called', async () => {
    expect((await send('GET', '/user?username=approver')).body).toMatchObject({ key: 'JIRAUSER10003' });
    expect((await send('GET', '/user?key=JIRAUSER10003')).body).toMatchObject({ name: 'approver' });
    expect((await send('GET', '/user?username=nobody')).status).toBe(404);
    expect((await send('GET', '/user/search?username=example.com')).body).toHaveLength(5);
    expect((await send('GET', '/user/search?username=example.com&includeInactive=true')).body).toHaveLength(6);
  });
});

describe('the simulator as a process', () => {
  const main = fileURLToPath(new URL('../../connectors/jira/simulator/main.js', import.meta.url));

  test('is a Data Center when it is told so, and ends when its stdin closes', async () => {
    const child = spawn(process.execPath, [main, '--port', '0', '--deployment', 'data-center'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const first = await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
    const { url } = JSON.parse(first) as { readonly url: string };
    const info = (await (await fetch(`${url}/rest/api/2/serverInfo`)).json()) as { readonly deploymentType: string };
    child.stdin.end();
    expect(info.deploymentType).toBe('Server');
    expect(await ended).toBe(0);
  });

  test('refuses a deployment that there is not', async () => {
    const child = spawn(process.execPath, [main, '--deployment', 'server'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const said: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2);
    expect(Buffer.concat(said).toString()).toContain("not 'server'");
  });
});
