/** The only place with SQL. Writers take a transaction of `store.tx`, readers that or `store.read`. */
export * from './absences.js';
export { backUp } from './backup.js';
export * from './canonical.js';
export type { Cause } from './causes.js';
export * from './coverage.js';
export * from './credentials.js';
export type * from './db.js';
export { type Edge, type EdgeKey, addEdges, addGraph, addNodes, endEdge, neighbours } from './graph.js';
export * from './inputs.js';
export { keyHash } from './key-hash.js';
export * from './journal.js';
export * from './lock.js';
export * from './look-again.js';
export * from './outbox.js';
export {
  type QuarantineEntry,
  type RejectionReason,
  type RejectionToSave,
  markReplayed,
  quarantineCounts,
  quarantineEntries,
  quarantineEntry,
  setAside,
} from './quarantine.js';
export type { RecordToMap, RecordToSave } from './record-to-save.js';
export * from './record-changes.js';
export * from './records.js';
export * from './register.js';
export { endInterruptedRuns, endRun, recentRuns, startRun, streamStatus } from './runs.js';
export type { Run, RunCounts, RunFailure, RunOutcome, StreamStatus } from './runs.js';
export * from './save-page.js';
export { type RecordsToSave, remapRecords, type SavedRecords, saveRecords } from './save-records.js';
export * from './settings.js';
export * from './store.js';
export { type Pause, type StreamName, loadCursor, pauseOf, pauseStream, resumeStream, rewindStream } from './streams.js';
export * from './thread.js';
