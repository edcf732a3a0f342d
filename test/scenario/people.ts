import type { Row } from '../../connectors/servicenow/simulator/index.js';
import type { Improvement } from '../../src/domain/index.js';
import { dayMs, hourMs, okafor, type Organisation, rahman } from './organisation.js';

const rationale = 'Repeat failures cost orders every week; the fix is small and well understood.';

/** The approver approves, with everything that it takes; the next round reads it. */
export async function approve(
  organisation: Organisation,
  id: string,
  more: { readonly by?: string; readonly fields?: Readonly<Record<string, string | number | null>> } = {},
): Promise<Improvement> {
  await decide(organisation, id, 'Approved', more);
  await organisation.later();
  return organisation.improvement(id);
}

/** Somebody moves the ticket to a status; nothing is read yet. */
export async function decide(
  organisation: Organisation,
  id: string,
  to: string,
  {
    by = rahman,
    fields = { 'Decision rationale': rationale, Objective: 'fewer-repeats' },
  }: { readonly by?: string; readonly fields?: Readonly<Record<string, string | number | null>> } = {},
): Promise<void> {
  const { key } = await organisation.ticket(id);
  await organisation.jira.transition(key, { to, by, fields: { ...fields } });
}

/** The changes that name this improvement, oldest first. */
export async function changesOf(organisation: Organisation, id: string): Promise<readonly Row[]> {
  return (await organisation.servicenow.records('change_request')).filter((change) => JSON.stringify(change).includes(id));
}

/** Change management carries a change out over four days: approved, begun, closed with this code. */
export async function carryOut(organisation: Organisation, sysId: string, code = 'successful'): Promise<void> {
  await organisation.servicenow.moveChange(sysId, { to: 'scheduled' });
  await organisation.later(dayMs);
  await organisation.servicenow.moveChange(sysId, { to: 'implement' });
  await organisation.later(2 * dayMs);
  await organisation.servicenow.moveChange(sysId, {
    to: 'closed',
    close_code: code,
    close_notes: code === 'successful' ? 'Done and verified.' : 'Backed out.',
  });
  await organisation.later(hourMs);
  await organisation.later(hourMs);
}

/** The owner closes the ticket with notes; the next round reads it. */
export async function closeWithNotes(organisation: Organisation, id: string, by = okafor): Promise<Improvement> {
  const { key } = await organisation.ticket(id);
  await organisation.jira.transition(key, {
    to: 'Closed',
    by,
    fields: { 'Closure notes': 'Confirmed with the service desk.', resolution: 'Done' },
  });
  await organisation.later();
  return organisation.improvement(id);
}
