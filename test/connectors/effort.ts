import type { Effort } from 'golden-thread/kit/testing';

/**
 * How thorough the conformance suite is with a built-in connector: GOLDEN_THREAD_RUNS random histories per case and GOLDEN_THREAD_RECORDS records in
 * a large stream, and less when nobody asks for so many. Random histories with everything in them have tests of their own (`playHistories`).
 */
export function effortOf(usual: Pick<Effort, 'runs' | 'records'>): Pick<Effort, 'runs' | 'records'> {
  const { GOLDEN_THREAD_RUNS: runs = usual.runs, GOLDEN_THREAD_RECORDS: records = usual.records } = process.env;
  return { runs: Number(runs), records: Number(records) };
}
