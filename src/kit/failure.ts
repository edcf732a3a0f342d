/**
 * What happens next depends on the kind alone (one switch, in `sync`):
 *
 * - `config`    refuse to start, or park that mapping
 * - `auth`      pause that system, probe slowly, never hammer (accounts get locked)
 * - `transient` try again within the budget, then at the next schedule; the cursor has not moved
 * - `contract`  the remote broke its contract: stop that stream, keep the others
 * - `record`    one record or one write is unacceptable: set that one aside, the others flow
 * - `conflict`  the remote changed since it was read, or an answer was lost: read again, decide again
 * - `policy`    the organisation's rules forbid it: refuse, journal, tell the owner
 */
export type FailureKind = 'config' | 'auth' | 'transient' | 'contract' | 'record' | 'conflict' | 'policy';

/** Where a failure happened and what to do about it. Nothing in here may hold a credential. */
export interface FailureDetails {
  readonly system?: string;
  readonly stream?: string;
  readonly key?: string;
  /** `file:line:col` for anything that stands in a file. */
  readonly place?: string;
  /** The remedy, as an instruction to the administrator. */
  readonly hint?: string;
  /** Not before this many milliseconds from now (Retry-After). */
  readonly retryAfterMs?: number;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  /**
   * For writes: whether the remote may have carried it out. `no` is proof of non-delivery (refused connection, 4xx, 429);
   * `maybe` everything else (time-out, reset, 5xx, an unreadable 2xx).
   */
  readonly committed?: 'no' | 'maybe';
  /** Of a transition: the workflow has no step from where the ticket stands to where it was to go. */
  readonly noWay?: boolean;
  readonly cause?: unknown;
}

// A brand instead of instanceof: a connector mounted from elsewhere may have been built against another copy of this file.
const brand = Symbol.for('golden-thread.failure');

/** The one error class of the product. Made where the trouble is best understood, handled in one place. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly details: FailureDetails;
  readonly [brand] = true;

  constructor(kind: FailureKind, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Failure';
    this.kind = kind;
    this.details = details;
  }
}

/** Whether `error` is a {@link Failure}, of this copy of the kit or of another. */
export function isFailure(error: unknown): error is Failure {
  return typeof error === 'object' && error !== null && brand in error;
}

/** Any thrown value as a Failure: what is not one already is a defect of ours or of a connector, and stops the stream (`contract`). */
export function asFailure(error: unknown, details: FailureDetails = {}): Failure {
  if (isFailure(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('contract', message, { ...details, cause: error });
}

/** The failure with more context; details that it already carries win. */
export function withDetails(failure: Failure, details: FailureDetails): Failure {
  return new Failure(failure.kind, failure.message, { ...details, ...failure.details, cause: failure });
}

/** What, where, and what to do: the failure as people read it, without a stack and without a credential. */
export function describeFailure(failure: Failure): string {
  const { place, system, stream, key, hint } = failure.details;
  const where = [system, stream, key].filter((part) => part !== undefined).join('/');
  const head = [place, where === '' ? undefined : where, failure.message].filter((part) => part !== undefined).join(': ');
  return hint === undefined ? head : `${head}\n  -> ${hint}`;
}
