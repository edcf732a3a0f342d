import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Cursor, OpenConnector } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';

const start = Date.parse('2026-11-21T08:00:00.000Z');
const settleMs = 300_000;

/** An issue, as the database has it and as the search index, a little behind, has it. */
interface Issue {
  readonly id: number;
  updated: number;
  revision: number;
  indexed: number;
}

/** A Jira whose search orders and filters by the index and delivers the issues themselves as the database has them at that moment. */
class World {
  now = start;
  readonly issues: Issue[] = [];
  private readonly waiting: { readonly at: number; readonly issue: Issue; readonly updated: number }[] = [];

  touch(issue: Issue, lagMs: number): void {
    issue.updated = this.now;
    issue.revision += 1;
    this.waiting.push({ at: this.now + lagMs, issue, updated: this.now });
  }

  search(from: number, limit: number): { readonly found: readonly Issue[]; readonly more: boolean } {
    for (const entry of this.waiting) if (entry.at <= this.now) entry.issue.indexed = Math.max(entry.issue.indexed, entry.updated);
    const matching = this.issues.filter((issue) => issue.indexed >= from).toSorted((a, b) => a.indexed - b.indexed || a.id - b.id);
    return { found: matching.slice(0, limit), more: matching.length > limit };
  }
}

let world = new World();

/** Only what reading one stream needs; everything else about Jira is tried against its simulator. */
function answer(path: string, body: unknown): unknown {
  if (path.startsWith('/rest/api/3/myself')) return { accountId: 'a' };
  if (path.startsWith('/rest/api/3/field')) return [];
  if (path.startsWith('/rest/api/3/jql/parse')) return { queries: [{ query: 'x' }] };
  const { jql, maxResults } = body as { readonly jql: string; readonly maxResults: number };
  const { found, more } = world.search(Number(/updated >= (\d+)/.exec(jql)?.[1]), maxResults);
  const issues = found.map((issue) => ({
    id: String(issue.id),
    key: `A-${issue.id}`,
    fields: { summary: `revision ${issue.revision}`, updated: new Date(issue.updated).toISOString() },
  }));
  return { issues, nextPageToken: more ? 'more' : null };
}

const server = createServer((request, response) => {
  void text(request).then((sent) => {
    response.setHeader('content-type', 'application/json');
    response.setHeader('date', new Date(world.now).toUTCString());
    response.end(JSON.stringify(answer(request.url ?? '', sent === '' ? undefined : JSON.parse(sent))));
  });
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

function open(): OpenConnector {
  const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = jira.config.parse({ site, auth: { type: 'bearer', token: 'abcdef' }, streams: { improvement: { jql: 'project = A' } } });
  return jira.open(config, testContext({ system: 'jira', retries: 0 }).context) as OpenConnector;
}

describe('a search index that is behind the issues that it delivers', () => {
  test('loses no issue, whatever is changed while the stream is read', async () => {
    const step = fc.record({
      touch: fc.nat(),
      lagMs: fc.integer({ min: 0, max: settleMs - 2_000 }),
      passMs: fc.integer({ min: 1_000, max: 200_000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(step, { maxLength: 25 }),
        async (count, pageSize, steps) => {
          world = new World();
          for (let id = 1; id <= count; id += 1)
            world.issues.push({ id, updated: start - 9e8 + id * 1e7, revision: 0, indexed: start - 9e8 + id * 1e7 });
          const [stream] = open().streams;
          const held = new Map<string, string>();
          let cursor: Cursor | undefined;
          const readOn = async (): Promise<boolean> => {
            const page = await stream!.read(cursor, { since: '2026-01-01T00:00:00.000Z', pageSize, settleMs });
            for (const record of page.records) held.set(record.ref.key, record.data['summary'] as string);
            cursor = page.cursor;
            return page.done;
          };
          for (const { touch, lagMs, passMs } of steps) {
            await readOn();
            world.touch(world.issues[touch % count]!, lagMs);
            world.now += passMs;
          }
          world.now += 2 * settleMs;
          for (let runs = 0; runs < 2;) if (await readOn()) runs += 1;
          expect(Object.fromEntries(held)).toEqual(
            Object.fromEntries(world.issues.map((issue) => [String(issue.id), `revision ${issue.revision}`])),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('shows an issue that is touched all the time within two runs', async () => {
    world = new World();
    for (let id = 1; id <= 5; id += 1) world.issues.push({ id, updated: start - id * 1e7, revision: 0, indexed: start - id * 1e7 });
    const [stream] = open().streams;
    let cursor: Cursor | undefined;
    const shown: string[] = [];
    for (let runs = 0; runs < 2;) {
      world.now += 10_000;
      world.touch(world.issues[2]!, 5_000);
      const page = await stream!.read(cursor, { since: '2026-01-01T00:00:00.000Z', pageSize: 2, settleMs });
      shown.push(...page.records.filter((record) => record.ref.key === '3').map((record) => record.data['summary'] as string));
      cursor = page.cursor;
      if (page.done) runs += 1;
    }
    expect(shown.length).toBeGreaterThan(0);
  });
});
