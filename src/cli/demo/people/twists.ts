import type { Twist } from '../organisation/conduct.js';
import { emailOf, serviceKey } from '../organisation/parties.js';
import { dayMs } from '../stage.js';
import type { Issue, TicketMemory } from './memory.js';
import { ownerOf } from './owner.js';
import { type Day, incidentsAbout, move } from './day.js';

interface Turn {
  /** In this status of the ticket, after so many days in it, once. */
  readonly when: string;
  readonly days: number;
  readonly act: (day: Day, ticket: TicketMemory, owner: string) => Promise<void>;
}

const reason = (text: string): Readonly<Record<string, string>> => ({ 'Decision rationale': text });

/** What happens in real life between the lines of a process. */
const turns: Readonly<Record<Twist, readonly Turn[]>> = {
  'held-and-resumed': [
    {
      when: 'Proposed',
      days: 2,
      act: (day, ticket, owner) => move(day, ticket, 'On Hold', owner, reason('Nobody can be spared before the end of the quarter.')),
    },
    { when: 'On Hold', days: 21, act: (day, ticket, owner) => move(day, ticket, 'Proposed', owner) },
  ],
  'held-for-good': [
    {
      when: 'Approved',
      days: 4,
      act: (day, ticket, owner) => move(day, ticket, 'On Hold', owner, reason('The refit of the rooms is put off.')),
    },
  ],
  'target-edited-after-approval': [
    {
      when: 'Approved',
      days: 2,
      act: async ({ jira }, ticket, owner) =>
        void (await jira.control('PATCH', `issues/${ticket.id}`, { by: owner, fields: { 'Rate reduction target %': 50 } })),
    },
  ],
  'withdrawn-after-approval': [
    {
      when: 'Approved',
      days: 10,
      act: (day, ticket) =>
        move(day, ticket, 'Withdrawn', emailOf('a.rahman'), reason('The folders move to the new platform; quotas would be built twice.')),
    },
  ],
  'closed-by-hand': [{ when: 'Reviewing', days: 3, act: (day, ticket, owner) => move(day, ticket, 'Closed', owner) }],
  'reopened-after-closure': [{ when: 'Closed', days: 18, act: (day, ticket, owner) => move(day, ticket, 'Reviewing', owner) }],
  'change-edited-after-completion': [
    {
      when: 'Reviewing',
      days: 9,
      act: async (day, ticket) => {
        const change = [...day.memory.ownChanges].findLast(([, owner]) => owner === ticket)?.[0];
        await day.servicenow.control('POST', 'records/change_request', {
          records: [{ sys_id: change, close_code: 'successful_issues', close_notes: 'Corrected: two gateways had to be restarted.' }],
        });
      },
    },
  ],
  'trigger-edited-after-approval': [
    {
      when: 'Implementing',
      days: 2,
      act: async (day, ticket) => {
        const [first] = await incidentsAbout(day, ticket.matter.text);
        await day.servicenow.control('POST', 'records/incident', { records: [{ sys_id: first, business_service: serviceKey('portal') }] });
      },
    },
  ],
};

/** Lets the next turn of this ticket happen, if its time has come. Returns whether something was done. */
export async function twist(day: Day, issue: Issue, ticket: TicketMemory): Promise<boolean> {
  const { twist: name } = ticket.conduct;
  if (name === undefined) return false;
  const days = (Date.parse(day.now) - Date.parse(ticket.since)) / dayMs;
  const turn = turns[name].find((one, index) => one.when === issue.status && days >= one.days && !ticket.done.has(`${name} ${index}`));
  if (turn === undefined) return false;
  ticket.done.add(`${name} ${turns[name].indexOf(turn)}`);
  await turn.act(day, ticket, ownerOf(day, issue));
  return true;
}
