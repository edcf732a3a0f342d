import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Site, accountIds, improvement, paragraph, startSite } from './jira-simulator-client.js';

let site: Site;

beforeEach(async () => {
  site = await startSite();
});

afterEach(() => site.close());

const rationale = 'customfield_10050';

interface Shown {
  readonly id: string;
  readonly key: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly properties?: Readonly<Record<string, unknown>>;
}

async function create(fields: object = {}, more: object = {}): Promise<string> {
  const answer = await site.send('POST', '/issue', { fields: { ...improvement, summary: 'Rehearse restores', ...fields }, ...more });
  if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return (answer.body as { id: string }).id;
}

async function refusal(fields: object): Promise<unknown> {
  const answer = await site.send('POST', '/issue', { fields: { ...improvement, summary: 'x', ...fields } });
  expect(answer.status).toBe(400);
  return answer.body;
}

describe('a created issue', () => {
  test('holds fields, labels and entity properties from the first moment', async () => {
    const answer = await site.send('POST', '/issue', {
      fields: {
        ...improvement,
        summary: 'Rehearse restores',
        description: paragraph('Why'),
        labels: ['gt-1', 'gt-2'],
        priority: { name: 'High' },
        assignee: { accountId: accountIds.owner },
        duedate: '2026-03-01',
        components: [{ name: 'VPN' }],
        customfield_10052: 30,
        customfield_10055: { value: 'Incident' },
      },
      properties: [{ key: 'gt.ref', value: { key: 'abc' } }],
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ id: '10001', key: 'IMP-1', self: `${site.url}/rest/api/3/issue/10001` });
    const shown = await site.get<Shown>('/issue/10001?properties=gt.ref');
    expect(shown.properties).toEqual({ 'gt.ref': { key: 'abc' } });
    expect(shown.fields).toMatchObject({
      summary: 'Rehearse restores',
      description: paragraph('Why'),
      labels: ['gt-1', 'gt-2'],
      priority: { id: '2', name: 'High' },
      assignee: { accountId: accountIds.owner, displayName: 'Priya Raman' },
      reporter: { accountId: accountIds.bot },
      status: { name: 'Proposed', statusCategory: { key: 'new' } },
      created: '2026-01-01T00:00:00.000+0000',
      duedate: '2026-03-01',
      components: [{ name: 'VPN' }],
      customfield_10052: 30,
      customfield_10055: { id: '10200', value: 'Incident' },
      customfield_10051: null,
    });
    expect(shown.fields['assignee']).not.toHaveProperty('emailAddress');
  });

  test('never takes over the key of a deleted one', async () => {
    const id = await create();
    await site.control.remove(id);
    expect((await site.get<Shown>(`/issue/${await create()}`)).key).toBe('IMP-2');
  });

  test.each([
    [{ project: { key: 'NOPE' } }, { project: 'Specify a valid project ID or key' }],
    [{ issuetype: undefined }, { issuetype: 'Specify an issue type' }],
    [{ summary: ' ' }, { summary: 'You must specify a summary of the issue.' }],
    [{ labels: ['a b'] }, { labels: "The label 'a b' contains spaces which is invalid." }],
    [{ description: 'plain' }, { description: 'Operation value must be an Atlassian Document (see the Atlassian Document Format)' }],
    [{ customfield_10052: '30' }, { customfield_10052: 'Operation value must be a number' }],
    [{ assignee: { accountId: accountIds.inactive } }, { assignee: `User '${accountIds.inactive}' cannot be assigned issues.` }],
    [
      { customfield_10056: paragraph('x') },
      { customfield_10056: "Field 'customfield_10056' cannot be set. It is not on the appropriate screen, or unknown." },
    ],
    [{ status: { name: 'Approved' } }, { status: "Field 'status' cannot be set. It is not on the appropriate screen, or unknown." }],
  ])('is refused with %j', async (fields, errors) => {
    expect(await refusal(fields)).toEqual({ errorMessages: [], errors });
    expect(await site.control.issues()).toEqual([]);
  });

  test('needs what its type requires, every missing field named at once', async () => {
    const answer = await site.send('POST', '/issue', { fields: { project: { key: 'AUD' }, issuetype: { name: 'Audit Finding' } } });
    expect(answer.body).toEqual({
      errorMessages: [],
      errors: { summary: 'You must specify a summary of the issue.', customfield_10057: 'Severity is required.' },
    });
  });

  test('may be one of many: the others fail alone', async () => {
    const updates = [{ fields: { ...improvement, summary: 'good' } }, { fields: { ...improvement } }];
    const answer = await site.send('POST', '/issue/bulk', { issueUpdates: updates });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ issues: [{ key: 'IMP-1' }], errors: [{ status: 400, failedElementNumber: 1 }] });
  });
});

describe('a document', () => {
  const doc = (...content: readonly object[]): object => ({ type: 'doc', version: 1, content });
  const text = { type: 'text', text: 'x' };

  test.each([
    [
      'every node the product writes',
      doc(
        { type: 'heading', attrs: { level: 2 }, content: [text] },
        {
          type: 'bulletList',
          content: [
            {
              type: 'listItem',
              content: [{ type: 'paragraph', content: [{ ...text, marks: [{ type: 'link', attrs: { href: 'https://a.example' } }] }] }],
            },
          ],
        },
        { type: 'panel', attrs: { panelType: 'info' }, content: [{ type: 'paragraph', content: [text, { type: 'hardBreak' }] }] },
        { type: 'codeBlock', attrs: {}, content: [text] },
        {
          type: 'table',
          content: [{ type: 'tableRow', content: [{ type: 'tableHeader', content: [{ type: 'paragraph', content: [text] }] }] }],
        },
        { type: 'rule' },
      ),
    ],
    ['an empty paragraph', doc({ type: 'paragraph' })],
  ])('is taken with %s', async (_, description) => {
    expect((await site.get<Shown>(`/issue/${await create({ description })}`)).fields['description']).toEqual(description);
  });

  test.each([
    ['an empty text node', doc({ type: 'paragraph', content: [{ type: 'text', text: '' }] })],
    ['an unknown node', doc({ type: 'marquee', content: [text] })],
    ['text outside a block', doc(text)],
    ['a block inside a paragraph', doc({ type: 'paragraph', content: [{ type: 'paragraph', content: [text] }] })],
    ['an unknown mark', doc({ type: 'paragraph', content: [{ ...text, marks: [{ type: 'blink' }] }] })],
    ['an empty list', doc({ type: 'bulletList', content: [] })],
    ['a heading without level', doc({ type: 'heading', content: [text] })],
  ])('is refused with %s', async (_, description) => {
    expect(await refusal({ description })).toEqual({ errorMessages: ['INVALID_INPUT'], errors: {} });
  });
});

describe('what may be set', () => {
  interface Meta {
    readonly total: number;
    readonly fields: readonly {
      readonly fieldId: string;
      readonly required: boolean;
      readonly allowedValues?: readonly { readonly value?: string }[];
    }[];
  }

  test('is told per project and type before anything is created', async () => {
    const types = await site.get<{ issueTypes: readonly { id: string; name: string }[] }>('/issue/createmeta/AUD/issuetypes');
    expect(types.issueTypes.map((type) => type.name)).toEqual(['Audit Finding']);
    const meta = await site.get<Meta>(`/issue/createmeta/AUD/issuetypes/${types.issueTypes[0]?.id ?? ''}?maxResults=200`);
    expect(meta.fields.filter((field) => field.required).map((field) => field.fieldId)).toEqual([
      'project',
      'issuetype',
      'summary',
      'customfield_10057',
    ]);
    const severity = meta.fields.find((field) => field.fieldId === 'customfield_10057');
    expect(severity?.allowedValues?.map((value) => value.value)).toEqual(['Major', 'Minor', 'Observation']);
  });

  test('comes in pages of at most 200', async () => {
    const page = await site.get<Meta>('/issue/createmeta/IMP/issuetypes/10100?startAt=15&maxResults=5');
    expect(page.fields).toHaveLength(page.total - 15);
    const answer = await site.send('GET', '/issue/createmeta/IMP/issuetypes?maxResults=201');
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errorMessages: ["Parameter 'maxResults' must not exceed the limit '200'"] });
  });

  test('follows the screens: a field that is taken off can no longer be set, nor is it offered', async () => {
    await site.control.screens({ project: 'IMP', type: 'Improvement', create: ['project', 'issuetype', 'summary'], edit: ['summary'] });
    expect(JSON.stringify(await refusal({ labels: ['gt'] }))).toContain("Field 'labels' cannot be set.");
    const id = await create();
    expect(Object.keys((await site.get<{ fields: object }>(`/issue/${id}/editmeta`)).fields)).toEqual(['summary']);
    expect((await site.send('PUT', `/issue/${id}`, { fields: { labels: ['gt'] } })).status).toBe(400);
  });
});

describe('an edit', () => {
  test('changes what it names and leaves a changelog entry', async () => {
    const id = await create({ labels: ['a'] });
    await site.control.advance(1000);
    const answer = await site.send('PUT', `/issue/${id}`, {
      fields: { summary: 'Other' },
      update: { labels: [{ add: 'b' }, { remove: 'a' }] },
    });
    expect(answer.status).toBe(204);
    const shown = await site.get<Shown>(`/issue/${id}`);
    expect(shown.fields).toMatchObject({ summary: 'Other', labels: ['b'], updated: '2026-01-01T00:00:01.000+0000' });
    const [raw] = await site.control.issues({ ids: [id] });
    expect(raw?.changelog).toMatchObject([
      {
        author: accountIds.bot,
        items: [
          { field: 'summary', fieldtype: 'jira', from: null, fromString: 'Rehearse restores', to: null, toString: 'Other' },
          { field: 'labels', fromString: 'a', toString: 'b' },
        ],
      },
    ]);
  });

  test('that changes nothing moves no stamp', async () => {
    const id = await create({ labels: ['a'] });
    await site.control.advance(1000);
    expect((await site.send('PUT', `/issue/${id}`, { fields: { labels: ['a'] } })).status).toBe(204);
    expect((await site.get<Shown>(`/issue/${id}`)).fields['updated']).toBe('2026-01-01T00:00:00.000+0000');
  });

  test('cannot move the issue along its workflow', async () => {
    const id = await create();
    expect((await site.send('PUT', `/issue/${id}`, { fields: { summary: 'y' }, transition: { id: '12' } })).status).toBe(204);
    expect((await site.get<Shown>(`/issue/${id}`)).fields['status']).toMatchObject({ name: 'Proposed' });
  });
});

describe('a transition', () => {
  interface Offered {
    readonly transitions: readonly {
      readonly id: string;
      readonly name: string;
      readonly to: { readonly name: string };
      readonly fields?: Readonly<Record<string, { readonly required: boolean }>>;
    }[];
  }

  test('is offered from the current status only; several lead to the same one', async () => {
    const id = await create();
    const offered = await site.get<Offered>(`/issue/${id}/transitions?expand=transitions.fields`);
    expect(offered.transitions.filter((each) => each.to.name === 'Approved').map((each) => each.name)).toEqual([
      'Approve',
      'Approve without comment',
    ]);
    expect(offered.transitions.some((each) => each.to.name === 'Closed')).toBe(false);
    expect(offered.transitions[0]?.fields).toMatchObject({ [rationale]: { required: true } });
    expect((await site.get<Offered>(`/issue/${id}/transitions`)).transitions[0]).not.toHaveProperty('fields');
  });

  test('may keep quiet about the resolution that it requires', async () => {
    const id = await create();
    await site.control.switches({ transitionFieldsHideResolution: true });
    const offered = await site.get<Offered>(`/issue/${id}/transitions?expand=transitions.fields&transitionId=13`);
    expect(Object.keys(offered.transitions[0]?.fields ?? {})).toEqual([rationale]);
    const answer = await site.send('POST', `/issue/${id}/transitions`, {
      transition: { id: '13' },
      fields: { [rationale]: paragraph('no') },
    });
    expect(answer.body).toEqual({ errorMessages: [], errors: { resolution: 'Resolution is required.' } });
  });

  test.each([
    [{}, { errorMessages: ["Missing 'transition' identifier"], errors: {} }],
    [{ transition: { id: '24' } }, { errorMessages: ["Transition id '24' is not valid for this issue."], errors: {} }],
    [{ transition: { id: '11' } }, { errorMessages: [], errors: { [rationale]: 'Decision rationale is required.' } }],
    [
      { transition: { id: '12' }, fields: { [rationale]: paragraph('x') } },
      {
        errorMessages: [],
        errors: { [rationale]: `Field '${rationale}' cannot be set. It is not on the appropriate screen, or unknown.` },
      },
    ],
  ])('is refused with %j', async (body, refused) => {
    const id = await create();
    const answer = await site.send('POST', `/issue/${id}/transitions`, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(refused);
    expect((await site.get<Shown>(`/issue/${id}`)).fields['status']).toMatchObject({ name: 'Proposed' });
  });

  test('to a done status resolves the issue, and back again unresolves it', async () => {
    const id = await create();
    await site.control.advance(1000);
    const rejected = await site.send('POST', `/issue/${id}/transitions`, {
      transition: { id: '13' },
      fields: { [rationale]: paragraph('too dear'), resolution: { name: "Won't Do" } },
    });
    expect(rejected.status).toBe(204);
    const shown = await site.get<Shown>(`/issue/${id}`);
    expect(shown.fields).toMatchObject({ resolution: { name: "Won't Do" }, resolutiondate: '2026-01-01T00:00:01.000+0000' });
    expect((await site.send('POST', `/issue/${id}/transitions`, { transition: { id: '16' } })).status).toBe(204);
    expect((await site.get<Shown>(`/issue/${id}`)).fields).toMatchObject({
      resolution: null,
      resolutiondate: null,
      status: { name: 'Proposed' },
    });
  });

  test('by a person needs a step of the workflow, unless forced', async () => {
    const id = await create();
    await expect(site.control.transition(id, { to: 'Closed', by: 'Priya Raman' })).rejects.toThrow(
      "no transition leads from 'Proposed' to 'Closed'",
    );
    await expect(site.control.transition(id, { to: 'Rejected', by: 'Priya Raman' })).rejects.toThrow('requires fields');
    const approved = await site.control.transition(id, { to: 'Approved', by: 'Marcus Feld', fields: { 'Decision rationale': 'worth it' } });
    expect(approved).toMatchObject({
      status: 'Approved',
      changelog: [{ author: accountIds.approver, items: [{ field: 'Decision rationale' }, { field: 'status', toString: 'Approved' }] }],
    });
    expect((await site.control.transition(id, { to: 'Closed', by: 'Priya Raman', force: true })).status).toBe('Closed');
  });
});
