import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { idOf, requestsOf, runOf, streamOf } from './servicenow-reading.js';
import { type Simulated, simulate } from './servicenow-simulated.js';

describe('what reading ServiceNow costs', () => {
  let simulated: Simulated;
  beforeEach(async () => {
    simulated = await simulate();
  });
  afterEach(() => simulated.close());

  const change = (count: number): Promise<unknown> =>
    simulated.control.bulk(
      'incident',
      Array.from({ length: count }, (_, n) => ({ sys_id: idOf(n + 1), short_description: `at ${n}` })),
    );

  test('an idle poll of a stream is one request', async () => {
    await change(20);
    await simulated.control.advance(600_000);
    for (const { name } of simulated.open().streams) {
      const stream = streamOf(simulated.open(), name);
      const last = (await runOf(stream)).at(-1);
      await simulated.control.advance(600_000);
      const asked = await requestsOf(simulated, () => runOf(stream, last));
      expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([`GET /api/now/v2/table/${name}`]);
    }
  });

  test.each([1, 999, 1_000, 1_001, 2_500])(
    '%d changed records cost no more than two requests for each thousand, and one',
    async (count) => {
      await change(2_500);
      await simulated.control.advance(600_000);
      const stream = streamOf(simulated.open({ wanted: { incident: ['short_description', 'business_service.name'] } }), 'incident');
      const last = (await runOf(stream)).at(-1);
      await change(count);
      await simulated.control.advance(600_000);

      let received = 0;
      const asked = await requestsOf(simulated, async () => {
        for (const { records } of await runOf(stream, last)) received += records.length;
      });
      expect(received).toBe(count);
      expect(asked.length).toBeLessThanOrEqual(2 * Math.ceil(count / 1_000) + 1);
      expect(asked.filter(({ path }) => path.startsWith('/api/now/v2/table/incident/'))).toEqual([]);
    },
  );

  test('twelve hundred records of one second are read in as few requests', async () => {
    await change(1_200);
    await simulated.control.advance(600_000);
    const stream = streamOf(simulated.open(), 'incident');
    const asked = await requestsOf(simulated, async () => {
      const keys = (await runOf(stream)).flatMap(({ records }) => records.map(({ ref }) => ref.key));
      expect(new Set(keys).size).toBe(1_200);
    });
    expect(asked.length).toBeLessThanOrEqual(3);
  });

  test('five records are got by key in one request', async () => {
    await change(5);
    const stream = streamOf(simulated.open(), 'incident');
    const asked = await requestsOf(simulated, () => stream.get([1, 2, 3, 4, 5].map(idOf)));
    expect(asked).toHaveLength(1);
  });

  test('no request carries a cookie, though every answer sets one', async () => {
    await change(30);
    const open = simulated.open();
    await Promise.all(open.streams.map((stream) => runOf(stream)));
    const journal = await simulated.control.journal();
    expect(journal.length).toBeGreaterThan(4);
    expect(journal.filter(({ cookie }) => cookie === true)).toEqual([]);
  });

  test('no more than two requests are under way at once', async () => {
    await simulated.control.switches({ latencyMs: 20, semaphores: { size: 2, queue: 0 } });
    const open = simulated.open();
    await Promise.all(open.streams.map((stream) => runOf(stream)));
    expect((await simulated.control.journal()).filter(({ status }) => status !== 200)).toEqual([]);
  });
});
