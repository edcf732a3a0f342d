import { actOnChange, type Change } from './changes.js';
import type { Day } from './day.js';
import { type Issue, recall } from './memory.js';
import { actOnTicket } from './tickets.js';

/** What the organisation's people do on one day: decide on tickets, carry changes out, close what has its result. */
export async function actAsPeople(day: Day): Promise<void> {
  const { issues } = await day.jira.control<{ issues: readonly Issue[] }>('GET', 'issues?project=IMP');
  for (const issue of issues) await actOnTicket(day, issue, recall(day.memory, issue, day.now));
  const { records } = await day.servicenow.control<{ records: readonly Change[] }>('GET', 'records/change_request');
  for (const change of records) await actOnChange(day, change);
}
