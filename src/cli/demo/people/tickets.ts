import { emailOf } from '../organisation/parties.js';
import { dayAt, dayMs } from '../stage.js';
import { openChange } from './changes.js';
import type { Issue, TicketMemory } from './memory.js';
import { type Day, move } from './day.js';
import { twist } from './twists.js';

const approver = 'a.rahman';
/** How long a ticket waits for its decision where nothing else is said. */
const patienceDays = 2;

/** What people do about one ticket today: at most one thing. */
export async function actOnTicket(day: Day, issue: Issue, ticket: TicketMemory): Promise<void> {
  if (await twist(day, issue, ticket)) return;
  const waited = (Date.parse(day.now) - Date.parse(ticket.since)) / dayMs;
  if (issue.status === 'Proposed' && waited >= (ticket.decided > 0 ? 0 : (ticket.conduct.afterDays ?? patienceDays)))
    await decide(day, ticket);
  else if (issue.status === 'Reviewing' && isFinal(issue)) await close(day, issue);
}

async function decide(day: Day, ticket: TicketMemory): Promise<void> {
  const { conduct } = ticket;
  if (conduct.decision === 'leave') return;
  const by = emailOf(conduct.by ?? approver);
  const again = ticket.decided > 0;
  const rationale = { 'Decision rationale': again ? `Looked at again: ${conduct.rationale}` : conduct.rationale };
  if (conduct.adopts !== undefined && !again && !ticket.done.has('change opened')) {
    ticket.done.add('change opened');
    await openChange(day, ticket, { type: conduct.adopts, title: `${ticket.matter.text}: change of our own` });
    return; // decided next time, when the change is known
  }
  ticket.decided += 1;
  if (conduct.decision === 'reject') await move(day, ticket, 'Rejected', by, { ...rationale, resolution: "Won't Do" });
  else if (conduct.decision === 'defer' && !again)
    await move(day, ticket, 'Deferred', by, { ...rationale, 'Review date': dayAt(day.now, conduct.deferDays ?? 60).slice(0, 10) });
  else await move(day, ticket, 'Approved', by, { ...rationale, Objective: conduct.objective ?? 'reliability' });
}

/** The result stands in the status comment. */
function isFinal({ comments }: Issue): boolean {
  const said = JSON.stringify(comments);
  return /Result: (effective|not-effective)/.test(said) || /Carried on by/.test(said);
}

async function close(day: Day, issue: Issue): Promise<void> {
  const isEffective = JSON.stringify(issue.comments).includes('Result: effective');
  const assignee = (issue.fields['assignee'] as { readonly accountId?: string } | null)?.accountId;
  const by = isEffective && assignee !== undefined ? assignee : emailOf(approver);
  const notes = isEffective
    ? 'The target was met and has been confirmed with the service desk.'
    : 'The result is accepted as it stands; the follow-on carries the work on.';
  await move(day, issue, 'Closed', by, { 'Closure notes': notes, resolution: 'Done' });
}
