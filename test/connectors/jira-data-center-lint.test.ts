import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FieldInfo, JsonObject, SinkField } from 'golden-thread/kit';
import { openDataCenter } from './jira-data-center-opened.js';
import { type Site, startSite } from './jira-subject.js';

let site: Site;
beforeEach(async () => {
  site = await startSite({}, { deployment: 'data-center' });
});
afterEach(() => site.close());

const writable = async (more: JsonObject = {}): Promise<ReadonlyMap<string, SinkField>> =>
  new Map((await openDataCenter(site.url, more).sink.resources[0]!.fields()).map((field) => [field.name, field]));
const readable = async (more: JsonObject = {}): Promise<ReadonlyMap<string, FieldInfo>> =>
  new Map((await openDataCenter(site.url, more).stream.fields()).map((field) => [field.name, field]));

describe('what lint learns of a Data Center before the daemon starts', () => {
  test('the fields of records, custom ones under the names of the configuration, and their parts', async () => {
    const fields = await readable();
    expect(fields.get('rationale')).toMatchObject({ label: 'Decision rationale', type: 'text' });
    expect(fields.get('assignee.id')).toBeDefined();
    expect(fields.get('status.category')).toBeDefined();
    expect(fields.has('customfield_10052')).toBe(true);
    expect(fields.has('ratoinale')).toBe(false);
  });

  test('which fields a ticket can be created with, which it must have, and what may stand in them', async () => {
    await site.control.screens({ project: 'IMP', type: 'Improvement', required: ['summary', 'customfield_10051'] });
    const fields = await writable();
    expect(fields.get('summary')).toMatchObject({ required: true, maxLength: 255 });
    expect(fields.get('objective')).toMatchObject({ required: true });
    expect(fields.get('category')?.choices?.map(({ value }) => value)).toContain('Audit finding');
    expect(fields.get('priority')?.choices?.map(({ value }) => value)).toContain('High');
    // Not on the create screen of the default site.
    expect(fields.has('rationale')).toBe(false);
  });

  test('which statuses a ticket can have, so that a transition to nowhere is found', async () => {
    const choices = (await writable()).get('status')?.choices?.map(({ value }) => value);
    expect(choices).toEqual(expect.arrayContaining(['Proposed', 'Approved', 'Closed']));
    expect(choices).not.toContain('Aproved');
  });

  test('a custom field that Jira does not have stops it, and says where names are found', async () => {
    const failure = await readable({ customFields: { objective: 'Objektive' } }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'config', details: { hint: expect.stringContaining('Custom fields') } });
  });

  test('an issue type that the project does not have stops it, and names those that it has', async () => {
    const failure = await writable({ issueType: 'Improvment' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'config', details: { hint: expect.stringContaining('Improvement') } });
  });
});

describe('a custom field without markup', () => {
  test.each([['rationale'], ['Decision rationale'], ['customfield_10050']])('listed as %s is written and read as it is', async (name) => {
    const { sink } = openDataCenter(site.url, { plainTextFields: [name] });
    const { ticket } = await sink.create('issue', { value: 'b'.repeat(64), display: 'x' }, { summary: 'One' }, { resend: false });
    const text = 'It [~pays] *off*:\n- {really}\n\nC:\\temp';
    const { data, differences } = await sink.update('issue', ticket.key, { rationale: text, description: '*so*' });
    expect(differences).toEqual([]);
    expect(data).toMatchObject({ rationale: text, description: '*so*' });
    const { values } = (await site.control.issues({ ids: [ticket.key] }))[0]!;
    expect(values).toMatchObject({ customfield_10050: text, description: '\\*so\\*' });
  });
});

describe('change tickets in a Data Center', () => {
  test('are written into their own project, moved and read back', async () => {
    const { connector } = openDataCenter(site.url, {
      streams: { improvement: { jql: 'project = IMP' }, change: { jql: 'project = ITS AND issuetype = Change' } },
      change: { project: 'ITS' },
    });
    const { sink } = connector;
    const fields = { summary: 'Replace the relay', description: 'Because of {code}', assignee: 'owner' };
    const { ticket, differences } = await sink!.create('change', { value: 'c'.repeat(64), display: 'x' }, fields, { resend: false });
    expect(differences).toEqual([]);
    expect(ticket.number).toMatch(/^ITS-/);
    const statuses = (await sink!.resources.find(({ name }) => name === 'change')!.fields()).find(({ name }) => name === 'status');
    expect(statuses?.choices?.length).toBeGreaterThan(1);
    expect((await sink!.read('change', ticket.key))?.data).toMatchObject({
      summary: 'Replace the relay',
      description: 'Because of {code}',
    });
  });

  test('are linked to the ticket that they carry out by a link between issues', async () => {
    const { sink } = openDataCenter(site.url, { issueLinkType: 'Relates' });
    const make = async (letter: string) =>
      sink.create('issue', { value: letter.repeat(64), display: 'x' }, { summary: letter }, { resend: false });
    const [one, other] = [await make('d'), await make('e')];
    const link = { globalId: 'gt:1', url: other.ticket.url, title: 'Other', relationship: 'is caused by' };
    for (let i = 0; i < 2; i += 1) await sink.link!('issue', one.ticket.key, link);
    const { links } = (await site.control.issues({ ids: [one.ticket.key] }))[0]!;
    expect(links).toHaveLength(1);
  });
});
