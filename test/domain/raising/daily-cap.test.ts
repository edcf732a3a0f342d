import { expect, test } from '@jest/globals';
import { withinDailyCap } from '../../../src/domain/index.js';
import { day, proposed } from '../world.js';

test('no more tickets a day than the policy says, the most urgent first; the day is that of the organisation', () => {
  const { priority } = proposed();
  const waiting = [1, 2, 3].map((score) => proposed({ id: `IMP-${score}`, priority: { ...priority, score } }));
  const ask = { policy: { newTicketsPerDay: 3 }, timeZone: 'Europe/Berlin', at: '2026-06-01T12:00:00.000Z' };
  // 22:30 UTC on 31 May is 1 June in Berlin, 21:30 is not
  const { now, held } = withinDailyCap(waiting, ['2026-05-31T22:30:00.000Z', '2026-05-31T21:30:00.000Z', day(0)], ask);
  expect(now.map((each) => each.id)).toEqual(['IMP-3', 'IMP-2']);
  expect(held.map((each) => each.id)).toEqual(['IMP-1']);
});
