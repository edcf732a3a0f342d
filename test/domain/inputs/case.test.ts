import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  approverOf,
  caseKeysOf,
  caseKeysWith,
  linkedKeysOf,
  measuredKeys,
  ownerOf,
  personOf,
  recordKey,
  resolveService,
  resolveServices,
  sameCase,
  sharedKeysOf,
  stableCaseKey,
} from '../../../src/domain/index.js';
import { day, directory, input, policy } from '../world.js';

const problem = { system: 'snow', stream: 'problem', key: 'prb-1' };
const incident = { system: 'snow', stream: 'incident', key: '1' };

describe('the keys of a case', () => {
  test('are its own record, what it shares by links that form a case, and its recurrence key', () => {
    const links = [
      { as: 'investigated-by', to: problem },
      { as: 'caused-by', to: { system: 'snow', stream: 'change_request', key: 'chg-9' } },
    ];
    expect(caseKeysOf({ trigger: incident, recurrenceKey: 'a/b' }, links)).toEqual([
      'record:snow/incident/1',
      'record:snow/problem/prb-1',
      'recurrence:a/b',
    ]);
    expect(caseKeysOf({ trigger: incident }, [])).toEqual(['record:snow/incident/1']);
    expect(caseKeysOf({ trigger: incident, recurrenceKey: '' }, [])).toEqual(['record:snow/incident/1']);
  });

  test('are told again by its record, its recurrence key and what its links add', () => {
    const few = fc.constantFrom('1', 'prb-1', 'a', '');
    const linksTo = fc.array(fc.record({ as: fc.constantFrom('investigated-by', 'child-of', 'caused-by'), key: few }));
    fc.assert(
      fc.property(few, linksTo, fc.option(few, { nil: undefined }), (key, to, recurrenceKey) => {
        const trigger = { ...incident, key };
        const given = { trigger, ...(recurrenceKey !== undefined && { recurrenceKey }) };
        const caseKeys = caseKeysOf(
          given,
          to.map((link) => ({ as: link.as, to: { ...incident, key: link.key } })),
        );
        const linked = linkedKeysOf(sharedKeysOf({ trigger, caseKeys }), recurrenceKey);
        expect(linked).not.toContain(recordKey(trigger));
        expect(caseKeysWith(given, linked)).toEqual(caseKeys);
      }),
    );
  });

  test('that do not begin with its own record are refused: one of them would be lost', () => {
    expect(() => sharedKeysOf({ trigger: incident, caseKeys: ['recurrence:a'] })).toThrow('snow/incident/1 do not begin with its own');
    expect(() => sharedKeysOf({ trigger: incident, caseKeys: [] })).toThrow('do not begin with its own');
  });

  test('make records one case that share a problem, a parent or a recurrence key; a shared cause does not', () => {
    const by = (as: string): Parameters<typeof input>[2] => ({ recurrenceKey: undefined, links: [{ as, to: problem }] }) as never;
    expect(sameCase(input('1', day(1), by('investigated-by')), input('2', day(2), by('child-of')))).toBe(true);
    expect(sameCase(input('1', day(1), by('caused-by')), input('2', day(2), by('caused-by')))).toBe(false);
    expect(sameCase(input('1', day(1)), input('2', day(2)))).toBe(true);
    expect(sameCase(input('1', day(1)), input('2', day(2), { recurrenceKey: 'other' }))).toBe(false);
  });

  test('the same keys in two systems are two cases', () => {
    const there = input('1', day(1), { recurrenceKey: undefined as never, trigger: { system: 'other', stream: 'incident', key: '1' } });
    expect(sameCase(input('1', day(1), { recurrenceKey: undefined as never }), there)).toBe(false);
  });

  test('the stable key is the recurrence key of the first trigger, else its record', () => {
    expect(stableCaseKey(input('1', day(1)))).toBe('recurrence:svc-1/mail/smtp');
    expect(stableCaseKey(input('1', day(1), { recurrenceKey: undefined as never }))).toBe('record:snow/incident/1');
  });

  test('a case is counted by its recurrence keys, not by a problem that exists only since the burst', () => {
    expect(measuredKeys([input('1', day(1), { links: [{ as: 'investigated-by', to: problem }] })])).toEqual(['recurrence:svc-1/mail/smtp']);
  });
});

describe('the directory', () => {
  test('knows a service by its id in that system only, by its own id, and by name or alias without case', () => {
    expect(resolveService(directory, 'snow', 'svc-1')?.id).toBe('e-mail');
    expect(resolveService(directory, 'jira', 'svc-1')).toBeUndefined();
    expect(resolveService(directory, 'jira', ' corporate mail ')?.id).toBe('e-mail');
    expect(resolveServices(directory, 'snow', ['svc-1', 'E-Mail', 'nothing', 'svc-2'])).toEqual(['e-mail', 'erp']);
  });

  test('knows a person by the account in that system only', () => {
    expect(personOf(directory, 'jira', 'acc-olga')?.id).toBe('olga');
    expect(personOf(directory, 'snow', 'acc-olga')).toBeUndefined();
  });

  test('names the owner, the deputy from the day after the owner has left, and the default with a gap', () => {
    expect(ownerOf(directory, policy, ['e-mail'], '2026-03-01')).toEqual({ person: 'olga' });
    expect(ownerOf(directory, policy, ['erp'], '2025-12-31')).toEqual({ person: 'fred' });
    expect(ownerOf(directory, policy, ['erp'], '2026-01-01')).toEqual({ person: 'dora' });
    expect(ownerOf(directory, policy, ['wiki'], '2026-03-01')).toMatchObject({ person: 'sam', gap: { code: 'owner-unmatched' } });
    expect(approverOf(directory, policy, [], '2026-03-01')).toMatchObject({ person: 'carla', gap: { code: 'approver-unmatched' } });
    expect(ownerOf(directory, policy, ['wiki', 'e-mail'], '2026-03-01')).toEqual({ person: 'olga' });
  });

  test('deputies in a circle end with the default owner and a gap', () => {
    const people = directory.people.map((person) => (person.id === 'dora' ? { ...person, deputy: 'fred', leaves: '2026-01-31' } : person));
    expect(ownerOf({ ...directory, people }, policy, ['erp'], '2026-03-01')).toMatchObject({
      person: 'sam',
      gap: { code: 'owner-inactive' },
    });
  });
});
