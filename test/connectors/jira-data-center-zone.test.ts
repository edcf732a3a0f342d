import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { conformance } from 'golden-thread/kit/testing';
import { instantsOf, queryDate } from '../../connectors/jira/data-center/query-date.js';
import { effortOf } from './effort.js';
import { dataCenterSubject } from './jira-data-center-subject.js';

const minute = 60_000;
const hour = 60 * minute;

/** Time zone, and an instant from which a few minutes lead over what its clocks do. */
const nights: readonly (readonly [string, string])[] = [
  ['Etc/GMT+12', '2026-11-21T08:00:00.000Z'],
  ['America/New_York', '2026-11-01T05:50:00.000Z'], // back at 06:00
  ['America/New_York', '2026-03-08T06:50:00.000Z'], // forward at 07:00
  ['UTC', '2026-11-21T23:50:00.000Z'],
  ['Europe/Berlin', '2026-10-25T00:50:00.000Z'], // back at 01:00
  ['Asia/Kolkata', '2026-11-21T18:20:00.000Z'], // midnight, half past the hour of UTC
  ['Australia/Lord_Howe', '2026-04-04T14:50:00.000Z'], // back by half an hour at 15:00
  ['Pacific/Kiritimati', '2026-11-21T08:00:00.000Z'],
];

describe('a date in a query', () => {
  const zones = [...new Set(nights.map(([zone]) => zone)), 'Europe/London', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Chatham'];
  /** Two years with every change of the clocks in them, the hours around those most of all. */
  const instants = fc.oneof(
    fc.integer({ min: Date.parse('2025-06-01'), max: Date.parse('2027-06-01') }),
    fc
      .tuple(fc.constantFrom(...nights.map(([, at]) => Date.parse(at))), fc.integer({ min: -4 * hour, max: 4 * hour }))
      .map(([at, by]) => at + by),
  );

  test('is never later than the instant, however Jira reads a time that clocks show twice, and at most a minute and that hour earlier', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (at, zone) => {
        const text = queryDate(at, zone);
        expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
        const readings = instantsOf(Date.parse(`${text.replace(' ', 'T')}:00Z`), at, zone);
        expect(readings).toHaveLength(1);
        for (const reading of readings) {
          expect(reading).toBeLessThanOrEqual(at);
          expect(at - reading).toBeLessThan(2 * hour + minute);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('is exact to the minute where clocks run as always', () => {
    expect(queryDate(Date.parse('2026-11-21T09:30:59.999Z'), 'Asia/Kolkata')).toBe('2026-11-21 15:00');
    expect(queryDate(Date.parse('2026-11-21T09:30:59.999Z'), 'America/New_York')).toBe('2026-11-21 04:30');
  });
});

describe.each(nights)('an account in %s, from %s on', (timeZone, now) => {
  for (const queryDates of ['epoch', 'account-zone'] as const) {
    describe(`with dates as ${queryDates}`, () => {
      // A Jira that is asked for dates in the zone of the account takes nothing else.
      const subject = dataCenterSubject({
        timeZone,
        now,
        config: { queryDates },
        switches: { epochDates: queryDates === 'epoch', searchMaximum: 9, searchRenders: 'store' },
      });
      afterAll(() => subject.close());
      const told = /page size|edits between|share a second|crash before|becomes readable late|all of it together|check finds nothing wrong/;
      const cases = conformance(subject, effortOf({ runs: 1, records: 0 })).filter(
        (one) => told.test(one.name) && !/unreadable/.test(one.name),
      );
      for (const one of cases) test(one.name, one.run);
    });
  }
});
