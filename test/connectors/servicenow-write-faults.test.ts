import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Failure, type IdempotencyKey, isFailure, type JsonObject, type Sink } from 'golden-thread/kit';
import type { JournalEntry } from '../../connectors/servicenow/simulator/index.js';
import { type Simulated, simulate } from './servicenow-simulated.js';

const key: IdempotencyKey = { value: '0123456789abcdef'.repeat(4), display: 'golden-thread:IMP-0001' };
const other: IdempotencyKey = { value: 'f'.repeat(64), display: 'golden-thread:IMP-0002' };
const sysId = key.value.slice(0, 32);
const since = '2026-01-01T00:00:00.000Z';

async function failureOf(work: Promise<unknown> | undefined): Promise<Failure> {
  const outcome = await work?.catch((error: unknown) => error);
  if (!isFailure(outcome)) throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
  return outcome;
}

/** Refused requests per window of a second, by the simulator's clock. */
function refusedPerSecond(entries: readonly JournalEntry[]): readonly number[] {
  const bySecond = Map.groupBy(entries, ({ at }) => at.slice(0, 19));
  return [...bySecond.values()].map((ofSecond) => ofSecond.filter(({ status }) => status === 429).length);
}

describe('what goes wrong with a write', () => {
  let simulated: Simulated;
  let sink: Sink;
  const create = (fields: JsonObject, as = key): ReturnType<Sink['create']> =>
    sink.create('change_request', as, { short_description: 'Renew it', ...fields }, { resend: false });
  const changes = (): Promise<readonly Readonly<Record<string, string>>[]> => simulated.control.records('change_request');
  const posts = async (): Promise<number> => (await simulated.control.journal()).filter(({ method }) => method === 'POST').length;

  beforeEach(async () => {
    simulated = await simulate();
    const opened = simulated.open().sink;
    if (opened === undefined) throw new Error('the connector has no sink');
    sink = opened;
  });
  afterEach(() => simulated.close());

  // F26
  test.each([1, 2, 3])('a note whose answer is lost %i times over stands there once', async (times) => {
    await create({});
    await simulated.control.addFaults({ kind: 'commit-then-drop', match: { method: 'PATCH' }, times });
    for (let tries = 0; tries <= times; tries += 1)
      await sink.comment?.('change_request', sysId, 'IMP-0001:approved', 'Approved.').catch(() => undefined);
    expect(await simulated.control.records('sys_journal_field', `element_id=${sysId}^element=work_notes`)).toHaveLength(1);
  });

  // F29
  describe.each([
    ['short_description', 160],
    ['description', 4_000],
    ['justification', 4_000],
  ])('the limit of %s (%i)', (field, limit) => {
    test.each([
      ['one less', 'x'.repeat(limit - 1), undefined],
      ['exactly', 'x'.repeat(limit), undefined],
      ['one more', 'x'.repeat(limit + 1), `${'x'.repeat(limit - 1)}…`],
      ['an emoji across it', `${'x'.repeat(limit - 2)}😀😀`, `${'x'.repeat(limit - 2)}…`],
      ['an emoji that ends at it', `${'x'.repeat(limit - 2)}😀`, undefined],
      ['a million characters', 'x'.repeat(1_000_000), `${'x'.repeat(limit - 1)}…`],
    ])('%s', async (_what, text, cut) => {
      const { differences } = await create({ [field]: text });
      const [row] = await changes();
      expect(row?.[field]).toBe(cut ?? text);
      expect(row?.[field]?.isWellFormed()).toBe(true);
      expect(differences.map(({ field: name, because }) => [name, because])).toEqual(
        cut === undefined ? [] : [[field, `cut to ${limit} characters`]],
      );
    });
  });

  test('a field that is shorter on this instance is cut by it, and that is told', async () => {
    await simulated.control.declareTable({
      name: 'change_request',
      label: 'Change Request',
      columns: [{ name: 'u_reason', label: 'Reason', type: 'string', max: 20 }],
    });
    const { differences } = await create({ u_reason: 'because it expires every year' });
    expect(differences).toMatchObject([
      { field: 'u_reason', found: 'because it expires e', because: 'the instance cut it to 20 characters' },
    ]);
  });

  test('an instance that refuses what is too long says which field, and nothing is made', async () => {
    await simulated.control.switches({ overlongText: 'reject' });
    await simulated.control.declareTable({
      name: 'change_request',
      label: 'Change Request',
      columns: [{ name: 'u_reason', label: 'Reason', type: 'string', max: 20 }],
    });
    const failure = await failureOf(create({ u_reason: 'because it expires every year' }));
    expect([failure.kind, failure.details.committed]).toEqual(['record', 'no']);
    expect(failure.message).toContain('Reason');
    expect(await changes()).toEqual([]);
  });

  test('line breaks and characters of any script come back as they were written', async () => {
    const text =
      'line 1\nline 2\r\n\u0645\u0631\u062D\u0628\u0627 漢字 \u{1F468}\u200D\u{1F469}\u200D\u{1F467} <script>alert(1)</script> ^ORDERBY';
    expect((await create({ description: text })).differences).toEqual([]);
  });

  // F30
  test.each([400, 403, 404, 405, 406, 413, 415, 422])(
    'a refusal (%i) is that one write’s matter, sent once, and the next one goes',
    async (status) => {
      await simulated.control.addFaults({ kind: 'status-500', status, match: { method: 'POST' }, times: 1 });
      const failure = await failureOf(create({}));

      expect([failure.kind, failure.details.committed]).toEqual(['record', 'no']);
      expect(await posts()).toBe(1);
      expect((await create({}, other)).differences).toEqual([]);
    },
  );

  test('a data policy that refuses is named, with the field that it asks for', async () => {
    await simulated.control.switches({ dataPolicies: { change_request: ['assignment_group'] } });
    const failure = await failureOf(create({}));
    expect(failure.message).toMatch(/^a data policy of the instance asks for Assignment group/);
    expect(failure.details).toMatchObject({ committed: 'no', hint: 'fill Assignment group in the push mapping' });
  });

  test('a business rule that refuses is named', async () => {
    await create({});
    await simulated.control.switches({ aborts: { change_request: 'Freeze: no changes in December' } });
    const failure = await failureOf(sink.update('change_request', sysId, { justification: 'x' }));
    expect([failure.kind, failure.details.committed]).toEqual(['record', 'no']);
    expect(failure.message).toContain('the business rule "Freeze: no changes in December" of the instance refused it');
  });

  test('a business rule that writes something else is a difference', async () => {
    await simulated.control.switches({ rewrites: { change_request: { category: 'Software' } } });
    const { differences } = await create({ category: 'Network' });
    expect(differences).toEqual([
      { field: 'category', wrote: 'Network', found: 'Software', because: expect.stringMatching(/business rule/) },
    ]);
  });

  test('an account that may not write is told so', async () => {
    const opened = simulated.open({ config: { write: { username: 'gt.reader', password: 'reader-password' } } }).sink;
    const failure = await failureOf(opened?.create('change_request', key, { short_description: 'x' }, { resend: false }));
    expect([failure.kind, failure.details.committed]).toEqual(['record', 'no']);
    expect(failure.message).toMatch(/access rule/);
  });

  // F32
  test.each([
    ['7 s', '7', 7_000],
    ['an hour', '3600', 3_600_000],
  ])('told to wait %s, the account that was told writes nothing before', async (_what, seconds, ms) => {
    await simulated.control.addFaults({ kind: 'status-429-rule', retryAfter: Number(seconds), match: { method: 'POST' }, times: 1 });
    const quick = new AbortController();
    const told = failureOf(sink.create('change_request', key, { short_description: 'x' }, { resend: false, signal: quick.signal }));
    setTimeout(() => quick.abort(), 200);
    const failure = await told;
    expect([failure.kind, failure.details.committed]).toEqual(['transient', 'no']);
    if (ms > 100_000) expect(failure.details.retryAfterMs).toBeGreaterThan(ms - 10_000);

    const again = new AbortController();
    setTimeout(() => again.abort(), 100);
    await failureOf(sink.create('change_request', other, { short_description: 'y' }, { resend: false, signal: again.signal }));
    expect(await posts()).toBe(1);
    // The reading account was told nothing.
    expect((await simulated.open().streams[0]?.read(undefined, { since, pageSize: 10 }))?.records).toEqual([]);
  });

  test('a semaphore 429 without headers is tried again, and a create is not doubled by it', async () => {
    await simulated.control.addFaults({ kind: 'status-429-semaphore', match: { method: 'POST' }, times: 1 });
    expect((await create({})).ticket.key).toBe(sysId);
    expect(await changes()).toHaveLength(1);
  });

  // F33
  test('an outage costs a reserve and a tenth more than the requests that were asked for', async () => {
    await simulated.control.addFaults({ kind: 'status-503' });
    const opened = simulated.open();
    const [stream] = opened.streams;
    const asked = 60;
    await Promise.allSettled(Array.from({ length: asked }, async () => stream?.read(undefined, { since, pageSize: 10 })));
    expect((await simulated.control.journal()).length).toBeLessThanOrEqual(asked * 1.1 + 10 + 1);
  }, 30_000);
});

describe('a limit of five requests a second', () => {
  test('wastes at most one request per second once it is met, measured at the instance', async () => {
    const simulated = await simulate({ switches: { rateLimit: { limit: 5, per: 'second' } } });
    try {
      await simulated.control.load(
        'incident',
        Array.from({ length: 8 }, (_, i) => ({ short_description: `incident ${i}` })),
      );
      await simulated.control.load(
        'problem',
        Array.from({ length: 8 }, (_, i) => ({ short_description: `problem ${i}` })),
      );
      await simulated.control.setRate(1);
      const opened = simulated.open({ config: { pageSize: 10 }, retries: 4 });
      const readAll = async (name: string): Promise<number> => {
        const stream = opened.streams.find((one) => one.name === name);
        let cursor: JsonObject | undefined;
        let found = 0;
        for (let pages = 0; pages < 60; pages += 1) {
          const page = await stream?.read(cursor, { since, pageSize: 1, settleMs: 0 });
          if (page === undefined) throw new Error(`there is no stream ${name}`);
          found += page.records.length;
          cursor = page.cursor;
          if (page.done) break;
        }
        return found;
      };

      const read = await Promise.all([readAll('incident'), readAll('problem')]);

      expect(Math.min(...read)).toBeGreaterThanOrEqual(8);
      const [first = 0, ...later] = refusedPerSecond(await simulated.control.journal()).filter((count) => count > 0);
      // Two requests are under way when the limit shows itself; from then on one at a time finds out.
      expect(first).toBeLessThanOrEqual(2);
      expect(Math.max(0, ...later)).toBeLessThanOrEqual(1);
      expect(first).toBeGreaterThan(0);
    } finally {
      await simulated.close();
    }
  }, 30_000);
});

describe('a token that is refused', () => {
  test.each([0, 1, 2, 3])('at request %i is renewed once, and the write goes on where it was', async (after) => {
    const simulated = await simulate();
    try {
      const write = { clientId: 'gt-writer-client', clientSecret: 'writer-client-secret' };
      const sink = simulated.open({ config: { write } }).sink;
      await simulated.control.addFaults({ kind: 'unauthorized', match: { path: '^/api/now' }, after, times: 1 });
      await sink?.create('change_request', key, { short_description: 'x' }, { resend: false });
      await sink?.update('change_request', sysId, { justification: 'y' });
      expect(await simulated.control.records('change_request')).toMatchObject([{ sys_id: sysId, justification: 'y' }]);
      expect((await simulated.control.journal()).filter(({ path }) => path === '/oauth_token.do')).toHaveLength(2);
    } finally {
      await simulated.close();
    }
  });
});
