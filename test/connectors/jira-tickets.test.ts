import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CheckResult, IdempotencyKey, JsonObject, OpenConnector, Sink, SinkField } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { projectsIn } from '../../connectors/jira/check-permissions.js';
import { configFor, type Site, startSite } from './jira-subject.js';

let site: Site;
let keys = 0;

beforeEach(async () => {
  site = await startSite();
});
afterEach(() => site.close());

const streams = { improvement: { jql: 'project = IMP' }, change: { jql: 'project = ITS AND issuetype = Change' } };
const change = { project: 'ITS' };

function open(more: JsonObject = {}): OpenConnector & { readonly sink: Sink } {
  const { context } = testContext({ system: 'jira', secrets: ['bot-token'] });
  const config = jira.config.parse({ ...configFor(site.url, 'bot-token', streams), change, ...more });
  return jira.open(config, context) as OpenConnector & { readonly sink: Sink };
}

function newKey(): IdempotencyKey {
  keys += 1;
  return { value: createHash('sha256').update(`ticket ${keys}`).digest('hex'), display: `golden-thread:IMP-${keys}` };
}

const make = async (sink: Sink, fields: JsonObject = {}, resource = 'issue') =>
  sink.create(resource, newKey(), { summary: 'Fewer outages', ...fields }, { resend: false });
const raw = async (id: string) => (await site.control.issues({ ids: [id] }))[0]!;
const person = async (name: string) => (await site.control.world()).people.find((one) => one.displayName === name)!;
const fieldsOf = (sink: Sink, resource: string): Promise<readonly SinkField[]> =>
  sink.resources.find(({ name }) => name === resource)!.fields();

describe('an owner', () => {
  test('who cannot be assigned does not stop the ticket: it is unassigned, names the owner, and says so', async () => {
    const tom = await person('Tom Becker');
    const { ticket, differences } = await make(open().sink, { assignee: tom.accountId, description: 'Mail stalls.' });
    const issue = await raw(ticket.key);
    expect(issue.fields['assignee']).toBeNull();
    expect(JSON.stringify(issue.fields['description'])).toContain('Owner: Tom Becker');
    expect(differences).toEqual([{ field: 'assignee', wrote: tom.accountId, found: null }]);
  });

  test('is replaced by the configured account where there is one', async () => {
    const [tom, priya] = [await person('Tom Becker'), await person('Priya Raman')];
    const { ticket } = await make(open({ fallbackAssignee: priya.accountId }).sink, { assignee: tom.accountId });
    expect((await raw(ticket.key)).fields['assignee']).toMatchObject({ accountId: priya.accountId });
  });

  test('is tried as asked for by an account that may not look at users', async () => {
    const priya = await person('Priya Raman');
    await site.control.addFaults({ kind: 'status-500', status: 403, match: { path: '/user/' } });
    const { ticket, differences } = await make(open().sink, { assignee: priya.accountId });
    expect(differences).toEqual([]);
    expect((await raw(ticket.key)).fields['assignee']).toMatchObject({ accountId: priya.accountId });
  });

  test('who can be assigned is asked about once', async () => {
    const { sink } = open();
    const priya = await person('Priya Raman');
    for (let i = 0; i < 3; i += 1) expect((await make(sink, { assignee: priya.accountId })).differences).toEqual([]);
    const asked = (await site.control.journal()).filter((entry) => entry.path.endsWith('/user/assignable/search'));
    expect(asked).toHaveLength(1);
  });
});

describe('lists', () => {
  test('of components and labels that people extended are extended, not overwritten', async () => {
    const { sink } = open();
    const { ticket } = await make(sink, { components: ['Email'], labels: ['a'] });
    await site.control.edit(ticket.key, { by: 'Priya Raman', fields: { components: ['Email', 'VPN'], labels: ['a', 'theirs'] } });
    const { differences } = await sink.update('issue', ticket.key, { components: ['Payments'], labels: ['b'] });
    expect(differences).toEqual([]);
    const issue = await raw(ticket.key);
    expect((issue.fields['components'] as { name: string }[]).map(({ name }) => name).toSorted()).toEqual(['Email', 'Payments', 'VPN']);
    expect(issue.labels).toEqual(expect.arrayContaining(['a', 'b', 'theirs']));
  });
});

describe('a link to another issue of the same Jira', () => {
  test('is an issue link in the direction that its words have, once', async () => {
    const { sink } = open({ issueLinkType: 'Relates' });
    const [problem] = await site.control.insert([{ project: 'ITS', type: 'Problem', summary: 'Queue' }]);
    const { ticket } = await make(sink);
    const link = { globalId: 'g-1', url: `${site.url}/browse/${problem!.key}`, title: 'Queue', relationship: 'is caused by' };
    await sink.link!('issue', ticket.key, link);
    await sink.link!('issue', ticket.key, link);
    const issue = await raw(ticket.key);
    expect(issue.remoteLinks).toEqual([]);
    expect(issue.fields['issuelinks']).toMatchObject([{ type: { inward: 'is caused by' }, inwardIssue: { key: problem!.key } }]);
  });

  test('with words that no link type has takes the configured type', async () => {
    const { sink } = open({ issueLinkType: 'Relates' });
    const [problem] = await site.control.insert([{ project: 'ITS', type: 'Problem', summary: 'Queue' }]);
    const { ticket } = await make(sink);
    await sink.link!('issue', ticket.key, {
      globalId: 'g-1',
      url: `${site.url}/browse/${problem!.key}`,
      title: 'Queue',
      relationship: 'is triggered by',
    });
    expect((await raw(ticket.key)).fields['issuelinks']).toMatchObject([
      { type: { name: 'Relates' }, outwardIssue: { key: problem!.key } },
    ]);
  });
});

describe('a comment', () => {
  test('in a service project is internal from its first moment', async () => {
    const { sink } = open();
    const { ticket } = await make(sink, {}, 'change');
    const before = (await site.control.journal()).length;
    await sink.comment!('change', ticket.key, 'golden-thread status', 'Measured: 12 % fewer.');
    const [posted] = (await site.control.journal(before)).filter((entry) => entry.method === 'POST');
    expect(posted?.body).toMatchObject({ properties: [{ key: 'sd.public.comment', value: { internal: true } }] });
  });
});

describe('a change ticket', () => {
  test('is created in its own project and type, found by its key, moved along its workflow and read as its stream delivers it', async () => {
    const connector = open();
    const { sink } = connector;
    const key = newKey();
    const watermark = await sink.before!('change');
    const { ticket, differences } = await sink.create('change', key, { summary: 'Replace the gateway' }, { resend: false });
    expect(differences).toEqual([]);
    expect(ticket.number).toBe('ITS-1');
    expect(await sink.find('change', key, { watermark })).toEqual({ is: 'found', ticket });
    expect(await raw(ticket.key)).toMatchObject({ type: 'Change', status: 'Planning' });
    await sink.transition!('change', ticket.key, 'Awaiting approval', {});
    const stream = connector.streams.find(({ name }) => name === 'change')!;
    const { records } = await stream.read(undefined, { since: '2026-01-01T00:00:00.000Z', pageSize: 10 });
    expect(records).toEqual([await sink.read('change', ticket.key)]);
    expect(records[0]!.data['status']).toMatchObject({ name: 'Awaiting approval' });
  });

  test('is refused, with the setting to make, where none are configured', async () => {
    const { context } = testContext({ system: 'jira', secrets: ['bot-token'] });
    const connector = jira.open(jira.config.parse(configFor(site.url, 'bot-token', streams)), context) as OpenConnector;
    await expect(make(connector.sink!, {}, 'change')).rejects.toMatchObject({ kind: 'config' });
    expect(jira.config.safeParse({ ...configFor(site.url), change }).success).toBe(false);
  });
});

describe('what can be written', () => {
  test('is what stands on the create screen, named with it, and the statuses of the workflow', async () => {
    const { sink } = open();
    await site.control.screens({
      project: 'IMP',
      type: 'Improvement',
      create: ['project', 'issuetype', 'summary', 'labels', 'duedate'],
      required: ['summary', 'duedate'],
    });
    const fields = await fieldsOf(sink, 'issue');
    expect(fields.map(({ name }) => name).toSorted()).toEqual(['duedate', 'labels', 'status', 'summary']);
    expect(new Set(fields.map(({ on }) => on))).toEqual(new Set(['the create screen of Improvement in project IMP']));
    expect(fields.find(({ name }) => name === 'duedate')?.required).toBe(true);
    expect(fields.find(({ name }) => name === 'status')?.choices?.map(({ value }) => value)).toContain('Reviewing');
    expect((await fieldsOf(sink, 'change')).find(({ name }) => name === 'status')?.choices?.map(({ value }) => value)).toContain('Failed');
  });
});

describe('check', () => {
  const results = async (more: JsonObject = {}): Promise<readonly CheckResult[]> => open(more).check();
  const of = (all: readonly CheckResult[], what: string): CheckResult => all.find((one) => one.what === what)!;

  test('is content with an account that may do what is needed and no more', async () => {
    const all = await results();
    expect(all.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(of(all, 'least privilege').outcome).toBe('ok');
  });

  test('names what an account may too much', async () => {
    await site.control.people({ ...(await person('golden-thread')), deny: [] });
    const { outcome, found, hint } = of(await results(), 'least privilege');
    expect(outcome).toBe('warning');
    expect(found).toMatch(/ADMINISTER \(.*ADMINISTER_PROJECTS in IMP, ITS.*DELETE_ISSUES in IMP, ITS/);
    expect(hint).toContain('token');
  });

  test('names the permission that is missing, for each stream and each kind of ticket', async () => {
    await site.control.people({ ...(await person('golden-thread')), blind: ['ITS'], deny: ['TRANSITION_ISSUES'] });
    const all = await results();
    expect(of(all, 'change: read')).toMatchObject({ outcome: 'failed', found: expect.stringContaining('BROWSE_PROJECTS in ITS') });
    expect(of(all, 'improvement: read').outcome).not.toBe('failed');
    expect(of(all, 'IMP: permissions')).toMatchObject({ outcome: 'failed', found: 'the account lacks TRANSITION_ISSUES' });
    expect(of(all, 'ITS: permissions')).toMatchObject({ outcome: 'failed', found: expect.stringContaining('CREATE_ISSUES') });
  });

  test('finds the projects of a query', () => {
    expect(projectsIn('project = IMP AND status = Open')).toEqual(['IMP']);
    expect(projectsIn('project in (ITS, "RSK") OR project="AUD"')).toEqual(['ITS', 'RSK', 'AUD']);
    expect(projectsIn('labels = project')).toEqual([]);
  });
});
