/**
 * `golden-thread/kit/testing`: holds any connector to the kit's promises. Write a {@link Subject} for your connector (how to open it, and how to make its
 * system or simulator change and fail), then register {@link conformance} with your test runner. Needs `fast-check` at run time; no runner of its own.
 */
export type { Effort } from './case.js';
export { conformance, type ConformanceCase } from './conformance.js';
export { playHistories, type Tally } from './histories.js';
export { testContext } from './context.js';
export type * from './subject.js';
export { type Asked, createWire, type Told, type Trouble, type Wire } from './wire.js';
