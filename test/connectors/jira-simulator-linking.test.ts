import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Site, accountIds, paragraph, startSite } from './jira-simulator-client.js';

let site: Site;

beforeEach(async () => {
  site = await startSite();
  await site.control.insert([
    { project: 'IMP', summary: 'one' },
    { project: 'AUD', summary: 'two' },
  ]);
});

afterEach(() => site.close());

describe('a remote link', () => {
  const link = {
    globalId: 'csi=1',
    relationship: 'is triggered by',
    object: { title: 'INC1', url: 'https://a.example/1', summary: 'long' },
  };

  test('is made once per global id, and emptied of what the second request leaves out', async () => {
    const first = await site.send('POST', '/issue/IMP-1/remotelink', link);
    expect(first.status).toBe(201);
    const second = await site.send('POST', '/issue/IMP-1/remotelink', {
      globalId: 'csi=1',
      object: { title: 'INC1 closed', url: 'https://a.example/1' },
    });
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    const all = await site.get<readonly object[]>('/issue/IMP-1/remotelink');
    expect(all).toHaveLength(1);
    expect(all[0]).not.toHaveProperty('relationship');
    expect(all[0]).toMatchObject({ object: { title: 'INC1 closed' } });
    expect(await site.get('/issue/IMP-1/remotelink?globalId=csi%3D1')).toMatchObject({ globalId: 'csi=1' });
  });

  test('without a global id is another one each time', async () => {
    for (const title of ['a', 'a']) await site.send('POST', '/issue/IMP-1/remotelink', { object: { title, url: 'https://a.example' } });
    expect(await site.get('/issue/IMP-1/remotelink')).toHaveLength(2);
  });

  test('needs a title, and leaves the update stamp of the issue alone unless told', async () => {
    const answer = await site.send('POST', '/issue/IMP-1/remotelink', { object: { url: 'https://a.example' } });
    expect(answer.body).toEqual({ errorMessages: [], errors: { title: "'title' is required." } });
    await site.control.advance(1000);
    await site.send('POST', '/issue/IMP-1/remotelink', link);
    expect((await site.control.issues({ ids: ['IMP-1'] }))[0]?.updated).toBe('2026-01-01T00:00:00.000Z');
    await site.control.switches({ remoteLinkTouchesUpdated: true });
    await site.send('POST', '/issue/IMP-1/remotelink', link);
    expect((await site.control.issues({ ids: ['IMP-1'] }))[0]?.updated).toBe('2026-01-01T00:00:01.000Z');
  });

  test('is deleted only by a request that has a content type', async () => {
    await site.send('POST', '/issue/IMP-1/remotelink', link);
    expect((await site.send('DELETE', '/issue/IMP-1/remotelink?globalId=csi%3D1')).status).toBe(415);
    expect((await site.send('DELETE', '/issue/IMP-1/remotelink?globalId=csi%3D1', '')).status).toBe(204);
    expect(await site.get('/issue/IMP-1/remotelink')).toEqual([]);
  });
});

describe('a link between issues', () => {
  const link = { type: { name: 'Problem/Incident' }, inwardIssue: { key: 'IMP-1' }, outwardIssue: { key: 'AUD-1' } };

  test('reads from the inward issue outward, and is made only once', async () => {
    expect((await site.send('POST', '/issueLink', link)).status).toBe(201);
    expect((await site.send('POST', '/issueLink', link)).status).toBe(201);
    const from = await site.get<{ fields: { issuelinks: readonly object[] } }>('/issue/IMP-1?fields=issuelinks');
    const to = await site.get<{ fields: { issuelinks: readonly object[] } }>('/issue/AUD-1?fields=issuelinks');
    expect(from.fields.issuelinks).toMatchObject([{ type: { outward: 'causes' }, outwardIssue: { key: 'AUD-1' } }]);
    expect(to.fields.issuelinks).toMatchObject([{ type: { inward: 'is caused by' }, inwardIssue: { key: 'IMP-1' } }]);
    expect((await site.control.issues({ ids: ['IMP-1'] }))[0]?.changelog).toMatchObject([
      { items: [{ field: 'Link', toString: 'This issue causes AUD-1' }] },
    ]);
  });

  test('of an unknown type is refused', async () => {
    const answer = await site.send('POST', '/issueLink', { ...link, type: { name: 'Haunts' } });
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({ errorMessages: ["No issue link type with name 'Haunts' found."], errors: {} });
  });
});

test('an entity property is new, then replaced, never merged, and gone when deleted', async () => {
  const path = '/issue/IMP-1/properties/gt.ref';
  expect((await site.send('PUT', path, { a: 1, b: 2 })).status).toBe(201);
  expect((await site.send('PUT', path, { a: 3 })).status).toBe(200);
  expect(await site.get(path)).toEqual({ key: 'gt.ref', value: { a: 3 } });
  expect((await site.send('PUT', path, { a: 'x'.repeat(33_000) })).status).toBe(400);
  expect((await site.send('DELETE', path)).status).toBe(204);
  expect((await site.send('GET', path)).status).toBe(404);
});

test('a comment must be a document; it can be edited, moves the stamp, and leaves no changelog entry', async () => {
  const plain = await site.send('POST', '/issue/IMP-1/comment', { body: 'plain' });
  expect(plain.status).toBe(400);
  expect(plain.body).toEqual({ errorMessages: [], errors: { comment: 'Comment body is not valid!' } });
  await site.control.advance(1000);
  const made = await site.send('POST', '/issue/IMP-1/comment', { body: paragraph('first') });
  expect(made.status).toBe(201);
  const { id } = made.body as { id: string };
  expect((await site.send('PUT', `/issue/IMP-1/comment/${id}`, { body: paragraph('second') })).status).toBe(200);
  expect(await site.get('/issue/IMP-1/comment')).toMatchObject({ total: 1, comments: [{ id, body: paragraph('second') }] });
  const [raw] = await site.control.issues({ ids: ['IMP-1'] });
  expect(raw).toMatchObject({ updated: '2026-01-01T00:00:01.000Z', changelog: [], comments: [{ text: 'second', author: accountIds.bot }] });
});

describe('the changelog', () => {
  test('comes oldest first, a hundred a page; the expanded one newest first, forty at most', async () => {
    for (let edit = 1; edit <= 105; edit += 1) {
      await site.control.advance(1000);
      await site.control.edit('IMP-1', { by: 'Priya Raman', fields: { summary: `edit ${edit}` } });
    }
    interface Log {
      readonly total: number;
      readonly isLast: boolean;
      readonly values: readonly { readonly id: string; readonly items: readonly { readonly toString: string }[] }[];
    }
    const first = await site.get<Log>('/issue/IMP-1/changelog?maxResults=500');
    expect([first.values.length, first.total, first.isLast]).toEqual([100, 105, false]);
    expect(first.values[0]?.items[0]?.toString).toBe('edit 1');
    const rest = await site.get<Log>('/issue/IMP-1/changelog?startAt=100');
    expect(rest.values.map((change) => change.items[0]?.toString)).toEqual(['edit 101', 'edit 102', 'edit 103', 'edit 104', 'edit 105']);
    expect(rest.isLast).toBe(true);
    const { changelog } = await site.get<{ changelog: { total: number; histories: Log['values'] } }>('/issue/IMP-1?expand=changelog');
    expect([changelog.histories.length, changelog.total, changelog.histories[0]?.items[0]?.toString]).toEqual([40, 105, 'edit 105']);
  });

  test('of several issues comes in one answer, filtered by field, in the unit the site uses', async () => {
    await site.control.advance(1000);
    await site.control.edit('AUD-1', { by: 'Priya Raman', fields: { summary: 'x', priority: 'High' } });
    await site.control.advance(1000);
    await site.control.edit('IMP-1', { by: 'Marcus Feld', fields: { labels: ['x'] } });
    const ask = { issueIdsOrKeys: ['IMP-1', 'AUD-1', 'NOPE-1'], fieldIds: ['priority'] };
    const answer = await site.send('POST', '/changelog/bulkfetch', ask);
    expect(answer.body).toMatchObject({
      issueChangeLogs: [
        {
          issueId: '10002',
          changeHistories: [
            { created: Date.parse('2026-01-01T00:00:01Z'), items: [{ field: 'priority', fromString: 'Medium', toString: 'High' }] },
          ],
        },
      ],
    });
    await site.control.switches({ bulkChangelogUnit: 's' });
    expect(JSON.stringify((await site.send('POST', '/changelog/bulkfetch', ask)).body)).toContain(
      `"created":${Date.parse('2026-01-01T00:00:01Z') / 1000}`,
    );
  });
});
