/** What the fields of other systems mean: mapping files, read, compiled, run, linted and tested. */
export * from './explain.js';
export * from './field-lists.js';
export type { Finding } from './finding.js';
export * from './lint.js';
export * from './lint-categories.js';
export { loadMappings, type LoadedMappings } from './load.js';
export type {
  ChangeMapping,
  DecisionMapping,
  InputMapping,
  MapContext,
  Mappable,
  Mapped,
  Mapping,
  PushMapping,
  RegisterMapping,
} from './mapping.js';
export type { TicketDraft, TicketFields } from './target.js';
export * from './test-mappings.js';
