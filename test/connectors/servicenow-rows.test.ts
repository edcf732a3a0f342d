import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, Rejection, SourceRecord } from 'golden-thread/kit';
import { rowReader } from '../../connectors/servicenow/rows.js';
import { tables } from '../../connectors/servicenow/tables.js';
import { cutText, decodeValue, encodeValue, parseInstant } from '../../connectors/servicenow/value.js';

const origin = { system: 'sn', instance: 'https://acme.service-now.com' };
const stamped = { sys_id: 'a'.repeat(32), sys_updated_on: '2026-11-21 09:30:00', number: 'INC0010001' };

function recordFrom(wanted: readonly string[], row: JsonObject, table: keyof typeof tables = 'incident'): SourceRecord {
  const read = rowReader(tables[table], wanted, origin).read({ ...stamped, ...row });
  if ('rejection' in read) throw new Error(read.rejection.problems.join('; '));
  return read.record;
}

function rejectionFrom(row: JsonObject): Rejection {
  const read = rowReader(tables.incident, [], origin).read(row);
  if ('record' in read) throw new Error('expected a rejection');
  return read.rejection;
}

describe('a row of ServiceNow as a record', () => {
  test('a dot-walked name is asked for with each of its prefixes, and arrives as an object', () => {
    const wanted = ['business_service.name', 'business_service.owned_by.email', 'priority'];
    const { columns } = rowReader(tables.incident, wanted, origin);
    expect(columns).toEqual(
      expect.arrayContaining(['business_service', 'business_service.name', 'business_service.owned_by', 'business_service.owned_by.email']),
    );

    const { data } = recordFrom(wanted, {
      business_service: 'b'.repeat(32),
      'business_service.name': 'Payroll',
      'business_service.owned_by': 'c'.repeat(32),
      'business_service.owned_by.email': 'ann@example.org',
      priority: '3',
    });
    expect(data).toEqual({
      number: 'INC0010001',
      priority: 3,
      business_service: { id: 'b'.repeat(32), name: 'Payroll', owned_by: { id: 'c'.repeat(32), email: 'ann@example.org' } },
    });
  });

  test('what a row says of a reference is never taken from a row before it', () => {
    const wanted = ['business_service.name', 'business_service.owned_by.email'];
    const reader = rowReader(tables.incident, wanted, origin);
    const serviceOf = (columns: JsonObject): unknown => {
      const read = reader.read({ ...stamped, business_service: 'b1', ...columns });
      return 'record' in read ? read.record.data['business_service'] : read.rejection;
    };
    const columns = {
      'business_service.name': 'Payroll',
      'business_service.owned_by': 'c1',
      'business_service.owned_by.email': 'ann@example.org',
    };
    const payroll = { id: 'b1', name: 'Payroll', owned_by: { id: 'c1', email: 'ann@example.org' } };
    expect(serviceOf(columns)).toEqual(payroll);
    expect(serviceOf(columns)).toEqual(payroll);
    expect(serviceOf({ ...columns, 'business_service.name': 'Wages' })).toEqual({ ...payroll, name: 'Wages' });
    expect(serviceOf({ ...columns, 'business_service.owned_by.email': 'bob@example.org' })).toEqual({
      ...payroll,
      owned_by: { id: 'c1', email: 'bob@example.org' },
    });
    // The account may read the service no more: neither its name nor its owner is known then.
    expect(serviceOf({})).toEqual({ id: 'b1' });
    expect(serviceOf({ ...columns, business_service: '' })).toBeNull();
    expect(serviceOf(columns)).toEqual(payroll);
  });

  test('the id of a reference is the reference itself, for custom columns as well', () => {
    const wanted = ['u_product.id', 'caused_by.id'];
    expect(rowReader(tables.incident, wanted, origin).columns).not.toEqual(expect.arrayContaining(['u_product.id', 'caused_by.id']));
    expect(recordFrom(wanted, { u_product: 'glide.x', caused_by: '' }).data).toMatchObject({
      u_product: { id: 'glide.x' },
      caused_by: null,
    });
  });

  test('an empty value is null, a field that the account may not read is missing', () => {
    const { data } = recordFrom(['close_code', 'resolved_at', 'business_service.name'], { close_code: '' });
    expect(data).toEqual({ number: 'INC0010001', close_code: null });
  });

  test('known columns are converted, unknown ones stay text', () => {
    const { data } = recordFrom(['made_sla', 'opened_at', 'calendar_stc', 'calendar_duration', 'watch_list', 'u_count', 'state'], {
      made_sla: 'true',
      opened_at: '2026-03-29 01:30:00',
      calendar_stc: '86461',
      calendar_duration: '1970-01-02 00:01:01',
      watch_list: 'a1,b2',
      u_count: '7',
      state: '-100',
    });
    expect(data).toMatchObject({
      made_sla: true,
      opened_at: '2026-03-29T01:30:00.000Z',
      calendar_stc: 86461,
      calendar_duration: 86461,
      watch_list: ['a1', 'b2'],
      u_count: '7',
      state: -100,
    });
  });

  test('a strange value in a converted column keeps the record and its text', () => {
    const { data } = recordFrom(['priority', 'opened_at', 'active'], {
      priority: 'Very high',
      opened_at: '2026-02-30 00:00:00',
      active: 'maybe',
    });
    expect(data).toMatchObject({ priority: 'Very high', opened_at: '2026-02-30 00:00:00', active: 'maybe' });
  });

  test('NUL and lone surrogates, which no database returns as they were, are taken out', () => {
    const { data } = recordFrom(['short_description'], { short_description: 'a\0b\ud800c' });
    expect(data['short_description']).toBe('ab\ufffdc');
  });

  test('a service level result is called by its task and its target', () => {
    const record = recordFrom(
      ['has_breached'],
      { task: 't1', 'task.number': 'INC0000007', sla: 's1', 'sla.name': 'P1 resolution', has_breached: 'true' },
      'task_sla',
    );
    expect(record.number).toBe('INC0000007 P1 resolution');
    expect(record.data).toEqual({ task: { id: 't1', number: 'INC0000007' }, sla: { id: 's1', name: 'P1 resolution' }, has_breached: true });
    expect(record.url).toBe(`https://acme.service-now.com/nav_to.do?uri=task_sla.do%3Fsys_id%3D${'a'.repeat(32)}`);
  });

  test('a row without sys_id is set aside with the reason, and gives no reading position', () => {
    const rejection = rejectionFrom({ sys_id: '', sys_updated_on: '2026-11-21 09:30:00', number: 'INC1' });
    expect(rejection.problems).toEqual(['sys_id is missing']);
    expect(rejection.updatedAt).toBeUndefined();
    expect(rejection.raw).toEqual({ sys_id: '', sys_updated_on: '2026-11-21 09:30:00', number: 'INC1' });
  });

  test('the same row without sys_id is set aside under the same key every time', () => {
    const row = { sys_updated_on: '2026-11-21 09:30:00', number: 'INC1' };
    expect(rejectionFrom(row).key).toBe(rejectionFrom({ ...row }).key);
  });

  test.each([
    ['', 'sys_updated_on is missing'],
    ['21.11.2026 09:30', 'sys_updated_on is "21.11.2026 09:30", expected yyyy-MM-dd HH:mm:ss'],
    ['2026-11-21 24:00:00', 'sys_updated_on is "2026-11-21 24:00:00", expected yyyy-MM-dd HH:mm:ss'],
  ])('a row stamped %j is set aside', (stamp, problem) => {
    expect(rejectionFrom({ ...stamped, sys_updated_on: stamp }).problems).toEqual([problem]);
  });

  test('a row with a value of no known shape is set aside, its stamp kept', () => {
    const rejection = rejectionFrom({ ...stamped, category: ['a'] });
    expect(rejection.problems).toEqual(['category is neither text nor a reference']);
    expect(rejection.updatedAt).toBe('2026-11-21T09:30:00.000Z');
  });
});

describe('values', () => {
  test('every instant of a whole second survives the way to ServiceNow and back', () => {
    const instant = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000).toISOString());
    fc.assert(fc.property(instant, (at) => parseInstant(encodeValue('instant', at)) === at));
  });

  test('every duration survives the way to ServiceNow and back, a negative one too', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 100_000_000 }), (s) => decodeValue('duration', encodeValue('duration', s)) === s),
    );
  });

  test('a text that is cut stays whole characters within its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-composite', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, length) => {
        const cut = cutText(text, length);
        return cut.length <= length && cut.isWellFormed() && (text.length <= length ? cut === text : cut.endsWith('…'));
      }),
    );
  });
});
