import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeFailure, type Failure, type IdempotencyKey, type JsonObject, type OpenConnector, type Sink } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { configFor, type Site, startSite } from './jira-subject.js';

let site: Site;
let sink: Sink;
let keys = 0;

beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.control.clearFaults();
  await site.control.switches({ indexLagMs: 0, nonMonotonic: false });
  sink = open().sink!;
});

function open(change: JsonObject = {}): OpenConnector & { readonly sink: Sink } {
  const { context } = testContext({ system: 'jira', secrets: ['bot-token'] });
  return jira.open(jira.config.parse({ ...configFor(site.url), ...change }), context) as OpenConnector & { readonly sink: Sink };
}

function newKey(): IdempotencyKey {
  keys += 1;
  return { value: createHash('sha256').update(`key ${keys}`).digest('hex'), display: `golden-thread:IMP-${keys}` };
}

const make = async (fields: JsonObject = {}): Promise<string> =>
  (await sink.create('issue', newKey(), { summary: 'Fewer outages', ...fields }, { resend: false })).ticket.key;

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    return error as Failure;
  }
  throw new Error('it did not fail');
}

const raw = async (id: string) => (await site.control.issues({ ids: [id] }))[0]!;

describe('a ticket', () => {
  test('carries its key as label and property from its first moment, in one request', async () => {
    const key = newKey();
    const before = (await site.control.journal()).length;
    const { ticket, differences } = await sink.create('issue', key, { summary: 'Fewer outages', labels: ['mail'] }, { resend: false });
    const writes = (await site.control.journal(before)).filter((entry) => entry.method === 'POST' && entry.committed !== undefined);
    expect(writes).toHaveLength(1);
    const issue = await raw(ticket.key);
    expect(issue.labels.toSorted()).toEqual([`gt-${key.value.slice(0, 40)}`, 'mail']);
    expect(issue.properties).toEqual({ 'golden-thread.ref': { key: key.value, display: key.display } });
    expect(differences).toEqual([]);
    expect(ticket).toMatchObject({ number: issue.key, url: `${site.url}/browse/${issue.key}` });
  });

  test('holds what was written, in the shape in which the stream delivers it', async () => {
    const fields = {
      summary: 'Mail\nagain',
      description: 'Why:\n\n- INC1\n- INC2\n\nMention @[~accountid:x], {macro}, [x|javascript:alert(1)]',
      priority: { name: 'High' },
      duedate: '2027-01-31',
      category: 'Problem',
      objective: 'objective-1',
      reduction: 30,
      reviewDate: '2027-02-01',
      components: ['Email'],
    };
    const { differences, data, ticket } = await sink.create('issue', newKey(), fields, { resend: false });
    expect(differences).toEqual([]);
    expect(data).toMatchObject({
      summary: 'Mail again',
      description: fields.description,
      priority: { name: 'High' },
      duedate: '2027-01-31',
      category: 'Problem',
      objective: 'objective-1',
      reduction: 30,
      components: [{ name: 'Email' }],
      status: { name: 'Proposed', category: 'new' },
      assignee: null,
    });
    const streamed = await open().streams.find((one) => one.name === 'improvement')!.get!([ticket.key]);
    expect(streamed[0]?.data).toEqual((await sink.read('issue', ticket.key))?.data);
  });

  test('keeps the labels that people set when ours change', async () => {
    const key = await make({ labels: ['ours'] });
    await site.control.edit(key, { by: 'owner@example.com', fields: { labels: [...(await raw(key)).labels, 'theirs'] } });
    await sink.update('issue', key, { labels: { add: ['new one'], remove: ['ours'] } });
    const labels = (await raw(key)).labels;
    expect(labels).toEqual(expect.arrayContaining(['theirs', 'new-one']));
    expect(labels).not.toContain('ours');
  });

  test('that Jira did not take over as written is reported field by field', async () => {
    const key = await make();
    const receipt = await sink.transition!('issue', key, 'Approved', { summary: 'Wanted', rationale: 'It pays.' });
    expect(receipt.differences).toEqual([{ field: 'summary', wrote: 'Wanted', found: 'Fewer outages' }]);
    expect(receipt.data).toMatchObject({ summary: 'Fewer outages', rationale: 'It pays.' });
  });

  test('with a field that is not on the screen is refused with the name of the field, and nothing is created', async () => {
    const key = newKey();
    const failure = await failureOf(sink.create('issue', key, { summary: 'x', closureNotes: 'done' }, { resend: false }));
    expect(failure).toMatchObject({ kind: 'record', details: { committed: 'no' } });
    expect(describeFailure(failure)).toMatch(/customfield_10056[\s\S]*screen/);
    expect(await site.control.issues({ label: `gt-${key.value.slice(0, 40)}` })).toEqual([]);
  });
});

describe('a create whose answer was lost', () => {
  const lose = async (key: IdempotencyKey) => {
    const watermark = await sink.before!('issue');
    await site.control.addFaults({ kind: 'commit-then-drop', times: 1, match: { method: 'POST', path: '/issue$' } });
    expect((await failureOf(sink.create('issue', key, { summary: 'Lost' }, { resend: false }))).details.committed).toBe('maybe');
    return watermark;
  };

  test('is found at once by its number although the search index does not know it', async () => {
    await site.control.switches({ indexLagMs: 600_000 });
    const key = newKey();
    const watermark = await lose(key);
    const found = await sink.find('issue', key, { watermark });
    expect(found).toMatchObject({ is: 'found', ticket: { number: expect.stringMatching(/^IMP-\d+$/) } });
  });

  test('is found behind numbers that are missing', async () => {
    await site.control.switches({ indexLagMs: 600_000 });
    const watermark = await sink.before!('issue');
    const gone = await site.control.insert(Array.from({ length: 10 }, () => ({ project: 'IMP', summary: 'gone' })));
    for (const { id } of gone) await site.control.remove(id);
    const key = newKey();
    await lose(key);
    expect(await sink.find('issue', key, { watermark })).toMatchObject({ is: 'found' });
  });

  test('is found by its label without a watermark, once the index knows it; until then nothing is claimed', async () => {
    await site.control.switches({ indexLagMs: 600_000 });
    const key = newKey();
    await lose(key);
    expect(await sink.find('issue', key, {})).toMatchObject({ is: 'unknown', againAfterMs: expect.any(Number) });
    await site.control.advance(601_000);
    expect(await sink.find('issue', key, {})).toMatchObject({ is: 'found' });
  });

  test('is found where it was moved to', async () => {
    const key = newKey();
    const watermark = await lose(key);
    const [ticket] = await site.control.issues({ label: `gt-${key.value.slice(0, 40)}` });
    await site.control.move(ticket!.id, 'AUD');
    expect(await sink.find('issue', key, { watermark })).toMatchObject({
      is: 'found',
      ticket: { key: ticket!.id, number: expect.stringMatching(/^AUD-/) },
    });
  });

  test('is not sent again when the search shows it by then', async () => {
    const key = newKey();
    await lose(key);
    const again = await sink.create('issue', key, { summary: 'Lost' }, { resend: true });
    const label = `gt-${key.value.slice(0, 40)}`;
    expect((await site.control.issues({ label })).map((issue) => issue.id)).toEqual([again.ticket.key]);
  });

  test('that never arrived stays unknown, and is made by sending once more', async () => {
    const key = newKey();
    const watermark = await sink.before!('issue');
    await site.unplug();
    expect((await failureOf(sink.create('issue', key, { summary: 'Never' }, { resend: false }))).details.committed).toBe('no');
    await site.plug();
    expect(await sink.find('issue', key, { watermark })).toMatchObject({ is: 'unknown' });
    await sink.create('issue', key, { summary: 'Never' }, { resend: true });
    expect(await site.control.issues({ label: `gt-${key.value.slice(0, 40)}` })).toHaveLength(1);
  });
});

describe('a ticket that is not ours', () => {
  test('is not taken for ours because somebody copied the label', async () => {
    const key = newKey();
    await site.control.insert([{ project: 'IMP', summary: 'Copied', fields: { labels: [`gt-${key.value.slice(0, 40)}`] } }]);
    expect(await sink.find('issue', key, {})).toMatchObject({ is: 'unknown' });
  });

  test('makes a key ambiguous when it was cloned with its property', async () => {
    const key = newKey();
    const properties = { 'golden-thread.ref': { key: key.value } };
    const fields = { labels: [`gt-${key.value.slice(0, 40)}`] };
    await site.control.insert([
      { project: 'IMP', summary: 'One', fields, properties },
      { project: 'IMP', summary: 'Two', fields, properties },
    ]);
    expect(await sink.find('issue', key, {})).toMatchObject({ is: 'ambiguous', tickets: [{}, {}] });
  });
});

describe('a move', () => {
  test('takes the transition whose fields are given, by the name of the status, whatever its case', async () => {
    const key = await make();
    const receipt = await sink.transition!('issue', key, 'APPROVED', { rationale: 'It pays.' });
    expect(receipt).toMatchObject({ differences: [], data: { status: { name: 'Approved' }, rationale: 'It pays.' } });
  });

  test('takes a transition without a screen when no fields are given', async () => {
    const key = await make();
    expect((await sink.transition!('issue', key, '10002', {})).data['status']).toMatchObject({ name: 'Approved' });
  });

  test('to where the ticket is sends nothing', async () => {
    const key = await make();
    const before = (await site.control.journal()).length;
    await sink.transition!('issue', key, 'Proposed', {});
    expect((await site.control.journal(before)).filter((entry) => entry.method !== 'GET')).toEqual([]);
  });

  test('that no transition offers says which ones are open', async () => {
    const key = await make();
    const failure = await failureOf(sink.transition!('issue', key, 'Closed', {}));
    expect(failure).toMatchObject({ kind: 'record', details: { committed: 'no' } });
    expect(failure.message).toMatch(/from Proposed to Closed.*Approve -> Approved/);
  });

  test('that needs a field says which one', async () => {
    const key = await make();
    const failure = await failureOf(sink.transition!('issue', key, 'Deferred', {}));
    expect(failure).toMatchObject({ kind: 'record', details: { committed: 'no' } });
    expect(failure.message).toContain('Review date');
  });

  test.each([false, true])('sets the resolution, also where Jira hides it from the list of fields (%s)', async (hides) => {
    await site.control.switches({ transitionFieldsHideResolution: hides });
    const key = await make();
    const receipt = await sink.transition!('issue', key, 'Rejected', { rationale: 'Too dear.', resolution: { name: "Won't Do" } });
    expect(receipt).toMatchObject({ differences: [], data: { status: { name: 'Rejected' }, resolution: { name: "Won't Do" } } });
  });
});

describe('the status comment', () => {
  test("is updated in place, found behind hundreds of others, and never somebody else's", async () => {
    const key = await make();
    await site.control.edit(key, { by: 'owner@example.com', comment: 'I quote:\n\ngolden-thread status' });
    await sink.comment!('issue', key, 'golden-thread status', 'Waiting for a decision.');
    for (let i = 0; i < 120; i += 1) await site.control.edit(key, { by: 'owner@example.com', comment: `remark ${i}` });
    await sink.comment!('issue', key, 'golden-thread status', 'Approved.');
    const comments = JSON.stringify((await raw(key)).comments);
    expect((await raw(key)).comments).toHaveLength(122);
    expect(comments).toContain('Approved.');
    expect(comments).not.toContain('Waiting for a decision.');
    expect(comments).toContain('I quote:');
  });

  test('stays findable however long its text is', async () => {
    const key = await make();
    await sink.comment!('issue', key, 'long one', 'word '.repeat(20_000));
    await sink.comment!('issue', key, 'long one', 'short');
    expect((await raw(key)).comments).toHaveLength(1);
  });
});

describe('check', () => {
  const lines = async (connector: OpenConnector): Promise<string> =>
    (await connector.check()).map(({ what, outcome, found, hint }) => `${outcome} ${what}: ${found} ${hint ?? ''}`).join('\n');

  test('finds nothing to complain about in a good configuration', async () => {
    await site.control.insert([{ project: 'AUD', summary: 'A finding' }]);
    expect(await lines(open())).not.toMatch(/^failed/m);
  });

  test('says in one sentence that the host cannot be reached', async () => {
    await site.unplug();
    const text = await lines(open());
    await site.plug();
    expect(text).toMatch(/^failed connection: http:\/\/127\.0\.0\.1:\d+: [^\n]+$/);
  });

  test.each(['401', 'anonymous'] as const)(
    'says in one sentence that the credentials are wrong, also where they are answered as %s',
    async (wrongCredentials) => {
      await site.control.switches({ wrongCredentials });
      const text = await lines(open({ auth: { type: 'basic', email: 'bot@example.com', apiToken: 'not-the-token' } }));
      await site.control.switches({ wrongCredentials: '401' });
      expect(text).toMatch(/failed credentials: Jira refused the credentials.*API token/);
      expect(text.split('\n')).toHaveLength(2);
    },
  );

  test('names the wrong part of a JQL, of an alias, of the project and of the screen', async () => {
    expect(await lines(open({ streams: { improvement: { jql: 'statuss = Open' } } }))).toMatch(
      /failed improvement: read: the JQL is wrong: .*statuss/,
    );
    expect(await lines(open({ customFields: { effort: 'Effort' } }))).toMatch(/failed custom fields: customFields\.effort/);
    expect(await lines(open({ issueType: 'Epic' }))).toMatch(/failed IMP: create: .*"Epic".*Improvement/);
    expect(await lines(open({ project: 'NOPE' }))).toMatch(/failed NOPE: /);
  });
});
