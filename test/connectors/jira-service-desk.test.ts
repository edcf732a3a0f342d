import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { JsonObject, OpenConnector, SourceRecord, Stream } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { configFor, customFields, type Site, startSite } from './jira-subject.js';

let site: Site;

beforeEach(async () => {
  site = await startSite();
});
afterEach(() => site.close());

const desk = {
  timeToResolution: 'Time to resolution',
  timeToFirstResponse: 'Time to first response',
  requestType: 'Request Type',
  organizations: 'Organizations',
  approvals: 'Approvals',
  affectedServices: 'Affected services',
  hardware: 'Affected hardware',
  changeType: 'Change type',
  plannedStart: 'Planned start',
};
const streams = {
  incident: { jql: 'project = ITS AND issuetype = Incident' },
  change: { jql: 'project = ITS AND issuetype = Change' },
  risk: { jql: 'project = RSK' },
  improvement: { jql: 'project = IMP' },
};
const wanted = [...Object.keys(desk), 'priority.name', 'parent.id', 'components.id', 'issuelinks.as', 'issuelinks.issue.id'];

function open(fields: JsonObject = desk, name = 'incident'): Stream {
  const { context } = testContext({ system: 'jira', secrets: ['bot-token'], wanted: { incident: wanted, change: wanted } });
  const config = { ...configFor(site.url, 'bot-token', streams), customFields: { ...customFields, ...fields } };
  const connector = jira.open(jira.config.parse(config), context) as OpenConnector;
  return connector.streams.find((stream) => stream.name === name)!;
}

const read = async (stream: Stream): Promise<readonly SourceRecord[]> =>
  (await stream.read(undefined, { since: '2026-01-01T00:00:00.000Z', pageSize: 50 })).records;

const insert = async (fields: JsonObject = {}, type = 'Incident', status = 'Open'): Promise<string> =>
  (await site.control.insert([{ project: 'ITS', type, summary: 'Mail is late', status, fields }]))[0]!.id;

const sla = (record: SourceRecord | undefined): JsonObject => record?.data['timeToResolution'] as JsonObject;
const hour = 3_600_000;

describe('a service level target', () => {
  test('is breached when its time is up, though nobody touched the issue: the stream says when to look again', async () => {
    const stream = open();
    const id = await insert({ priority: { name: 'High' } });
    const [before] = await read(stream);
    expect(sla(before)).toMatchObject({ name: 'Time to resolution', breached: false, ongoing: { breached: false, goalMs: 6 * hour } });
    // The first response is due after an hour, the resolution after six.
    expect(stream.lookAgainAt!(before!.data)).toBe('2026-11-21T09:00:00.000Z');
    await site.control.advance(hour + 1000);
    const [answer] = await stream.get!([id]);
    expect(answer!.data['timeToFirstResponse']).toMatchObject({ breached: true });
    expect(stream.lookAgainAt!(answer!.data)).toBe('2026-11-21T14:00:00.000Z');
    await site.control.advance(6 * hour);
    const [after] = await stream.get!([id]);
    expect(after!.updatedAt).toBe(before!.updatedAt);
    expect(sla(after)).toMatchObject({ breached: true, ongoing: { breached: true, breachAt: '2026-11-21T14:00:00.000Z' } });
    expect(stream.lookAgainAt!(after!.data)).toBeUndefined();
  });

  test('that only ticks makes no new version of the record', async () => {
    const stream = open();
    const id = await insert();
    const [first] = await stream.get!([id]);
    await site.control.advance(13 * 60_000);
    const [second] = await stream.get!([id]);
    expect(second).toEqual(first);
  });

  test('that is paused has no breach ahead, and a later one when it goes on', async () => {
    const stream = open({ timeToResolution: 'Time to resolution' });
    const id = await insert();
    await site.control.advance(hour);
    await site.control.transition(id, { to: 'Waiting for customer', by: 'owner@example.com' });
    const [paused] = await stream.get!([id]);
    expect(sla(paused)).toMatchObject({ ongoing: { paused: true, breachAt: null } });
    expect(stream.lookAgainAt!(paused!.data)).toBeUndefined();
    await site.control.advance(5 * hour);
    await site.control.transition(id, { to: 'In Progress', by: 'owner@example.com' });
    const [running] = await stream.get!([id]);
    expect(stream.lookAgainAt!(running!.data)).toBe('2026-11-21T21:00:00.000Z');
  });

  test('that was met stays met after the issue is reopened, and a new cycle begins', async () => {
    const stream = open();
    const id = await insert();
    await site.control.advance(hour);
    await site.control.transition(id, { to: 'Resolved', by: 'owner@example.com', fields: { resolution: 'Done' } });
    await site.control.advance(24 * hour);
    await site.control.transition(id, { to: 'In Progress', by: 'owner@example.com' });
    const [record] = await stream.get!([id]);
    expect(sla(record)).toMatchObject({
      breached: false,
      completed: [{ breached: false, elapsedMs: hour, stoppedAt: '2026-11-21T09:00:00.000Z' }],
      ongoing: { startedAt: '2026-11-22T09:00:00.000Z' },
    });
  });
});

describe('what a service project holds', () => {
  test('arrives by name: request type, organisations, services, assets, parent and links in their direction', async () => {
    const epic = await insert({}, 'Problem');
    const id = await insert({
      'Request Type': {
        _links: {},
        requestType: { id: '21', name: 'Report a problem' },
        currentStatus: { statusDate: { friendly: 'Today' } },
      },
      Organizations: [{ id: '4', name: 'Acme Sales', _links: {} }],
      'Affected services': [
        { id: 'b:2', name: 'Payments' },
        { id: 'b:1', name: 'Email' },
      ],
      'Affected hardware': [{ workspaceId: 'w', id: 'w:77', objectId: '77' }],
      parent: epic,
      components: ['VPN'],
    });
    const response = await fetch(`${site.url}/rest/api/3/issueLink`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('bot@example.com:bot-token')}` },
      body: JSON.stringify({ type: { name: 'Problem/Incident' }, inwardIssue: { id: epic }, outwardIssue: { id } }),
    });
    expect(response.status).toBe(201);
    const [record] = await open().get!([id]);
    expect(record!.data).toMatchObject({
      requestType: { id: '21', name: 'Report a problem' },
      organizations: [{ id: '4', name: 'Acme Sales' }],
      affectedServices: [
        { id: 'b:1', name: 'Email' },
        { id: 'b:2', name: 'Payments' },
      ],
      hardware: [{ id: 'w:77', objectId: '77', workspaceId: 'w' }],
      parent: { id: epic },
      components: [{ name: 'VPN' }],
      issuelinks: [{ as: 'is caused by', type: 'Problem/Incident', issue: { id: epic } }],
    });
  });

  test('approvals tell who decided what, as evidence', async () => {
    const id = await insert(
      {
        'Change type': 'Normal',
        'Planned start': '2026-11-25T18:00:00+01:00',
        Approvals: [
          {
            id: '1',
            name: 'Change approval',
            finalDecision: 'approved',
            canAnswerApproval: false,
            createdDate: { epochMillis: 1_795_251_600_000, friendly: 'Today' },
            completedDate: { iso8601: '2026-11-21T11:00:00+0000', friendly: 'Today' },
            approvers: [{ approver: { accountId: 'a-1', displayName: 'Marcus Feld' }, approverDecision: 'approved' }],
          },
        ],
      },
      'Change',
      'Awaiting implementation',
    );
    const [record] = await open(desk, 'change').get!([id]);
    expect(record!.data).toMatchObject({
      changeType: 'Normal',
      plannedStart: '2026-11-25T17:00:00.000Z',
      approvals: [
        {
          decision: 'approved',
          completedAt: '2026-11-21T11:00:00.000Z',
          approvers: [{ id: 'a-1', name: 'Marcus Feld', decision: 'approved' }],
        },
      ],
    });
  });

  test('is offered to lint under the names of the configuration, parts included', async () => {
    const names = (await open().fields()).map((field) => field.name);
    for (const name of [
      'timeToResolution.ongoing.breachAt',
      'requestType.name',
      'affectedServices.id',
      'approvals.decision',
      'issuelinks.issue.id',
    ])
      expect(names).toContain(name);
  });

  test('a field that no name leads to stops the stream with its name, before anything is read', async () => {
    const before = (await site.control.journal()).length;
    await expect(read(open({ severity1: 'Time to resolutoin' }))).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('Time to resolutoin'),
    });
    const asked = (await site.control.journal(before)).map((entry) => entry.path);
    expect(asked.filter((path) => path.endsWith('/search/jql'))).toEqual([]);
  });
});
