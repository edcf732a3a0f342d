import type { CheckResult } from 'golden-thread/kit';
import { roleThatMay, type SeenRoles } from './roles.js';

/** Tables that nobody here should change, whether they are read or not. */
const foreign = ['incident', 'problem'];

/**
 * What an account may do that it does not need, a line per table: changing or deleting what is only read, deleting anything at all, seeing who holds which role.
 * Told by the roles that the account itself may see; where it sees none, nothing is said about them, for nothing is tried.
 */
export function tooMuch(
  account: 'reading' | 'writing',
  seen: SeenRoles,
  tables: { readonly read: readonly string[]; readonly written: readonly string[] },
): readonly CheckResult[] {
  const warnings: CheckResult[] = [];
  const warn = (table: string, found: string, hint: string): void =>
    void warnings.push({ what: `${table}: ${account} account may too much`, outcome: 'warning', found, hint });
  const roles = seen.own ?? [];
  const needed = account === 'writing' ? tables.written : [];
  for (const table of new Set([...tables.read, ...tables.written, ...foreign])) {
    const [changes, deletes] = [roleThatMay('change', table, roles), roleThatMay('delete', table, roles)];
    if (deletes !== undefined)
      warn(
        table,
        `The ${account} account may delete records of ${table} (role ${deletes}).`,
        `take the role ${deletes} away; nothing is ever deleted from here`,
      );
    else if (changes !== undefined && !needed.includes(table))
      warn(
        table,
        `The ${account} account may change records of ${table} (role ${changes}), which is ${tables.read.includes(table) ? 'only read' : 'not used'} here.`,
        account === 'reading'
          ? 'give it the role snc_read_only'
          : `give it a role of your own that writes ${needed.join(' and ')} and no more`,
      );
  }
  if (seen.others)
    warn(
      'sys_user_has_role',
      `The ${account} account may read who holds which role.`,
      'take the right to read sys_user_has_role away; nothing here needs it',
    );
  return warnings;
}
