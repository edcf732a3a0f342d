import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Json, JsonObject, Log, Page, ReadAsk, Stream } from 'golden-thread/kit';
import { Failure } from 'golden-thread/kit';
import { crossChecked } from '../../connectors/servicenow/cross-check.js';
import { tableApi } from '../../connectors/servicenow/table.js';
import { beginning, idOf, runOf, streamOf } from './servicenow-reading.js';
import { type Simulated, simulate } from './servicenow-simulated.js';

const ask: ReadAsk = { since: beginning, pageSize: 10 };
const horizon = '2026-11-21T11:58:00.000Z';

function recorder(): { readonly log: Log; readonly warnings: JsonObject[] } {
  const warnings: JsonObject[] = [];
  const quiet = (): void => undefined;
  return { warnings, log: { debug: quiet, info: quiet, error: quiet, warn: (_message, details) => void warnings.push(details ?? {}) } };
}

/** A page of a run over (beginning, horizon). */
function page(numbers: readonly number[], more: Partial<Page> = {}): Page {
  const records = numbers.map((n) => ({
    ref: { system: 'sn', stream: 'incident', key: idOf(n) },
    number: `INC${n}`,
    url: 'https://acme.example',
    updatedAt: '2026-11-20T00:00:00.000Z',
    data: {},
  }));
  const cursor = more.done === true ? { v: 1, from: horizon } : { v: 1, from: beginning, run: { horizon } };
  return {
    records,
    rejected: [],
    done: false,
    remoteNow: '2026-11-21T12:00:00.000Z',
    cursor,
    ...(more.done === true && { completeTo: horizon }),
    ...more,
  };
}

function reading(pages: readonly Page[]): Stream['read'] {
  let next = 0;
  return () => Promise.resolve(pages[next++] ?? page([], { done: true }));
}

async function runOver(pages: readonly Page[], count: () => Promise<number>): Promise<readonly JsonObject[]> {
  const { log, warnings } = recorder();
  const read = crossChecked(reading(pages), { table: 'incident', filter: undefined, api: { count }, log });
  for (let cursor: Page['cursor'] | undefined, done = false; !done;) ({ cursor, done } = await read(cursor, ask));
  return warnings;
}

describe('the count that a run is held against', () => {
  test('warns when the instance counts more than came', async () => {
    const warnings = await runOver([page([1, 2]), page([3], { done: true })], () => Promise.resolve(5));
    expect(warnings).toEqual([{ stream: 'incident', counted: 5, came: 3, unreadable: 0, from: beginning, to: horizon }]);
  });

  test('is silent about rows that the run itself told as unreadable, and about rows that moved on', async () => {
    expect(await runOver([page([1, 2], { unreadable: 2 }), page([3], { done: true })], () => Promise.resolve(5))).toEqual([]);
    expect(await runOver([page([1, 2], { done: true })], () => Promise.resolve(1))).toEqual([]);
  });

  test('is not asked for a run that brought nothing, nor for one that began in another process', async () => {
    const never = (): Promise<number> => Promise.reject(new Error('asked'));
    expect(await runOver([page([], { done: true })], never)).toEqual([]);
    const { log, warnings } = recorder();
    const read = crossChecked(reading([page([3], { done: true })]), { table: 'incident', filter: undefined, api: { count: never }, log });
    await read({ v: 1, from: beginning, run: { horizon } }, ask);
    expect(warnings).toEqual([]);
  });

  test('never makes a run fail, and is not asked for again where it is refused', async () => {
    let asked = 0;
    const { log } = recorder();
    const refuse = (): Promise<number> => {
      asked += 1;
      return Promise.reject(new Failure('config', 'the account may not aggregate'));
    };
    const read = crossChecked(reading([page([1], { done: true }), page([2], { done: true })]), {
      table: 'incident',
      filter: undefined,
      api: { count: refuse },
      log,
    });
    expect((await read(undefined, ask)).done).toBe(true);
    expect((await read(undefined, ask)).done).toBe(true);
    expect(asked).toBe(1);
  });
});

describe('an answer of the Aggregate API', () => {
  const countOf = (body: Json): Promise<number> => {
    const answer = { status: 200, headers: {}, body };
    const client = { request: () => Promise.resolve(answer) };
    return tableApi(client, client).count('incident', 'active=true');
  };

  test.each<[string, Json, number]>([
    ['without a group', { result: { stats: { count: '72' } } }, 72],
    ['as a list of one group', { result: [{ stats: { count: '7' }, groupby_fields: [] }] }, 7],
    ['that counts nothing', { result: { stats: { count: '0' } } }, 0],
  ])('%s is understood', async (_what, body, count) => {
    expect(await countOf(body)).toBe(count);
  });

  test.each<[string, Json]>([
    ['without statistics', { result: {} }],
    ['with a count that is none', { result: { stats: { count: 'many' } } }],
    ['with an empty list', { result: [] }],
  ])('%s is no count of zero', async (_what, body) => {
    await expect(countOf(body)).rejects.toMatchObject({ kind: 'contract' });
  });
});

describe('the count of a simulated instance', () => {
  let simulated: Simulated;
  beforeEach(async () => {
    simulated = await simulate();
  });
  afterEach(() => simulated.close());

  test('is asked for once per run that brought something, over the range and the filter of the run', async () => {
    await simulated.control.load('incident', [
      { sys_id: idOf(1), category: 'network' },
      { sys_id: idOf(2), category: 'software' },
    ]);
    await simulated.control.advance(600_000);
    const open = simulated.open({ config: { streams: { incident: { filter: 'category=network' } } } });
    await runOf(streamOf(open, 'incident'), undefined, 1);
    const counts = (await simulated.control.journal()).filter(({ path }) => path === '/api/now/stats/incident');
    expect(counts.map(({ query, status, ignored }) => ({ query, status, ignored }))).toEqual([
      {
        query: {
          sysparm_query: expect.stringMatching(
            /^category=network\^sys_updated_on>=2020-01-01 00:00:00\^sys_updated_on<2026-11-21 12:0[78]:\d\d$/,
          ),
          sysparm_count: 'true',
        },
        status: 200,
        ignored: undefined,
      },
    ]);
  });
});
