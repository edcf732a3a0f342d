import { type Log, type Note, isFailure } from 'golden-thread/kit';
import { columnText } from './column-text.js';
import { pageSizeOf } from './page-size.js';
import { condition, isPlainKey } from './query.js';
import type { TableApi } from './table.js';
import { cleanText, parseInstant } from './value.js';
import { walkAll } from './walk.js';

const columns = ['sys_id', 'element', 'element_id', 'value', 'sys_created_on', 'sys_created_by'];
const rowsPerPage = 500;
const mostNotes = 5_000;

/**
 * The work notes and comments of one record, oldest first (table sys_journal_field; the fields themselves read as "" in the record). The
 * table is never read as a whole. Undefined where the account may not read it, as a rule a matter of its roles.
 */
export async function notesOf(
  api: Pick<TableApi, 'list'>,
  key: string,
  log: Log,
  signal: AbortSignal | undefined,
): Promise<readonly Note[] | undefined> {
  if (!isPlainKey(key)) return [];
  const filter = `${condition('element_id', '=', key)}^elementINwork_notes,comments`;
  try {
    const size = pageSizeOf(rowsPerPage);
    const rows = await walkAll({ api, table: 'sys_journal_field', filter, fields: columns, limit: rowsPerPage, size, signal }, mostNotes);
    const notes = rows.flatMap((row): readonly Note[] => {
      const element = columnText(row, 'element');
      const at = parseInstant(columnText(row, 'sys_created_on'));
      // A condition that is dropped brings the notes of other records.
      if (columnText(row, 'element_id') !== key || at === undefined || !['work_notes', 'comments'].includes(element)) return [];
      return [
        {
          id: columnText(row, 'sys_id'),
          audience: element === 'comments' ? 'public' : 'internal',
          at,
          by: cleanText(columnText(row, 'sys_created_by')),
          text: cleanText(columnText(row, 'value')),
        },
      ];
    });
    return notes.toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1));
  } catch (error) {
    if (!isFailure(error) || error.kind !== 'config') throw error;
    log.warn('notes cannot be read', { because: error.message });
    return undefined;
  }
}
