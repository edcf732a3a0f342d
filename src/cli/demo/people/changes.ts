import { text } from '../organisation/incidents.js';
import { emailOf } from '../organisation/parties.js';
import { dayMs } from '../stage.js';
import { type TicketMemory, ticketOf } from './memory.js';
import { type Day, incidentsAbout } from './day.js';

/** A change request as the simulated ServiceNow tells of it. */
export interface Change {
  readonly sys_id: string;
  readonly number: string;
  readonly state: string;
  readonly type: string;
  readonly approval: string;
  readonly short_description: string;
  readonly description?: string;
  readonly sys_created_on: string;
}

const over = ['3', '4'];

/** Carries a change on today, by one step at the most. */
export async function actOnChange(day: Day, change: Change): Promise<void> {
  const ticket = ticketOf(day.memory, change);
  if (ticket === undefined || over.includes(change.state)) return;
  const { conduct } = ticket;
  const ends = conduct.changes ?? ['successful'];
  const end = ends[Math.min(ticket.ended, ends.length - 1)] ?? 'successful';
  // Who has put a ticket back to its approver waits with the work.
  if (end === 'never' || ticket.status === 'On Hold' || (ticket.status === 'Proposed' && conduct.adopts === undefined)) return;
  const age = (Date.parse(day.now) - Date.parse(`${change.sys_created_on.replace(' ', 'T')}Z`)) / dayMs;
  const step = (to: string, more: Readonly<Record<string, unknown>> = {}): Promise<unknown> =>
    day.servicenow.control('POST', `changes/${change.sys_id}`, { to, ...more });
  const put = (fields: Readonly<Record<string, string>>): Promise<unknown> =>
    day.servicenow.control('POST', 'records/change_request', { records: [{ sys_id: change.sys_id, ...fields }] });
  const state = Number(change.state);
  if (conduct.alsoOpens !== undefined && !ticket.done.has('also opened') && !day.memory.ownChanges.has(change.sys_id)) {
    ticket.done.add('also opened');
    const second = await makeChange(day, ticket, { type: 'normal', title: `${conduct.alsoOpens}: ${ticket.matter.text}` });
    await day.jira.control('PATCH', `issues/${ticket.id}`, {
      by: emailOf('m.okafor'),
      fields: { Changes: `${change.number}, ${second.number}` },
    });
  } else if (conduct.emergency === true && state < -1) {
    const now = text(new Date(day.now));
    await put({ type: 'emergency', state: '-1', approval: 'requested', work_start: now });
  } else if (conduct.emergency === true && change.approval === 'requested') {
    await put({ approval: 'approved', approval_set: text(new Date(day.now)) });
  } else if (state < -3 && change.approval !== 'approved' && age >= 2) await step('approved');
  // Work begins when the improvement is approved, and not before.
  else if (state < -1 && age >= 4 && ticket.status === 'Approved') await step('implement');
  else if (state === -1 && age >= 7 && ticket.status === 'Implementing') await finish(day, ticket, change, end, step);
}

async function finish(
  day: Day,
  ticket: TicketMemory,
  change: Change,
  end: 'successful' | 'successful_issues' | 'unsuccessful' | 'cancelled',
  step: (to: string, more?: Readonly<Record<string, unknown>>) => Promise<unknown>,
): Promise<void> {
  ticket.ended += 1;
  if (end === 'cancelled') await step('canceled');
  else await step('closed', { close_code: end, close_notes: notes[end] });
  if (end === 'successful' || end === 'successful_issues') day.carriedOut(ticket.matter);
  else await openChange(day, ticket, { type: 'normal', title: `Second attempt after ${change.number}: ${ticket.matter.text}` });
}

const notes = {
  successful: 'Carried out as planned and verified.',
  successful_issues: 'Carried out; one node had to be restarted.',
  unsuccessful: 'Backed out: the new version lost sessions as well.',
};

/** People open a change themselves, and name it on the latest record that a ticket is about. */
export async function openChange(
  day: Day,
  ticket: TicketMemory,
  { type, title }: { readonly type: 'normal' | 'standard'; readonly title: string },
): Promise<void> {
  const { sys_id: made } = await makeChange(day, ticket, { type, title });
  const incidents = await incidentsAbout(day, ticket.matter.text);
  await day.servicenow.control('POST', 'records/incident', { records: [{ sys_id: incidents.at(-1), rfc: made }] });
}

async function makeChange(
  day: Day,
  ticket: TicketMemory,
  { type, title }: { readonly type: 'normal' | 'standard'; readonly title: string },
): Promise<{ readonly sys_id: string; readonly number: string }> {
  const approval = type === 'standard' ? { approval: 'approved', approval_set: text(new Date(day.now)) } : { approval: 'not requested' };
  const number = `CHG${String(40_000 + day.memory.ownChanges.size).padStart(7, '0')}`;
  const { records } = await day.servicenow.control<{ records: readonly { sys_id: string }[] }>('POST', 'records/change_request', {
    records: [{ number, short_description: title, type, state: '-5', ...approval }],
  });
  const made = records[0]?.sys_id;
  if (made === undefined) throw new Error('no change was made');
  day.memory.ownChanges.set(made, ticket);
  return { sys_id: made, number };
}
