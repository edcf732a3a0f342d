import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFailure } from 'golden-thread/kit';
import { among, condition, liesInRange, objectionToFilter, rangeQuery, utcLiteral } from '../../connectors/servicenow/query.js';

/** A second reading of the grammar: conditions are separated by ^, and a value is everything behind the operator. */
function conditionsOf(query: string): readonly string[] {
  return query.split('^');
}

const hostile = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme-composite' }),
  fc.constantFrom('a^ORactive=true', 'x^NQpriority=1', 'javascript:gs.log(1)', ' JavaScript:x', '^', 'a,b', 'a\nb', '', 'ORDERBYx', 'x@y'),
  fc.tuple(fc.string(), fc.constantFrom('^', '^OR', '^NQ', '^EQ', ',', '\n', '\0'), fc.string()).map((parts) => parts.join('')),
);

describe('a query for ServiceNow', () => {
  test('no value can escape its condition: it stands there whole, or it is refused', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        let query: string;
        try {
          query = `active=true^${condition('correlation_id', '=', value)}^priority=1`;
        } catch (error) {
          return isFailure(error) && error.kind === 'record' && error.details.committed === 'no';
        }
        return (
          JSON.stringify(conditionsOf(query)) === JSON.stringify(['active=true', `correlation_id=${value}`, 'priority=1']) &&
          !/javascript\s*:/i.test(query)
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('no id can add another id to a list', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 5 }), (values) => {
        let query: string;
        try {
          query = among('sys_id', values);
        } catch (error) {
          return isFailure(error);
        }
        return JSON.stringify(query.slice('sys_idIN'.length).split(',')) === JSON.stringify(values);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a first query asks from the instant on, inclusive, in whole seconds', () => {
    expect(rangeQuery(undefined, { from: '2026-11-21T09:30:00.999Z' })).toBe(
      'sys_updated_on>=2026-11-21 09:30:00^ORDERBYsys_updated_on^ORDERBYsys_id',
    );
  });

  test('the next query asks behind stamp and id, the filter in front, the OR bound to the later stamp only', () => {
    expect(
      rangeQuery('active=true^ORstate=7', {
        from: '2026-11-21T09:30:00.000Z',
        after: { updatedAt: '2026-11-21T09:30:00.000Z', key: 'ab12' },
        until: '2026-11-21T10:00:00.500Z',
      }),
    ).toBe(
      'active=true^ORstate=7^sys_updated_on>=2026-11-21 09:30:00^sys_updated_on>2026-11-21 09:30:00^ORsys_id>ab12' +
        '^sys_updated_on<=2026-11-21 10:00:00^ORDERBYsys_updated_on^ORDERBYsys_id',
    );
  });

  test('for whole-second stamps a row lies in a range exactly when it is behind the position and not behind the end', () => {
    const second = fc.integer({ min: 0, max: 20 }).map((n) => new Date(Date.UTC(2026, 10, 21, 9, 30, n)).toISOString());
    const key = fc.constantFrom('0a', 'A1', 'b2', 'ff');
    fc.assert(
      fc.property(second, key, second, key, second, (rowAt, rowKey, at, atKey, until) => {
        const expected = rowAt <= until && (rowAt > at || (rowAt === at && rowKey.toLowerCase() > atKey.toLowerCase()));
        return liesInRange({ from: at, after: { updatedAt: at, key: atKey }, until })(utcLiteral(rowAt), rowKey) === expected;
      }),
    );
  });

  test.each([
    ['active=true^ORDERBYnumber', /ORDERBY/],
    ['active=true^NQpriority=1', /\^NQ/],
    ['active=true^EQ', /\^EQ/],
    ['^active=true', /starts or ends/],
    ['active=true^', /starts or ends/],
    ['active=true\n', /control character/],
  ])('the filter %j is refused', (filter, reason) => {
    expect(objectionToFilter(filter)).toMatch(reason);
  });

  test.each(['active=true', 'priority=1^ORpriority=2^category=network', 'opened_at>javascript:gs.daysAgoStart(400)'])(
    'the filter %j is taken',
    (filter) => {
      expect(objectionToFilter(filter)).toBeUndefined();
    },
  );
});
