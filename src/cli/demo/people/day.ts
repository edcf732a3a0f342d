import type { Matter } from '../organisation/conduct.js';
import type { Stage } from '../stage.js';
import type { Memory } from './memory.js';

/** One day of the organisation, as its people see it. */
export interface Day extends Pick<Stage, 'servicenow' | 'jira' | 'now'> {
  readonly memory: Memory;
  /** Days after the release. */
  readonly day: number;
  /** Told when a change about something has been carried out successfully. */
  readonly carriedOut: (matter: Matter) => void;
}

/** Moves a ticket as somebody would, with what the screen asks for. */
export async function move(
  { jira }: Pick<Day, 'jira'>,
  ticket: { readonly id: string },
  to: string,
  by: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await jira.control('POST', `issues/${ticket.id}/transition`, { to, by, fields });
}

/** Keys of the incidents whose text is this, oldest first. */
export async function incidentsAbout({ servicenow }: Pick<Day, 'servicenow'>, text: string): Promise<readonly string[]> {
  const { records } = await servicenow.control<{ records: readonly { sys_id: string; opened_at: string }[] }>(
    'GET',
    `records/incident?query=${encodeURIComponent(`short_description=${text}`)}`,
  );
  return records.toSorted((a, b) => (a.opened_at < b.opened_at ? -1 : 1)).map(({ sys_id }) => sys_id);
}
