/** The only place with SQL. Writers take a transaction of `store.tx`, readers that or `store.read`. */
export * from './records/absences.js';
export { backUp } from './database/backup.js';
export * from './database/canonical.js';
export type { Cause } from './database/causes.js';
export * from './records/coverage.js';
export * from './register/credentials.js';
export type * from './database/db.js';
export { type Edge, type EdgeKey, addEdges, addGraph, addNodes, endEdge, neighbours } from './graph/graph.js';
export * from './records/inputs.js';
export * from './records/input-reviews.js';
export * from './records/series.js';
export * from './records/input-history.js';
export * from './records/input-rates.js';
export * from './records/own-stream.js';
export * from './register/traits.js';
export { keyHash } from './database/key-hash.js';
export * from './journal/index.js';
export * from './database/lock.js';
export * from './records/look-again.js';
export * from './records/measured-inputs.js';
export * from './records/reliance.js';
export * from './register/outbox.js';
export {
  type QuarantineEntry,
  type RejectionReason,
  type RejectionToSave,
  markReplayed,
  quarantineCounts,
  quarantineEntries,
  quarantineEntry,
  setAside,
} from './records/quarantine.js';
export type { RecordToMap, RecordToSave } from './records/record-to-save.js';
export * from './records/record-changes.js';
export * from './records/records.js';
export * from './register/inputs-as-of.js';
export * from './register/period-counts.js';
export * from './register/register.js';
export * from './register/register-page.js';
export * from './register/review-decisions.js';
export { endInterruptedRuns, endRun, recentRuns, startRun, streamStatus } from './records/runs.js';
export type { Run, RunCounts, RunFailure, RunOutcome, StreamStatus } from './records/runs.js';
export * from './records/save-page.js';
export { type RecordsToSave, remapRecords, type SavedRecords, saveRecords } from './records/save-records.js';
export * from './register/settings.js';
export * from './database/store.js';
export { type Pause, type StreamName, loadCursor, pauseOf, pauseStream, resumeStream, rewindStream } from './records/streams.js';
export * from './graph/thread.js';
export { findPerson, type PersonPurge, type PersonPurged, type PersonTraces, purgePerson } from './retention/purge-person.js';
export { type Suppression, suppressionOf } from './retention/suppression.js';
export {
  applyRetention,
  isRemovedByRetention,
  pastRetention,
  type PastRetention,
  type StreamRetention,
} from './retention/apply-retention.js';
export { type Redaction, redactionsOf } from './retention/redactions.js';
