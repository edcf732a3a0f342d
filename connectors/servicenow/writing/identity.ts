import type { IdempotencyKey, JsonObject, TicketRef } from 'golden-thread/kit';
import { isPlainKey } from '../query.js';
import { type TableDefinition, numberOf, urlOf } from '../tables.js';
import { cleanText, cutText } from '../value.js';

/** `correlation_display` holds 100 characters. */
const displayLength = 100;

/**
 * The sys_id under which a record with this key is created. The Table API honours a sys_id of 32 characters on insert, so that
 * the same create sent twice cannot make two records.
 */
export function sysIdOf(key: IdempotencyKey): string {
  return key.value.slice(0, 32).toLowerCase();
}

/** The key as the record carries it in `correlation_id` (100 characters, not unique): for people, and where a sys_id is not honoured. */
export function correlationIdOf(key: IdempotencyKey): string {
  return `golden-thread:${key.value.slice(0, 40).toLowerCase()}`;
}

/** The columns that make a record findable by its key. */
export function identityOf(key: IdempotencyKey): JsonObject {
  return {
    sys_id: sysIdOf(key),
    correlation_id: correlationIdOf(key),
    correlation_display: cutText(cleanText(key.display), displayLength),
  };
}

/** What a record is called and where it is seen; undefined for a row without a usable sys_id. */
export function ticketOf(table: TableDefinition, row: JsonObject, instance: string): TicketRef | undefined {
  const sysId = row['sys_id'];
  if (typeof sysId !== 'string' || !isPlainKey(sysId)) return undefined;
  return { key: sysId, number: cleanText(numberOf(table, row)), url: urlOf(instance, table.name, sysId) };
}
