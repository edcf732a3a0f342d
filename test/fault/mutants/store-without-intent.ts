export * from '../../../src/store/index.js';

/** Broken on purpose: nothing is noted before the request; the row changes only once the answer is there, by `confirm`. */
export const markSending = (): Promise<void> => Promise.resolve();
