import { type CheckResult, type Failure, asFailure } from 'golden-thread/kit';
import { checkFields } from './check-fields.js';
import { type CheckParts, failed, sentence } from './check-parts.js';
import { columnText } from './column-text.js';
import { isMissingTable } from './meaning.js';
import { rangeQuery } from './query.js';
import { filterOf, readerOf } from './streams.js';
import type { RawPage } from './table.js';
import type { TableDefinition } from './tables.js';

/** No record is stamped at or after this, so a query for it must find nothing. */
const beyondAll = '2999-01-01T00:00:00.000Z';
const theBeginning = '1970-01-01T00:00:00.000Z';
const sampleSize = 20;

/** Whether a table can be read as the stream reads it: rows, range and order, its filter, its fields. */
export async function checkStream(
  table: TableDefinition,
  parts: CheckParts,
  signal: AbortSignal | undefined,
): Promise<readonly CheckResult[]> {
  const { name } = table;
  const filter = filterOf(parts.config, table);
  const { columns } = readerOf(table, parts);
  const ask = (from: string, useFilter: boolean, limit: number): Promise<RawPage> =>
    parts.reading.list(name, { query: rangeQuery(useFilter ? filter : undefined, { from }), fields: columns, limit, signal });
  const results: CheckResult[] = [];
  try {
    const sample = await ask(theBeginning, true, sampleSize);
    results.push(readable(name, sample));
    results.push(ordered(name, sample, await ask(beyondAll, true, 1)));
    if (filter !== undefined) results.push(filtering(name, sample, await ask(theBeginning, false, 1)));
    results.push(...(await checkFields(table, parts, sample, signal)));
  } catch (error) {
    const failure = asFailure(error);
    const missing = table.plugin !== undefined && isMissingTable(failure);
    results.push(missing ? absent(table) : withPermission(name, failure, failed(`${name}: read`, sentence(failure), failure)));
  }
  return results;
}

/** What exactly the account lacks, where it may not read the table. */
function withPermission(name: string, failure: Failure, line: CheckResult): CheckResult {
  if (failure.kind !== 'config' || failure.details.status !== 403) return line;
  return {
    ...line,
    hint: `give the reading account read on ${name}, and query_range on its sys_updated_on and sys_id where query ACLs are in use`,
  };
}

/** A plugin's table that is not there: its stream is empty, and nothing fails. */
function absent({ name, plugin = '' }: TableDefinition): CheckResult {
  return {
    what: `${name}: read`,
    outcome: 'warning',
    found: `Absent: the instance has no table ${name} (${plugin}), so the stream is empty.`,
    hint: 'take it out of streams, or have the plugin installed; it is then read from the start',
  };
}

/**
 * Whether a table that is not configured could be read, in one line: available, absent with its plugin, or there and not readable. Never a failure: nobody
 * has asked for it.
 */
export async function checkAvailable(table: TableDefinition, parts: CheckParts, signal: AbortSignal | undefined): Promise<CheckResult> {
  const what = `${table.name}: available`;
  const line = (found: string): CheckResult => ({ what, outcome: 'ok', found });
  try {
    const page = await parts.reading.list(table.name, { query: 'ORDERBYsys_id', fields: ['sys_id'], limit: 1, signal });
    if (page.rows.length === 0 && (page.total ?? 0) > 0)
      return line(`Not read. It holds ${page.total} records, and the account may not see the first: it needs a role for this table.`);
    return line(`Not read, but it could be: name it under streams to read its ${page.total ?? 'unknown number of'} records.`);
  } catch (error) {
    const failure = asFailure(error);
    if (isMissingTable(failure)) return line(`Absent: ${table.plugin ?? 'its plugin'} is not installed.`);
    return line(`Not read, and it could not be: ${failure.message}.`);
  }
}

function readable(name: string, sample: RawPage): CheckResult {
  const what = `${name}: read`;
  const { total, rows } = sample;
  if (total === undefined)
    return {
      what,
      outcome: 'warning',
      found: 'The instance tells no total count.',
      hint: 'records that the account may not read cannot be stepped over; let X-Total-Count pass through proxies',
    };
  if (total === 0) return { what, outcome: 'ok', found: 'The table holds no record yet, so nothing more can be shown about its records.' };
  const expected = Math.min(total, sampleSize);
  if (rows.length === 0)
    return {
      what,
      outcome: 'failed',
      found: `The table holds ${total} records, but the account may read none of the first ${expected}.`,
      hint: 'give the reading account a role that reads this table',
    };
  if (rows.length < expected)
    return {
      what,
      outcome: 'warning',
      found: `The account may read ${rows.length} of the first ${expected} records (of ${total}).`,
      hint: 'if the hidden ones are confidential, exclude them by a filter; otherwise give the account a role that reads them',
    };
  return { what, outcome: 'ok', found: `${total} records can be read.` };
}

function ordered(name: string, sample: RawPage, beyond: RawPage): CheckResult {
  const what = `${name}: range and order`;
  if (beyond.rows.length > 0 || (beyond.total ?? 0) > 0)
    return {
      what,
      outcome: 'failed',
      found: 'The instance ignores the range on sys_updated_on: it answers a query for the year 2999 with records.',
      hint: 'let the account query sys_updated_on by range (query ACL query_range), and check the filter of the stream',
    };
  const stamps = sample.rows.map((row) => columnText(row, 'sys_updated_on'));
  const at = stamps.findIndex((stamp, index) => index > 0 && stamp < (stamps[index - 1] ?? ''));
  if (at < 0) return { what, outcome: 'ok', found: 'Ranges and order by sys_updated_on are honoured.' };
  return {
    what,
    outcome: 'failed',
    found: `The instance ignores the order: ${stamps[at]} comes behind ${stamps[at - 1]}.`,
    hint: 'let the account sort by sys_updated_on and sys_id',
  };
}

/** A condition that the instance does not understand is dropped silently; the count is the only sign of it. */
function filtering(name: string, sample: RawPage, whole: RawPage): CheckResult {
  const what = `${name}: filter`;
  if (sample.total === undefined || whole.total === undefined)
    return { what, outcome: 'warning', found: 'Without a total count it cannot be shown that the filter works.' };
  if (sample.total < whole.total) return { what, outcome: 'ok', found: `The filter leaves ${sample.total} of ${whole.total} records.` };
  return {
    what,
    outcome: 'warning',
    found: `The filter leaves all ${whole.total} records.`,
    hint: 'ServiceNow drops a condition whose field or operator it does not know; check the spelling in a list view',
  };
}
