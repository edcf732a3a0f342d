import { describe, expect, test } from '@jest/globals';
import { acceptorsOf, approversOf, Directory, Policy } from '../../../src/domain/index.js';
import { directory, policy, proposed } from '../world.js';

const today = '2026-03-10';
const withRights = (mayApprove: readonly object[]): Policy => Policy.parse({ ...policy, roles: { ...policy.roles, mayApprove } });
const may = (right: object, improvement = proposed()): boolean =>
  approversOf(improvement, { policy: withRights([{ person: 'peter', ...right }]), directory }, today).includes('peter');

describe('who may approve a part', () => {
  test('may approve what is in all the lists that are given, and nothing else', () => {
    const improvement = proposed({ kind: 'service', serviceIds: ['e-mail'] });
    const { band } = improvement.priority;
    const other = band === 'p1' ? 'p4' : 'p1';
    expect(may({})).toBe(true);
    expect(may({ kinds: ['service'], services: ['e-mail'], bands: [band] }, improvement)).toBe(true);
    expect(may({ kinds: ['sms'], services: ['e-mail'], bands: [band] }, improvement)).toBe(false);
    expect(may({ kinds: ['service'], services: ['erp'], bands: [band] }, improvement)).toBe(false);
    expect(may({ kinds: ['service'], services: ['e-mail'], bands: [other] }, improvement)).toBe(false);
  });

  test('may not approve what concerns another service as well, or no known one', () => {
    expect(may({ services: ['e-mail'] }, proposed({ serviceIds: ['e-mail', 'erp'] }))).toBe(false);
    expect(may({ services: ['e-mail'] }, proposed({ serviceIds: [] }))).toBe(false);
  });
});

describe('a deputy', () => {
  const away = Directory.parse({
    ...directory,
    people: directory.people.map((person) =>
      person.id === 'carla' ? { ...person, deputy: 'peter', away: [{ from: '2026-03-09', to: '2026-03-10' }] } : person,
    ),
  });

  test('may decide on the days on which the person is away, the last one included, beside the person', () => {
    const on = (date: string): readonly string[] => acceptorsOf({ policy, directory: away }, date);
    expect([on('2026-03-08'), on('2026-03-10'), on('2026-03-11')]).toEqual([['carla'], ['carla', 'peter'], ['carla']]);
  });

  test('stands in for good once the person has left', () => {
    expect(approversOf(proposed({ approver: 'fred' }), { policy, directory }, today)).toContain('dora');
  });
});
