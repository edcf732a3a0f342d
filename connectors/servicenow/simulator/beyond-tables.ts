import type { Account } from './accounts.js';
import { attachmentApi } from './attachments.js';
import { changeApi } from './change-api.js';
import type { Instance } from './instance.js';
import type { ApiOutcome, ApiRequest } from './table-api.js';

/** The APIs besides tables and counts: changes, attachments. Undefined for a path that is none of theirs. */
export function beyondTables(instance: Instance, request: ApiRequest, account: Account): Omit<ApiOutcome, 'user'> | undefined {
  return changeApi(instance, request, account) ?? attachmentApi(instance, request, account);
}
