import type { Instant } from '../../kit/index.js';
import type { Improvement, PriorityBand, Status, VerdictResult } from '../improvement.js';

/**
 * One row of a register that the organisation kept before, as a mapping to `register-entry` reads it. People and services are still spelt as
 * they were there; the directory knows who is meant.
 */
export interface RegisterEntry {
  /** Its number in the old register: kept, so that it is found again. */
  readonly number: string;
  readonly title: string;
  readonly description?: string;
  /** Approved category of policy.yaml. */
  readonly category: string;
  readonly kind?: Improvement['kind'];
  readonly status: Status;
  readonly raisedAt: Instant;
  readonly services: readonly string[];
  readonly processes: readonly string[];
  readonly riskStatement?: string;
  readonly priority?: PriorityBand;
  readonly owner?: string;
  readonly approver?: string;
  /** `YYYY-MM-DD` */
  readonly targetDate?: string;
  readonly dependencies: readonly string[];
  readonly decidedAt?: Instant;
  readonly decidedBy?: string;
  readonly rationale?: string;
  readonly objective?: string;
  /** `YYYY-MM-DD`, of a deferral. */
  readonly reviewDate?: string;
  readonly closedAt?: Instant;
  readonly closedBy?: string;
  readonly closureNotes?: string;
  readonly result?: VerdictResult;
}
