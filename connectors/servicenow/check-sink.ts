import { type CheckResult, asFailure, isFailure } from 'golden-thread/kit';
import { type CheckParts, failed, sentence } from './check-parts.js';
import { type Account, userOf } from './sign-in/account.js';
import { among, condition } from './query.js';

/** Roles that may create change requests on an instance as delivered. */
const creatingRoles = ['admin', 'change_manager', 'itil', 'sn_change_write'];

/**
 * What can be said about writing without writing: that the account reads change requests (it must read back what it wrote), which of the
 * roles that create them it holds where it may see that, and whether approvals and notes can be read.
 */
export async function checkSink(parts: CheckParts, account: Account, signal: AbortSignal | undefined): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  try {
    await parts.writing.list('change_request', { query: 'ORDERBYsys_id', fields: ['sys_id', 'correlation_id'], limit: 1, signal });
    const role = await roleOf(parts, account, signal);
    results.push({
      what: 'change_request: write',
      outcome: 'ok',
      found:
        role === undefined
          ? 'The account can read back what it writes. Whether it may create a change request only the first one can show.'
          : `The account can read back what it writes, and holds the role ${role}.`,
    });
  } catch (error) {
    const failure = asFailure(error);
    results.push(failed('change_request: write', sentence(failure), failure));
  }
  results.push(await sideTable(parts, 'reading', 'sysapproval_approver', 'approvals', 'who approved a change is then not known', signal));
  results.push(await sideTable(parts, 'writing', 'sys_journal_field', 'work notes', 'no notes are then written to changes', signal));
  return results;
}

async function roleOf(parts: CheckParts, account: Account, signal: AbortSignal | undefined): Promise<string | undefined> {
  const user = userOf(account);
  if (user === undefined) return undefined;
  try {
    const page = await parts.writing.list('sys_user_has_role', {
      query: `${condition('user.user_name', '=', user)}^${among('role.name', creatingRoles)}^ORDERBYsys_id`,
      fields: ['user.user_name', 'role.name'],
      limit: 100,
      signal,
    });
    return page.rows
      .filter((row) => row['user.user_name'] === user)
      .map((row) => row['role.name'])
      .find((role): role is string => typeof role === 'string' && creatingRoles.includes(role));
  } catch (error) {
    // Not to see its own roles is usual, and so is a user name that no query can hold.
    if (isFailure(error)) return undefined;
    throw error;
  }
}

async function sideTable(
  parts: CheckParts,
  who: 'reading' | 'writing',
  table: string,
  name: string,
  consequence: string,
  signal: AbortSignal | undefined,
): Promise<CheckResult> {
  const what = `change_request: ${name}`;
  try {
    await parts[who].list(table, { query: 'ORDERBYsys_id', fields: ['sys_id'], limit: 1, signal });
    return { what, outcome: 'ok', found: `The table ${table} answers.` };
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind !== 'config') return failed(what, sentence(failure), failure);
    return {
      what,
      outcome: 'warning',
      found: `The ${who} account may not read ${table}: ${consequence}.`,
      hint: `let the ${who} account read ${table}`,
    };
  }
}
