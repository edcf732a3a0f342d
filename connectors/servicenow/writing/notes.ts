import { Failure, isFailure } from 'golden-thread/kit';
import { columnText } from '../column-text.js';
import { condition, queryValue } from '../query.js';
import type { TableApi } from '../table.js';
import { cleanText, cutText } from '../value.js';

const noteLength = 4000;
const most = 500;

/**
 * Appends a work note once. Notes cannot be replaced and a repeated write appends again, so the journal is searched for this very note
 * before and after. Where the account may not read sys_journal_field nothing is written: a lost answer could then not be told from a
 * note that never arrived.
 */
export async function noteOnce(
  api: TableApi,
  table: string,
  sysId: string,
  marker: string,
  text: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const note = cutText(`[${queryValue(marker)}] ${cleanText(text)}`, noteLength);
  if (await isNoted(api, sysId, note, signal)) return;
  await api.update(table, sysId, { work_notes: note }, { idempotent: false, ...(signal && { signal }) });
  if (await isNoted(api, sysId, note, signal)) return;
  throw new Failure('conflict', 'the work note was accepted but does not stand in the journal', {
    key: sysId,
    committed: 'maybe',
    hint: 'check that the writing account may write work notes of this record',
  });
}

async function isNoted(api: TableApi, sysId: string, note: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    const page = await api.list('sys_journal_field', {
      query: `${condition('element_id', '=', sysId)}^element=work_notes^ORDERBYsys_created_on^ORDERBYsys_id`,
      fields: ['element_id', 'element', 'value'],
      limit: most,
      signal,
    });
    const wanted = comparable(note);
    if (page.rows.some((row) => row['element_id'] === sysId && comparable(columnText(row, 'value')) === wanted)) return true;
    if ((page.total ?? 0) <= page.rows.length) return false;
  } catch (error) {
    if (!isFailure(error) || error.kind !== 'config') throw error;
  }
  throw new Failure('config', 'work notes cannot be looked up, so none is written', {
    key: sysId,
    committed: 'no',
    hint: 'let the writing account read sys_journal_field of the records that it writes',
  });
}

function comparable(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}
