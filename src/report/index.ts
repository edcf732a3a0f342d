/** What is shown to people, from the store and the domain; writes nothing. */
export * from './status-report.js';
export * from './thread-report.js';
