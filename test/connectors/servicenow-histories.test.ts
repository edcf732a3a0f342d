import { afterAll, expect, test } from '@jest/globals';
import { playHistories } from 'golden-thread/kit/testing';
import { serviceNowSubject } from './servicenow-subject.js';

const subject = await serviceNowSubject((open) => open, ['incident']);
const runs = Number(process.env['GOLDEN_THREAD_HISTORIES'] ?? 20);
const seed = Number(process.env['FAST_CHECK_SEED'] ?? 20_000);
afterAll(() => subject.close());

test(
  `after any of ${runs} histories of ServiceNow a store holds what the account may see: nothing lost, nothing falsely deleted, nothing twice`,
  async () => {
    const [driver] = subject.streams;
    expect(await playHistories(subject, driver, { runs, seed })).toEqual({ histories: runs, lost: 0, falseDeletions: 0, duplicates: 0 });
  },
  30_000 + runs * 2_000,
);
