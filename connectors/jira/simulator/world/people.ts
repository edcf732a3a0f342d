import type { Person } from './types.js';

const accountId = (n: number): string => `712020:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const common = { active: true, accountType: 'atlassian', timeZone: 'UTC', deny: [], blind: [] } as const;

/** The people of the default site; tokens are no secrets, they open nothing but the simulator. */
export const defaultPeople: readonly Person[] = [
  {
    ...common,
    accountId: accountId(1),
    displayName: 'golden-thread',
    email: 'bot@example.com',
    token: 'bot-token',
    deny: ['ADMINISTER', 'ADMINISTER_PROJECTS', 'DELETE_ISSUES'],
  },
  { ...common, accountId: accountId(2), displayName: 'Priya Raman', email: 'owner@example.com', token: 'owner-token' },
  {
    ...common,
    accountId: accountId(3),
    displayName: 'Marcus Feld',
    email: 'approver@example.com',
    token: 'approver-token',
    timeZone: 'Europe/Berlin',
  },
  {
    ...common,
    accountId: accountId(4),
    displayName: 'Dana Whitlock',
    email: 'outsider@example.com',
    token: 'outsider-token',
    timeZone: 'America/New_York',
  },
  {
    ...common,
    accountId: accountId(5),
    displayName: 'Tom Becker',
    email: 'inactive@example.com',
    token: 'inactive-token',
    active: false,
  },
  {
    ...common,
    accountId: accountId(6),
    displayName: 'Automation for Jira',
    email: 'automation@example.com',
    token: 'automation-token',
    accountType: 'app',
  },
];

/** The person with this account id, e-mail or display name. */
export function findPerson(people: readonly Person[], who: string): Person | undefined {
  return (
    people.find((person) => person.accountId === who) ??
    people.find((person) => person.email === who) ??
    people.find((person) => person.displayName === who)
  );
}
