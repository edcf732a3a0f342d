import { actingFor } from '../organisation/parties.js';
import type { Day } from './day.js';
import type { Issue } from './memory.js';

/** The e-mail of who acts as the owner of a ticket today: its assignee, or the deputy of who has left. */
export function ownerOf({ day }: Pick<Day, 'day'>, issue: Issue): string {
  return actingFor((issue.fields['assignee'] as { readonly accountId?: string } | null)?.accountId, day);
}
