import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { HistoryEntry, IdempotencyKey, Json, JsonObject, Sink } from 'golden-thread/kit';
import { openDataCenter, type Opened } from './jira-data-center-opened.js';
import { type Site, startSite } from './jira-subject.js';

let site: Site;
let opened: Opened;
let sink: Sink;
let keys = 0;

beforeAll(async () => {
  site = await startSite({}, { deployment: 'data-center' });
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.control.clearFaults();
  await site.control.people({ email: 'approver@example.com', deny: [] });
  opened = openDataCenter(site.url);
  ({ sink } = opened);
});

function newKey(): IdempotencyKey {
  keys += 1;
  return { value: createHash('sha256').update(`key ${keys}`).digest('hex'), display: `golden-thread:IMP-${keys}` };
}

const create = (fields: JsonObject) => sink.create('issue', newKey(), { summary: 'Fewer outages', ...fields }, { resend: false });
const make = async (fields: JsonObject = {}): Promise<string> => (await create(fields)).ticket.key;
const raw = async (id: string) => (await site.control.issues({ ids: [id] }))[0]!;
/** A value that has to be text. */
function textIn(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error(`expected text, found ${JSON.stringify(value)}`);
  return value;
}
const nasty = 'Ask [~admin] about !logo.png! {html}<b>x</b>{html} *loud* C:\\temp http://evil.example/x';

describe('a ticket in a Data Center', () => {
  test('carries its key as label and property from its first moment, in one request', async () => {
    const key = newKey();
    const before = (await site.control.journal()).length;
    const { ticket, differences } = await sink.create('issue', key, { summary: 'Fewer outages', labels: ['mail'] }, { resend: false });
    const writes = (await site.control.journal(before)).filter((entry) => entry.committed !== undefined);
    expect(writes.map((entry) => `${entry.method} ${entry.path}`)).toEqual(['POST /rest/api/2/issue']);
    const issue = await raw(ticket.key);
    expect(issue.labels.toSorted()).toEqual([`gt-${key.value.slice(0, 40)}`, 'mail']);
    expect(issue.properties).toEqual({ 'golden-thread.ref': { key: key.value, display: key.display } });
    expect(differences).toEqual([]);
  });

  test('is found by number where the index does not know it, and by label when it was moved', async () => {
    const key = newKey();
    const watermark = await sink.before!('issue');
    await site.control.switches({ indexLagMs: 600_000 });
    await site.control.addFaults({ kind: 'commit-then-drop', times: 1, match: { method: 'POST', path: '/issue$' } });
    await sink.create('issue', key, { summary: 'Fewer outages' }, { resend: false }).catch(() => undefined);
    const found = await sink.find('issue', key, { watermark });
    expect(found.is).toBe('found');
    await site.control.switches({ indexLagMs: 0 });
    const id = found.is === 'found' ? found.ticket.key : '';
    await site.control.move(id, 'AUD');
    await site.control.advance(700_000);
    expect(await sink.find('issue', key, {})).toMatchObject({ is: 'found', ticket: { key: id } });
  });

  test('holds hostile text as the characters that it is made of', async () => {
    const description = `# Trigger\n\n${nasty}\n\n- ${nasty}\n- two`;
    const { ticket, data, differences } = await create({ description, summary: nasty });
    expect(differences).toEqual([]);
    expect(data).toMatchObject({ description, summary: nasty });
    const wiki = textIn((await raw(ticket.key)).values['description']);
    expect(wiki).toMatch(/^h1\. Trigger\n\nAsk \\\[\\~admin\\\]/);
    expect(wiki).not.toMatch(/\[~|(?<!\\)[{}]|(?<!\\)!logo/);
  });

  test('says what was cut when a text with its escapes is longer than Jira takes', async () => {
    const { differences, data } = await create({ description: '{'.repeat(32_000), summary: `${'é'.repeat(254)}👩 and more` });
    expect(differences).toEqual([]);
    expect(textIn(data['description'])).toMatch(/^\{{10000,}.*cut here/s);
    expect(textIn(data['summary']).length).toBeLessThanOrEqual(255);
    expect(textIn(data['summary']).isWellFormed()).toBe(true);
  });
});

describe('people of a Data Center', () => {
  test.each([
    ['username', 'owner'],
    ['user key', 'praman'],
    ['e-mail address', 'owner@example.com'],
    ['reference as records have it', { id: 'praman', name: 'Priya Raman' }],
  ])('are named by %s', async (_how, assignee) => {
    const { differences, data } = await create({ assignee });
    expect(differences).toEqual([]);
    expect(data['assignee']).toEqual({ id: 'praman', name: 'Priya Raman' });
  });

  test.each([
    ['unknown', 'nobody'],
    ['no longer active', 'inactive'],
    ['not to be assigned in this project', 'approver'],
  ])('who are %s are left out: the ticket is written, and the difference reported', async (_why, assignee) => {
    await site.control.people({ email: 'approver@example.com', deny: ['ASSIGNABLE_USER'] });
    const { differences, ticket } = await create({ assignee, reporter: 'owner' });
    expect(differences.map(({ field, found }) => ({ field, found }))).toEqual([{ field: 'assignee', found: null }]);
    expect((await raw(ticket.key)).summary).toBe('Fewer outages');
    opened = openDataCenter(site.url, { fallbackAssignee: 'outsider' });
    ({ sink } = opened);
    const instead = await create({ assignee, description: 'Why' });
    expect(instead.data).toMatchObject({ assignee: { name: 'Dana Whitlock' }, description: expect.stringMatching(/^Why\n\nOwner: /) });
    expect(instead.differences).toMatchObject([{ field: 'assignee' }]);
  });

  test('who cannot be found are named in the log once, with the field', async () => {
    for (let i = 0; i < 2; i += 1) await create({ assignee: 'nobody' });
    expect(opened.lines.filter((line) => line.includes('"nobody"') && line.includes('assignee'))).toHaveLength(1);
  });

  test('are taken away again by null', async () => {
    const id = await make({ assignee: 'owner' });
    const { data, differences } = await sink.update('issue', id, { assignee: null });
    expect(data['assignee']).toBeNull();
    expect(differences).toEqual([]);
  });

  test('are looked up once each', async () => {
    const before = (await site.control.journal()).length;
    for (let i = 0; i < 3; i += 1) await make({ assignee: 'owner' });
    const lookups = (await site.control.journal(before)).filter((entry) => entry.path.startsWith('/rest/api/2/user'));
    expect(lookups.map((entry) => entry.path)).toEqual(['/rest/api/2/user', '/rest/api/2/user/assignable/search']);
  });
});

describe('comments, links and moves', () => {
  test('a comment is one per marker, changed in place, and safe', async () => {
    const id = await make();
    await sink.comment!('issue', id, '[golden-thread:status]', `First ${nasty}`);
    await sink.comment!('issue', id, '[golden-thread:status]', `Second ${nasty}`);
    const { comments } = await raw(id);
    expect(comments).toHaveLength(1);
    const body = textIn((comments[0] as JsonObject)['body']);
    expect(body).toMatch(/^Second/);
    expect(body).not.toMatch(/\[~|(?<!\\)[{}]/);
    expect(body.split('\n').at(-1)).toBe('\\[golden\\-thread:status\\]'.replace('\\-', '-'));
  });

  test('a comment of somebody else with the same marker is left alone', async () => {
    const id = await make();
    await site.control.edit(id, { by: 'owner@example.com', comment: 'Quoting:\n\n\\[golden-thread:status\\]' });
    await sink.comment!('issue', id, '[golden-thread:status]', 'Ours');
    expect((await raw(id)).comments).toHaveLength(2);
  });

  test('a move takes its required fields along, as wiki text', async () => {
    const id = await make();
    const { data, differences } = await sink.transition!('issue', id, 'Approved', { rationale: 'It *pays*.' });
    expect(differences).toEqual([]);
    expect(data).toMatchObject({ status: { name: 'Approved' }, rationale: 'It *pays*.' });
    expect((await raw(id)).values['customfield_10050']).toBe('It \\*pays\\*.');
  });

  test('labels that people set stay', async () => {
    const id = await make({ labels: ['mine'] });
    await site.control.edit(id, { by: 'owner@example.com', fields: { labels: [...(await raw(id)).labels, 'theirs'] } });
    await sink.update('issue', id, { labels: { add: ['more'], remove: ['mine'] } });
    expect((await raw(id)).labels.filter((label) => !label.startsWith('gt-')).toSorted()).toEqual(['more', 'theirs']);
  });

  test('a refusal names the field in the words of Jira, and nothing was written', async () => {
    await expect(create({ closureNotes: 'Not on the create screen' })).rejects.toMatchObject({
      kind: 'record',
      details: { committed: 'no' },
    });
  });
});

const by = fc.constantFrom('owner@example.com', 'approver@example.com', 'automation@example.com', 'bot@example.com');
const wiki = fc
  .array(fc.constantFrom('a', 'b c', '*bold*', '\n\n', '\n* item', '[~owner]', '{code}x{code}', '\\[', 'h2. T\n', 'ä😀'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(' ').trim())
  .filter((text) => text !== '');
const edit = fc.oneof(
  fc.record({ description: fc.oneof(wiki, fc.constant(null)) }),
  fc.record({ 'Decision rationale': fc.oneof(wiki, fc.constant(null)) }),
  fc.record({ assignee: fc.constantFrom('owner@example.com', 'approver@example.com', null) }),
  fc.record({ components: fc.uniqueArray(fc.constantFrom('Email', 'VPN', 'ERP'), { maxLength: 3 }) }),
  fc.record({ labels: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }), duedate: fc.constantFrom('2027-01-31', null) }),
  fc.record({ Category: fc.constantFrom('Incident', 'Problem', null), 'Rate reduction target %': fc.constantFrom(10, 12.5, null) }),
);
const happening = fc.record({
  by,
  what: fc.oneof(
    { arbitrary: fc.record({ fields: edit as fc.Arbitrary<JsonObject> }), weight: 4 },
    fc.record({ to: fc.constantFrom('Approved', 'Rejected', 'Closed', 'Proposed') }),
    fc.record({ project: fc.constantFrom('AUD', 'IMP') }),
  ),
});

describe('the history of a ticket in a Data Center', () => {
  const stateOf = (data: JsonObject): JsonObject => {
    const { updated: _updated, ...rest } = data;
    return rest;
  };

  test('rewinds the record to every state it was ever in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 7 }), async (happenings) => {
        const [issue] = await site.control.insert([{ project: 'IMP', summary: 'First', description: 'As it was *raised*' }]);
        const states: { readonly data: JsonObject; readonly entries: number }[] = [];
        const look = async (): Promise<readonly HistoryEntry[]> => {
          const entries = await sink.history!('issue', issue!.id);
          states.push({ data: stateOf((await sink.read('issue', issue!.id))!.data), entries: entries.length });
          return entries;
        };
        let entries = await look();
        for (const { by: who, what } of happenings) {
          await site.control.advance(61_000);
          if ('fields' in what) await site.control.edit(issue!.id, { by: who, fields: what.fields });
          else if ('to' in what) await site.control.transition(issue!.id, { to: what.to, by: who, force: true }).catch(() => undefined);
          else await site.control.move(issue!.id, what.project, who).catch(() => undefined);
          entries = await look();
        }
        const now = states.at(-1)!.data;
        for (const state of states) {
          const then: Record<string, Json> = { ...now };
          for (const entry of entries.slice(state.entries).toReversed()) for (const { field, from } of entry.changes) then[field] = from;
          expect(stateOf(then)).toEqual(state.data);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('says by user key who did each step, and that automation is no person', async () => {
    const [issue] = await site.control.insert([{ project: 'IMP', summary: 'First' }]);
    for (let i = 0; i < 120; i += 1)
      await site.control.edit(issue!.id, {
        by: i % 2 === 0 ? 'owner@example.com' : 'automation@example.com',
        fields: { summary: `Summary ${i}` },
      });
    await site.control.transition(issue!.id, { to: 'Approved', by: 'approver@example.com', fields: { 'Decision rationale': 'It pays.' } });
    const entries = await sink.history!('issue', issue!.id);
    expect(entries).toHaveLength(121);
    expect(entries.slice(0, 2).map(({ actor }) => actor)).toEqual([
      { id: 'praman', name: 'Priya Raman', kind: 'person' },
      { id: 'JIRAUSER10006', name: 'Automation for Jira', kind: 'app' },
    ]);
    expect(entries.at(-1)?.actor).toEqual({ id: 'JIRAUSER10003', name: 'Marcus Feld', kind: 'person' });
  });

  test('of which Jira holds back a part is refused, not read by half', async () => {
    const [issue] = await site.control.insert([{ project: 'IMP', summary: 'First' }]);
    for (let i = 0; i < 5; i += 1) await site.control.edit(issue!.id, { by: 'owner@example.com', fields: { summary: `Summary ${i}` } });
    await site.control.switches({ changelogMaximum: 3 });
    await expect(sink.history!('issue', issue!.id)).rejects.toMatchObject({ kind: 'contract' });
    await site.control.switches({ changelogMaximum: 1_000_000 });
  });
});
