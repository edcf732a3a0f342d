import type { CheckResult, JsonObject } from 'golden-thread/kit';
import type { Catalogue } from './catalogue.js';
import { adfMarkup, type Markup } from './markup.js';

/** What Cloud and Data Center do differently beyond addresses and bodies, which are the client's business. */
export interface Dialect {
  readonly markup: Markup;
  /** The fields of a write with people under the ids that records give them. */
  withPeople(catalogue: Catalogue, fields: JsonObject, signal?: AbortSignal): Promise<JsonObject>;
  /** Lines of `check` that only this deployment has. Never throws for what it can describe. */
  checks(signal?: AbortSignal): Promise<readonly CheckResult[]>;
}

/** Cloud: documents and account ids. */
export const cloudDialect: Dialect = Object.freeze({
  markup: adfMarkup,
  withPeople: async (_catalogue: Catalogue, fields: JsonObject) => fields,
  checks: async () => [],
});
