import { type CheckResult, asFailure } from 'golden-thread/kit';
import { type CheckParts, failed, sentence } from './check-parts.js';
import type { SeenRoles } from './roles.js';
import { type WrittenTable } from './writing/written-tables.js';

/**
 * What can be said about writing without writing, a line per resource: that the account reads it (it must read back what it wrote) and sees the key that it
 * writes, that it holds a role that creates such records where it may see its roles; and what is read beside changes.
 */
export async function checkSink(
  parts: CheckParts,
  tables: readonly WrittenTable[],
  roles: SeenRoles,
  signal: AbortSignal | undefined,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const table of tables) results.push(await checkTable(parts, table, roles.own, signal));
  results.push(await sideTable(parts, 'reading', 'sysapproval_approver', 'approvals', 'who approved a change is then not known', signal));
  results.push(await sideTable(parts, 'writing', 'sys_journal_field', 'work notes', 'no notes are then written to changes', signal));
  results.push(await sideTable(parts, 'reading', 'sys_attachment', 'attachments', 'files at a change are then no evidence', signal));
  results.push(
    await sideTable(parts, 'writing', 'sys_attachment', 'attaching files', 'no chart can be attached to what it writes', signal),
  );
  const changes = await parts.changes.isThere(signal);
  results.push({
    what: 'change_request: Change API',
    outcome: changes ? 'ok' : 'warning',
    found: changes
      ? 'The Change API answers.'
      : 'The writing account may not use the Change API: no standard changes from templates, no affected items, no next states.',
    ...(!changes && { hint: 'let the writing account use the Change Management API (role sn_change_write or itil), if you need these' }),
  });
  return results;
}

async function checkTable(
  parts: CheckParts,
  table: WrittenTable,
  roles: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): Promise<CheckResult> {
  const { name, one } = table;
  const what = `${name}: write`;
  const missing = (found: string, hint: string): CheckResult => ({ what, outcome: 'failed', found, hint });
  try {
    const page = await parts.writing.list(name, { query: 'ORDERBYsys_id', fields: ['sys_id', 'correlation_id'], limit: 1, signal });
    const [row] = page.rows;
    if (row === undefined && (page.total ?? 0) > 0)
      return missing(
        `The writing account may not read the first of ${page.total} records of ${name}.`,
        `let it read the records of ${name}: what is written is read back`,
      );
    if (row !== undefined && row['correlation_id'] === undefined)
      return missing(
        `The writing account may not read the field correlation_id of ${name}.`,
        'let it read and write that field: a record is found again by it',
      );
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind !== 'config') return failed(what, sentence(failure), failure);
    return missing(
      `The writing account may not read ${name}, so it could not read back what it writes.`,
      `give it create, read and write on ${name} (${table.roles.filter((role) => role !== 'admin').join(', ')}, or a role of your own)`,
    );
  }
  if (roles === undefined)
    return {
      what,
      outcome: 'ok',
      found: `The account can read back what it writes. Whether it may create a ${one} only the first one can show.`,
    };
  if (roles.includes('snc_read_only'))
    return missing(
      'The writing account holds snc_read_only, which refuses every write.',
      'take snc_read_only away from the writing account',
    );
  const role = table.roles.find((candidate) => roles.includes(candidate));
  if (role !== undefined) return { what, outcome: 'ok', found: `The account can read back what it writes, and holds the role ${role}.` };
  return {
    what,
    outcome: 'warning',
    found: `The writing account holds none of the roles that create a ${one} on an instance as delivered.`,
    hint: `give it one of ${table.roles.filter((candidate) => candidate !== 'admin').join(', ')}, unless a role of your own lets it create records of ${name}`,
  };
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
