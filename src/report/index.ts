/** What is shown to people, from the store and the domain; writes nothing. */
export * from './run-chart/index.js';
export * from './status-report.js';
export * from './thread-report.js';
