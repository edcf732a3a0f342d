/** What is shown to people, from the store and the domain; writes nothing. */
export * from './document/render.js';
export * from './gaps-document.js';
export * from './period.js';
export * from './register/register-document.js';
export * from './measurement/index.js';
export * from './run-chart/index.js';
export * from './status-report.js';
export * from './thread-report.js';
export * from './thread/thread-document.js';
export type * from './document/document.js';
export { type ReportContext } from './context.js';
export { drawSample, type Candidate, type Sample, sampleSize } from './sample/draw-sample.js';
export * from './sample/sample-document.js';
export * from './pack/evidence-pack.js';
export * from './review/review-document.js';
export * from './clauses/obliging-clauses.js';
export { type ClauseCell, clauseCoverage, type ClauseRow } from './clauses/clause-coverage.js';
export * from './clauses/clauses-document.js';
