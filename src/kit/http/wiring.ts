import type { Log } from '../connector.js';
import type { FailureKind } from '../failure.js';
import type { HttpRequest } from './client.js';

/** What one exchange cost and how it ended: the answer's status, or the kind of failure. */
export interface HttpMeasurement {
  readonly system: string;
  readonly route: string;
  readonly method: HttpRequest['method'];
  readonly outcome: number | FailureKind;
  readonly ms: number;
}

/** What core gives to the HTTP clients of one system. Gate and retry budget are shared by all clients that come from one wiring. */
export interface HttpWiring {
  /** The id under which the system is configured. */
  readonly system: string;
  readonly log: Log;
  /** Aborted at shutdown: requests under way end, none is repeated. */
  readonly signal: AbortSignal;
  /** Takes credentials out of a text; see {@link redactor}. Headers of `authorize` are taken out besides. */
  readonly redact: (text: string) => string;
  /**
   * For a Retry-After that is a date, when the remote does not tell its own clock, and for how long refused credentials are not sent again.
   * Deadlines and waits are always real time.
   */
  readonly clock?: { now(): number };
  /** In [0, 1), for jitter. */
  readonly random?: () => number;
  readonly observe?: (measurement: HttpMeasurement) => void;
  /** How often one request is repeated at most (default 4), and the first backoff (default 500 ms, doubled each time). */
  readonly retries?: { readonly most: number; readonly firstMs: number };
}
