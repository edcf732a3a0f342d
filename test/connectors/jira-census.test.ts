import { afterAll, beforeEach, afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Cursor, OpenConnector, Stream } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { configFor, type Site, startSite } from './jira-subject.js';

let site: Site;
let stream: Stream;

beforeEach(async () => {
  site = await startSite();
  stream = open();
});
afterEach(() => site.close());
afterAll(() => undefined);

function open(token = 'bot-token'): Stream {
  const { context } = testContext({ system: 'jira', secrets: [token] });
  const connector = jira.open(jira.config.parse(configFor(site.url, token)), context) as OpenConnector;
  return connector.streams.find((one) => one.name === 'improvement')!;
}

async function census(pageSize: number, between: () => Promise<void> = async () => undefined): Promise<readonly string[]> {
  const keys: string[] = [];
  let cursor: Cursor | undefined;
  for (let pages = 0; pages < 200; pages += 1) {
    const page = await stream.keys!(cursor, { pageSize });
    keys.push(...page.keys);
    if (page.done) return keys;
    cursor = JSON.parse(JSON.stringify(page.cursor)) as Cursor;
    await between();
  }
  throw new Error('the census does not end');
}

const insert = async (count: number, project = 'IMP'): Promise<readonly string[]> =>
  (await site.control.insert(Array.from({ length: count }, (_, i) => ({ project, summary: `Number ${i}` })))).map(({ id }) => id);

const bot = async (): Promise<string> =>
  (await site.control.world()).people.find((person) => person.email === 'bot@example.com')?.accountId ?? '';

describe('a census', () => {
  test('lists every issue of the query once, and no other', async () => {
    const ids = await insert(7);
    await site.control.advance(3_600_000);
    ids.concat(await insert(5));
    await insert(3, 'AUD');
    for (const pageSize of [1, 2, 5, 100]) {
      const keys = await census(pageSize);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.toSorted()).toEqual((await site.control.issues({ project: 'IMP' })).map(({ id }) => id).toSorted());
    }
  });

  test('lists what is there all the while, whatever is edited, moved or deleted between its pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.nat(19), do: fc.constantFrom('edit', 'move', 'remove', 'create') }), { minLength: 2, maxLength: 8 }),
        fc.integer({ min: 1, max: 6 }),
        async (events, pageSize) => {
          const ids: string[] = [];
          for (let i = 0; i < 4; i += 1) {
            ids.push(...(await insert(5)));
            await site.control.advance(45_000);
          }
          const left = new Set(ids);
          const queue = [...events];
          const keys = await census(pageSize, async () => {
            const event = queue.pop();
            const id = ids[event?.at ?? 0] ?? '';
            if (event === undefined || (event.do !== 'create' && !left.has(id))) return;
            if (event.do === 'create') await insert(1);
            if (event.do === 'edit')
              await site.control.edit(id, { by: 'owner@example.com', fields: { summary: `Edited ${queue.length}` } });
            if (event.do === 'move') await site.control.move(id, 'AUD');
            if (event.do === 'remove') await site.control.remove(id);
            if (event.do === 'move' || event.do === 'remove') left.delete(id);
          });
          const listed = new Set(keys);
          expect([...left].filter((id) => !listed.has(id))).toEqual([]);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('goes on where more issues were created in one minute than Jira puts on a page', async () => {
    await site.control.switches({ pageCapWithFields: 20 });
    await insert(70);
    await site.control.advance(120_000);
    await insert(10);
    const keys = await census(15);
    expect(new Set(keys).size).toBe(80);
    expect(keys).toHaveLength(80);
  });

  test('is not believed when Jira answered it as for an anonymous caller', async () => {
    await insert(3);
    await census(10);
    await site.control.addFaults({ kind: 'anonymous', match: { path: '/search/jql$' }, times: 1 });
    await expect(census(10)).rejects.toMatchObject({ kind: 'transient' });
  });
});

describe('the whereabouts of an issue', () => {
  test('tell what is here, out of scope and archived from what is gone', async () => {
    const [here, moved, archived, deleted, hidden] = (await insert(5)) as [string, string, string, string, string];
    await site.control.move(moved, 'AUD');
    await site.control.archive(archived);
    await site.control.remove(deleted);
    await site.control.hide(hidden, await bot());
    expect(Object.fromEntries(await stream.whereabouts!([here, moved, archived, deleted, hidden, '999999']))).toEqual({
      [here]: 'here',
      [moved]: 'out-of-scope',
      [archived]: 'archived',
      [deleted]: 'unknown',
      [hidden]: 'unknown',
      '999999': 'unknown',
    });
  });

  test('of an issue that the index does not know yet are here: its lag deletes nothing', async () => {
    await site.control.switches({ indexLagMs: 600_000 });
    const ids = await insert(60);
    expect(await census(10)).toEqual([]);
    const where = await stream.whereabouts!(ids);
    expect(ids.every((id) => where.get(id) === 'here')).toBe(true);
  });

  test('of an issue that moved and is still listed by the index are out of scope', async () => {
    const [id = ''] = await insert(1);
    await site.control.switches({ indexLagMs: 600_000 });
    await site.control.move(id, 'AUD');
    expect(await census(10)).toEqual([id]);
    expect((await stream.whereabouts!([id])).get(id)).toBe('out-of-scope');
  });

  test('are not told when the account has lost the project: nothing in it is taken for deleted, and it comes back', async () => {
    const ids = await insert(3);
    await census(10);
    const bot = (await site.control.world()).people.find((person) => person.email === 'bot@example.com')!;
    await site.control.people({ ...bot, blind: ['IMP'] });
    await expect(stream.whereabouts!(ids)).rejects.toMatchObject({ kind: 'auth', message: expect.stringContaining('IMP') });
    await site.control.people({ ...bot, blind: [] });
    expect([...(await stream.whereabouts!(ids)).values()]).toEqual(['here', 'here', 'here']);
  });

  test('of issues beside deleted ones are not lost with them', async () => {
    const ids = await insert(120);
    for (const id of ids.filter((_, i) => i % 3 === 0)) await site.control.remove(id);
    const where = await stream.whereabouts!(ids);
    expect(ids.map((id) => where.get(id))).toEqual(ids.map((_, i) => (i % 3 === 0 ? 'unknown' : 'here')));
  });
});

describe('issues by id', () => {
  test('come a hundred at a time, under their new key after a move, without those that are gone', async () => {
    const ids = await insert(150);
    await site.control.move(ids[1]!, 'AUD');
    await site.control.remove(ids[2]!);
    const before = (await site.control.journal()).length;
    const records = await stream.get!(ids);
    const asked = (await site.control.journal(before)).filter((entry) => entry.path.endsWith('/bulkfetch'));
    expect(asked).toHaveLength(2);
    expect(records).toHaveLength(149);
    expect(records.find((record) => record.ref.key === ids[1])?.number).toBe('AUD-1');
  });
});
