/** What was decided and done, in a chain that shows when it was tampered with. */
export { appendJournal, isJournalFailure, journalHead } from './append.js';
export * from './anchor.js';
export type { JournalEntry, JournalHead, NewJournalEntry } from './entry.js';
export { type JournalSecrets, keyIdOf } from './keys.js';
export * from './proof.js';
export * from './read.js';
export * from './standing.js';
export type { JournalTrouble } from './trouble.js';
export * from './verify.js';
