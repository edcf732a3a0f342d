import { asFailure, type Failure, type FailureKind } from '../kit/index.js';

/** What the process says when it ends; sysexits where they fit. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  /** Something to look at: planned writes, failing mapping tests, gaps, quarantined records. */
  attention: 2,
  usage: 64,
  unavailable: 69,
  locked: 75,
  permission: 77,
  config: 78,
} as const;

const byKind: Readonly<Record<FailureKind, number>> = {
  config: exitCodes.config,
  auth: exitCodes.permission,
  transient: exitCodes.unavailable,
  contract: exitCodes.failure,
  record: exitCodes.failure,
  conflict: exitCodes.locked,
  policy: exitCodes.permission,
};

/** The exit code for what was thrown. */
export function exitCodeOf(error: unknown): number {
  return byKind[asFailure(error).kind];
}

/** The worst of several: a configuration problem outweighs the rest. */
export function worstExitCode(failures: readonly Failure[]): number {
  return Math.max(exitCodes.ok, ...failures.map((failure) => byKind[failure.kind]));
}
