import type { Account } from './accounts.js';
import type { Instance } from './instance.js';
import { userIdOf } from './records.js';
import type { Row } from './store.js';

/** Of the rows of `sys_user_has_role`, those that an account sees: an administrator all, the others as `rolesReadable` says. */
export function roleRows(instance: Instance, account: Account, rows: readonly Row[]): readonly Row[] {
  if (account.roles.includes('admin') || instance.switches.rolesReadable === 'all') return rows;
  if (instance.switches.rolesReadable === 'none') return [];
  const own = userIdOf(instance, account.user_name);
  return rows.filter((row) => row['user'] === own);
}
