import type { SourceRecord } from '../../kit/index.js';
import { canonicalJson, type Content, contentOf, type Suppression } from '../../store/index.js';

/** A record as it may be stored, and its content hash. */
export interface Arrival {
  readonly record: SourceRecord;
  readonly content: Content;
}

/**
 * The record without persons who were removed. Its hash is that of what the system holds: a record that was redacted here and has not changed there is known
 * as unchanged, and is not stored again.
 */
export function withoutRemoved(record: SourceRecord, volatile: readonly string[], suppress: Suppression | undefined): Arrival {
  const content = contentOf(record.data, volatile);
  const data = suppress?.(record.data) ?? record.data;
  if (data === record.data) return { record, content };
  return { record: { ...record, data }, content: { hash: content.hash, json: canonicalJson(data) } };
}
