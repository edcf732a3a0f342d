import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SearchPage, type Site, startMs, startSite } from './jira-simulator-client.js';

let site: Site;

beforeEach(async () => {
  site = await startSite();
});

afterEach(() => site.close());

const oldestFirst = 'project = AUD ORDER BY updated ASC, key ASC';
const minute = 60_000;

/** Findings one minute apart, the last one now. */
async function insertFindings(count: number): Promise<readonly string[]> {
  const issues = Array.from({ length: count }, (_, index) => ({
    project: 'AUD',
    summary: `Finding ${index + 1}`,
    updated: new Date(startMs - (count - 1 - index) * minute).toISOString(),
  }));
  return (await site.control.insert(issues)).map((issue) => issue.id);
}

async function page(ask: object): Promise<SearchPage> {
  const answer = await site.send('POST', '/search/jql', { jql: oldestFirst, fields: ['summary'], ...ask });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body as SearchPage;
}

const keysOf = (result: SearchPage): readonly string[] => result.issues.map((issue) => issue.key);

describe('pages', () => {
  test('show the id alone unless fields are asked for', async () => {
    await insertFindings(1);
    const answer = await site.send('POST', '/search/jql', { jql: 'project = AUD' });
    expect(answer.body).toEqual({ issues: [{ id: '10001' }], isLast: true });
  });

  test('hold fifty issues unless told otherwise, and a token to the rest', async () => {
    await insertFindings(51);
    const first = await page({});
    expect(first.issues).toHaveLength(50);
    expect(first.isLast).toBe(false);
    const second = await page({ nextPageToken: first.nextPageToken });
    expect(keysOf(second)).toEqual(['AUD-51']);
    expect(second.isLast).toBe(true);
    expect(second).not.toHaveProperty('nextPageToken');
  });

  test('end with a null token where the site does so', async () => {
    await insertFindings(1);
    await site.control.switches({ lastToken: 'null' });
    expect(await page({})).toMatchObject({ nextPageToken: null, isLast: true });
  });

  test('are the same by GET', async () => {
    await insertFindings(3);
    const query = new URLSearchParams({ jql: oldestFirst, fields: 'summary', maxResults: '2' });
    const byGet = await site.get<SearchPage>(`/search/jql?${query.toString()}`);
    expect(byGet).toEqual(await page({ maxResults: 2 }));
  });

  test('may hold fewer issues than asked, none of them lost', async () => {
    await insertFindings(40);
    await site.control.switches({ shortPages: 0.5 });
    const seen: string[] = [];
    const sizes: number[] = [];
    let token: string | null | undefined;
    do {
      const next = await page({ maxResults: 10, ...(typeof token === 'string' && { nextPageToken: token }) });
      seen.push(...keysOf(next));
      sizes.push(next.issues.length);
      token = next.nextPageToken;
    } while (typeof token === 'string');
    expect(seen).toEqual(Array.from({ length: 40 }, (_, index) => `AUD-${index + 1}`));
    expect(sizes).toContain(5);
  });

  test('can be empty without being the last, where issues are taken out after the page was cut', async () => {
    const ids = await insertFindings(4);
    const bot = (await site.get<{ accountId: string }>('/myself')).accountId;
    for (const id of ids.slice(0, 2)) await site.control.hide(id, bot);
    await site.control.switches({ filterAfterPage: true });
    const first = await page({ maxResults: 2 });
    expect(first).toMatchObject({ issues: [], isLast: false });
    expect(keysOf(await page({ maxResults: 2, nextPageToken: first.nextPageToken }))).toEqual(['AUD-3', 'AUD-4']);
  });

  test('carry names and entity properties when asked', async () => {
    await site.control.insert([{ project: 'AUD', summary: 'x', properties: { 'gt.ref': { a: 1 } } }]);
    expect(await page({ expand: 'names', properties: ['gt.ref', 'other'] })).toMatchObject({
      names: { summary: 'Summary' },
      issues: [{ properties: { 'gt.ref': { a: 1 } } }],
    });
  });
});

describe('what search refuses', () => {
  test.each([
    [{ maxResults: 0 }, 'The max results parameter has to be between 1 and 5,000.'],
    [{ maxResults: 5001 }, 'The max results parameter has to be between 1 and 5,000.'],
    [{ nextPageToken: 'garbage' }, 'The provided next page token is invalid or expired.'],
  ])('%j', async (ask, sentence) => {
    const answer = await site.send('POST', '/search/jql', { jql: oldestFirst, ...ask });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ errorMessages: [sentence], errors: {} });
  });

  test.each([[{ colour: 1 }], [{ maxResults: 'x' }], [{ fields: 'summary' }], [{ reconcileIssues: ['AUD-1'] }]])(
    'a body outside its schema: %j',
    async (ask) => {
      const answer = await site.send('POST', '/search/jql', { jql: oldestFirst, ...ask });
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({ errorMessages: ['Invalid request payload. Refer to the REST API documentation and try again.'] });
    },
  );

  test('a token of another query, and one that is older than seven days', async () => {
    await insertFindings(3);
    const { nextPageToken } = await page({ maxResults: 1 });
    const other = await site.send('POST', '/search/jql', { jql: 'project = AUD', nextPageToken });
    expect(other.status).toBe(400);
    await site.control.advance(8 * 86_400_000);
    await expect(page({ nextPageToken })).rejects.toThrow('invalid or expired');
  });

  test('the endpoint that was removed', async () => {
    const answer = await site.send('GET', '/search?jql=project%20%3D%20AUD');
    expect(answer.status).toBe(410);
    expect(JSON.stringify(answer.body)).toContain('The requested API has been removed.');
  });
});

describe('a token', () => {
  test('that is an offset skips a row when one in front of it is edited while paging', async () => {
    const ids = await insertFindings(6);
    const first = await page({ maxResults: 3 });
    await site.control.advance(minute);
    await site.control.edit(ids[0] ?? '', { by: 'Priya Raman', fields: { summary: 'changed' } });
    const second = await page({ maxResults: 3, nextPageToken: first.nextPageToken });
    expect(keysOf(second)).toEqual(['AUD-5', 'AUD-6', 'AUD-1']); // AUD-4 has slipped onto the first page
  });

  test('of a snapshot shows the result as it stood, each issue as it is', async () => {
    await site.control.switches({ tokenSemantics: 'snapshot' });
    const ids = await insertFindings(6);
    const first = await page({ maxResults: 3 });
    await site.control.advance(minute);
    await site.control.edit(ids[0] ?? '', { by: 'Priya Raman', fields: { summary: 'changed' } });
    await site.control.edit(ids[4] ?? '', { by: 'Priya Raman', fields: { summary: 'changed too' } });
    const second = await page({ maxResults: 3, nextPageToken: first.nextPageToken });
    expect(keysOf(second)).toEqual(['AUD-4', 'AUD-5', 'AUD-6']);
    expect(second.issues[1]?.fields['summary']).toBe('changed too');
  });
});

describe('the index', () => {
  test('shows a write only after its lag, while GET and bulkfetch show it at once', async () => {
    await site.control.switches({ indexLagMs: 30_000 });
    const [id = ''] = await insertFindings(1);
    expect(await site.find('project = AUD')).toEqual([]);
    expect((await site.send('GET', `/issue/${id}`)).status).toBe(200);
    expect((await site.send('POST', '/issue/bulkfetch', { issueIdsOrKeys: ['AUD-1'] })).body).toMatchObject({ issues: [{ id }] });
    await site.control.advance(29_999);
    expect(await site.find('project = AUD')).toEqual([]);
    await site.control.advance(1);
    expect(await site.find('project = AUD')).toEqual(['AUD-1']);
  });

  test('shows the older version of an edited issue, at its older place, and a deleted one still', async () => {
    const ids = await insertFindings(3);
    await site.control.switches({ indexLagMs: 30_000 });
    await site.control.edit(ids[0] ?? '', { by: 'Priya Raman', fields: { summary: 'new words' } });
    await site.control.remove(ids[1] ?? '');
    const lagging = await page({});
    expect(lagging.issues.map((issue) => issue.fields['summary'])).toEqual(['Finding 1', 'Finding 2', 'Finding 3']);
    await site.control.advance(30_000);
    expect((await page({})).issues.map((issue) => issue.fields['summary'])).toEqual(['new words', 'Finding 3']);
  });

  test('brings forward the issues that are to be reconciled, and only those', async () => {
    await site.control.switches({ indexLagMs: 30_000 });
    const [first, second] = await insertFindings(2);
    expect(keysOf(await page({ reconcileIssues: [Number(second)] }))).toEqual(['AUD-2']);
    expect(keysOf(await page({ reconcileIssues: [Number(first), Number(second)] }))).toEqual(['AUD-1', 'AUD-2']);
    await expect(page({ reconcileIssues: Array.from({ length: 51 }, (_, index) => index) })).rejects.toThrow('50');
  });

  test('may take longer for one issue than for the next', async () => {
    await site.control.insert([
      { project: 'AUD', summary: 'late', visibleInMs: 5000 },
      { project: 'AUD', summary: 'prompt' },
    ]);
    expect(await site.find('project = AUD')).toEqual(['AUD-2']);
    await site.control.advance(5000);
    expect(await site.find(oldestFirst)).toEqual(['AUD-1', 'AUD-2']);
  });

  test('may show an issue and then not, until its change has settled', async () => {
    await site.control.switches({ nonMonotonic: true, flickerMs: 10_000 });
    await insertFindings(1);
    const looks: number[] = [];
    for (let look = 0; look < 20; look += 1) looks.push((await site.find('project = AUD')).length);
    expect(new Set(looks)).toEqual(new Set([0, 1]));
    await site.control.advance(10_000);
    for (let look = 0; look < 5; look += 1) expect(await site.find('project = AUD')).toEqual(['AUD-1']);
  });

  test('rounds stamps where it is told to: a query by the millisecond then misses what it should find', async () => {
    await site.control.insert([{ project: 'AUD', summary: 'x', updated: new Date(startMs - 400).toISOString() }]);
    const jql = `project = AUD AND updated >= ${startMs - 500}`;
    expect(await site.find(jql)).toEqual(['AUD-1']);
    await site.control.switches({ indexResolutionMs: 1000 });
    expect(await site.find(jql)).toEqual([]);
    expect(await site.find(`project = AUD AND updated >= ${startMs - 1000}`)).toEqual(['AUD-1']);
  });

  test('is counted approximately: what search sees', async () => {
    await insertFindings(7);
    expect((await site.send('POST', '/search/approximate-count', { jql: 'project = AUD' })).body).toEqual({ count: 7 });
    expect((await site.send('POST', '/search/approximate-count', { jql: 'order by key' })).status).toBe(400);
  });
});

test('a site of 20,000 issues is read in pages of 2,000 by update stamp, each once, in order', async () => {
  const count = 20_000;
  const stamp = (index: number): string => new Date(startMs - ((index * 7919) % count) * 1000).toISOString();
  await site.control.insert(Array.from({ length: count }, (_, index) => ({ project: 'AUD', summary: `F${index}`, updated: stamp(index) })));
  const seen = new Set<string>();
  let from = startMs - count * 1000;
  let last = '';
  for (let done = false; !done;) {
    const next = await page({
      jql: `project = AUD AND updated >= ${from} ORDER BY updated ASC, key ASC`,
      maxResults: 2000,
      fields: ['updated'],
    });
    for (const issue of next.issues) {
      const updated = String(issue.fields['updated']);
      if (updated < last) throw new Error(`${issue.key} stamped ${updated} comes behind ${last}`);
      last = updated;
      seen.add(issue.id);
    }
    from = Date.parse(last);
    done = next.isLast;
  }
  expect(seen.size).toBe(count);
});
