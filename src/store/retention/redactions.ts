import type { Instant, RecordRef } from '../../kit/index.js';
import type { Db } from '../database/db.js';
import { findNode, recordNode } from '../graph/nodes.js';

/** That something was taken out of what is kept of a record; its content hash is still that of what was read. */
export interface Redaction {
  /** Which version of the record, 1 for the first. */
  readonly version: number;
  /** The entry of the journal that tells of it. */
  readonly entry: number;
  readonly at: Instant;
  /** `person-purged` or `retention-applied`. */
  readonly kind: string;
}

/** What was taken out of the versions of a record, oldest first: for whoever compares its data with its hash. */
export async function redactionsOf(db: Db, ref: RecordRef): Promise<readonly Redaction[]> {
  const node = await findNode(db, recordNode(ref));
  if (node === undefined) return [];
  return db
    .selectFrom('record_version')
    .innerJoin('redaction', (join) => join.onRef('redaction.row', '=', 'record_version.id').on('redaction.what', '=', 'record_version'))
    .innerJoin('journal', 'journal.seq', 'redaction.entry')
    .select(['record_version.seq as version', 'redaction.entry', 'journal.at', 'journal.kind'])
    .where('record_version.record', '=', node)
    .orderBy('record_version.seq')
    .orderBy('redaction.entry')
    .execute();
}
