import { describe, expect, test } from '@jest/globals';
import { Failure } from 'golden-thread/kit';
import { pageSizeOf } from '../../connectors/servicenow/page-size.js';
import { paceOf } from '../../connectors/servicenow/pace.js';

function timed(): { readonly pace: ReturnType<typeof paceOf>; readonly slept: number[]; readonly pass: (ms: number) => void } {
  const slept: number[] = [];
  let now = 0;
  const sleep = (ms: number): Promise<void> => {
    slept.push(ms);
    now += ms;
    return Promise.resolve();
  };
  return { pace: paceOf({ clock: () => now, sleep }), slept, pass: (ms) => void (now += ms) };
}

const timing = (semaphore: number, session = 0): Record<string, string> => ({
  'server-timing': `t;desc="9b492f68c339", sem_wait;dur=${semaphore}, sesh_wait;dur=${session}`,
});

describe('the pace at which an instance is asked', () => {
  test('is full speed while it lets no request wait', async () => {
    const { pace, slept } = timed();
    for (const headers of [timing(0), timing(199), {}, { 'server-timing': 'nonsense' }]) {
      pace.after(headers);
      await pace.before(undefined);
    }
    expect(slept).toEqual([]);
  });

  test('holds the next request back for as long as the last one had to wait, once, and not for ever', async () => {
    const { pace, slept, pass } = timed();
    pace.after(timing(1_500));
    await pace.before(undefined);
    await pace.before(undefined);
    pace.after(timing(0, 700));
    pass(300);
    await pace.before(undefined);
    pace.after(timing(3_600_000));
    await pace.before(undefined);
    expect(slept).toEqual([1_500, 400, 10_000]);
  });

  test('does not keep a shutdown waiting', async () => {
    const stop = new AbortController();
    const pace = paceOf({
      clock: () => 0,
      sleep: (_ms, signal) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    });
    pace.after(timing(5_000));
    const waiting = pace.before(stop.signal);
    stop.abort();
    await expect(waiting).resolves.toBeUndefined();
  });
});

describe('the size of a page', () => {
  const page = { rows: [], more: false, total: 0 };
  const cut = new Failure('contract', 'ServiceNow cut the request short: maximum execution time exceeded', { status: 500 });

  test('shrinks on a cancelled request, stays, and grows back after ten pages that came', async () => {
    const size = pageSizeOf(1_000);
    const asked: number[] = [];
    const ask = (limit: number): Promise<typeof page> => {
      asked.push(limit);
      return limit > 300 && asked.length < 5 ? Promise.reject(cut) : Promise.resolve(page);
    };
    for (let n = 0; n < 22; n += 1) await size.fit(1_000, ask);
    expect(asked).toEqual([1_000, 500, ...Array.from({ length: 10 }, () => 250), ...Array.from({ length: 10 }, () => 500), 1_000, 1_000]);
  });

  test('shrinks in time when a page took half of what the instance allows', async () => {
    const size = pageSizeOf(1_000);
    const asked: number[] = [];
    const ask = (limit: number): Promise<typeof page & { tookMs: number }> => {
      asked.push(limit);
      return Promise.resolve({ ...page, tookMs: limit > 400 ? 40_000 : 5_000 });
    };
    for (let n = 0; n < 4; n += 1) await size.fit(1_000, ask);
    expect(asked).toEqual([1_000, 500, 250, 250]);
  });
});
