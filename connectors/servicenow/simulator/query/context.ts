import type { TableDefinition } from '../dictionary/dictionary.js';
import type { Row, Store } from '../store.js';

/** For whom a query runs: `javascript:gs.…` and relative dates depend on it. */
export interface Caller {
  readonly userId: string;
  readonly userName: string;
  /** IANA zone; UTC where the user has none. */
  readonly zone: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What a condition says of one row. */
export type Test = (row: Row) => boolean;

export interface ConditionContext {
  readonly store: Store;
  readonly table: TableDefinition;
  readonly caller: Caller;
  readonly caseSensitive: boolean;
  /** `=` on a date-time means something. */
  readonly dateEquals: boolean;
  /** Whether the account may compare by range; yes without it. */
  readonly ranges?: boolean;
}
