import { emailOf, standInFor } from '../organisation/parties.js';
import { gateOff } from '../organisation/policy.js';
import { dayAt, dayMs } from '../stage.js';
import { openChange } from './changes.js';
import type { Issue, TicketMemory } from './memory.js';
import { ownerOf } from './owner.js';
import { type Day, move } from './day.js';
import { twist } from './twists.js';

const approver = 'a.rahman';
/** The field Acceptance criterion of the simulated Jira. */
const criterionField = 'customfield_10089';
/** How long a ticket waits for its decision where nothing else is said. */
const patienceDays = 2;

/** What people do about one ticket today: at most one thing. */
export async function actOnTicket(day: Day, issue: Issue, ticket: TicketMemory): Promise<void> {
  if (await twist(day, issue, ticket)) return;
  const waited = (Date.parse(day.now) - Date.parse(ticket.since)) / dayMs;
  if (issue.status === 'Proposed' && waited >= (ticket.decided > 0 ? 0 : (ticket.conduct.afterDays ?? patienceDays)))
    await decide(day, ticket);
  else if (issue.status === 'Approved' || issue.status === 'Implementing') await carryOutWithoutChange(day, issue, ticket);
  else if (issue.status === 'Reviewing' && isFinal(issue)) await close(day, issue, ticket);
  else if (issue.status === 'Reviewing' && waited >= 10) await judge(day, issue, ticket);
}

async function decide(day: Day, ticket: TicketMemory): Promise<void> {
  const { conduct } = ticket;
  if (conduct.decision === 'leave') return;
  const by = standInFor(conduct.by ?? approver, day.day);
  const again = ticket.decided > 0;
  const rationale = {
    'Decision rationale': again ? `Looked at again: ${conduct.rationale}` : conduct.rationale,
    ...(conduct.cause !== undefined && { Cause: conduct.cause }),
    ...(conduct.control !== undefined && { 'Controls to update': conduct.control }),
  };
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

async function close(day: Day, issue: Issue, { conduct }: TicketMemory): Promise<void> {
  const isEffective = JSON.stringify(issue.comments).includes('Result: effective');
  const by = isEffective ? ownerOf(day, issue) : emailOf(approver);
  const notes = isEffective
    ? 'The target was met and has been confirmed with the service desk.'
    : 'The result is accepted as it stands; the follow-on carries the work on.';
  await move(day, issue, 'Closed', by, {
    ...(!(isEffective && day.day > gateOff.from && day.day < gateOff.to) && { 'Closure notes': notes }),
    resolution: 'Done',
    ...(conduct.similarElsewhere !== undefined && { 'Similar elsewhere': conduct.similarElsewhere }),
    ...(conduct.control !== undefined && { 'Updated controls': `${conduct.control} ${pageOf(conduct.control)}` }),
  });
}

/** Whoever the plan names says whether its acceptance criterion is met, once. */
async function judge(day: Day, issue: Issue, ticket: TicketMemory): Promise<void> {
  const isJudged = typeof issue.fields[criterionField] === 'object' && issue.fields[criterionField] !== null;
  if (!isJudged || ticket.done.has('judged')) return;
  ticket.done.add('judged');
  const found = ticket.conduct.found ?? 'Met';
  const evidence = `Protocol of the check of ${issue.key}`;
  await day.jira.control('PATCH', `issues/${issue.id}`, {
    by: emailOf('t.hansen'),
    fields: { 'Criterion evidence': `${evidence} ${pageOf(evidence)}`, 'Criterion met': found },
  });
}

/** The light path: somebody entitled says why it may, and once it is done its owner names what shows it. */
async function carryOutWithoutChange(day: Day, issue: Issue, ticket: TicketMemory): Promise<void> {
  const { lightPath } = ticket.conduct;
  const days = (Date.parse(day.now) - Date.parse(ticket.since)) / dayMs;
  if (lightPath === undefined) return;
  const write = (by: string, fields: Readonly<Record<string, string>>): Promise<unknown> =>
    day.jira.control('PATCH', `issues/${issue.id}`, { by, fields });
  if (issue.status === 'Approved' && days >= 3 && !ticket.done.has('authorised')) {
    ticket.done.add('authorised');
    await write(emailOf(approver), { 'Light path': lightPath.because });
  }
  if (issue.status === 'Implementing' && days >= 10 && !ticket.done.has('evidenced')) {
    ticket.done.add('evidenced');
    await write(ownerOf(day, issue), { 'Completion evidence': `${lightPath.evidence} ${pageOf(lightPath.evidence)}` });
    day.carriedOut(ticket.matter);
  }
}

/** An address in the invented wiki. */
function pageOf(title: string): string {
  return `https://wiki.example.com/${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
}
