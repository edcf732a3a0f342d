import type { CheckResult, ConnectorContext, Failure } from 'golden-thread/kit';
import type { ServiceNowConfig } from './config.js';
import type { FieldCatalogue } from './fields.js';
import type { TableApi } from './table.js';
import type { ChangeApi } from './writing/change-api.js';
import type { WrittenTable } from './writing/written-tables.js';

/** What a check needs. `clock`: this machine's, in milliseconds since 1970, for the comparison with the instance's. */
export interface CheckParts {
  readonly config: ServiceNowConfig;
  readonly context: Pick<ConnectorContext, 'system' | 'wanted'>;
  readonly reading: TableApi;
  readonly writing: TableApi;
  readonly fields: FieldCatalogue;
  readonly changes: Pick<ChangeApi, 'isThere'>;
  /** What the sink offers to write. */
  readonly written: readonly WrittenTable[];
  readonly clock: () => number;
}

/** A line for a failure. */
export function failed(what: string, found: string, failure: Failure): CheckResult {
  return { what, outcome: 'failed', found, ...(failure.details.hint !== undefined && { hint: failure.details.hint }) };
}

/** The failure's message as a sentence. */
export function sentence(failure: Failure): string {
  const text = failure.message.trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`;
}
