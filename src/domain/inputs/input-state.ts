import type { Instant } from '../../kit/index.js';
import { localDate, plusCalendarDays } from '../instant.js';
import type { InputCategory } from './input-category.js';

/**
 * How an approved input stands: it brought something within its cadence (`on-time`), or a person has looked and found none (`reviewed`), or neither
 * (`overdue`); `never` has brought nothing yet and is not due.
 */
export type InputState = 'on-time' | 'overdue' | 'reviewed' | 'never';

/** One line of the inputs register. Days are the organisation's. */
export interface InputStanding {
  readonly category: string;
  readonly state: InputState;
  readonly owner?: string;
  readonly cadenceDays?: number;
  readonly clauses: readonly string[];
  readonly sources: readonly string[];
  /** When its newest record occurred. */
  readonly lastInput?: Instant;
  /** The last day that a review covers. */
  readonly reviewedTo?: string;
  /** The last day on which it is not overdue; absent without a cadence. */
  readonly due?: string;
}

/** How a category stands on a day. It is due a cadence after its last record, its last review, or the day from which it is watched: the latest of these. */
export function standingOf(
  category: InputCategory,
  known: { readonly lastInput?: Instant; readonly reviewedTo?: string; readonly watchedFrom: Instant },
  ask: { readonly today: string; readonly timeZone: string },
): InputStanding {
  const { lastInput, reviewedTo, watchedFrom } = known;
  const came = lastInput === undefined ? undefined : localDate(lastInput, ask.timeZone);
  const since = [localDate(watchedFrom, ask.timeZone), came, reviewedTo].reduce((a, b) =>
    b !== undefined && (a === undefined || b > a) ? b : a,
  );
  const due = category.cadenceDays === undefined || since === undefined ? undefined : plusCalendarDays(since, category.cadenceDays);
  const { id, owner, cadenceDays, clauses, sources } = category;
  return {
    category: id,
    state: stateOf({ due, came, reviewedTo, today: ask.today, cadenceDays }),
    ...(owner !== undefined && { owner }),
    ...(cadenceDays !== undefined && { cadenceDays }),
    clauses,
    sources,
    ...(lastInput !== undefined && { lastInput }),
    ...(reviewedTo !== undefined && { reviewedTo }),
    ...(due !== undefined && { due }),
  };
}

function stateOf(of: {
  readonly due: string | undefined;
  readonly came: string | undefined;
  readonly reviewedTo: string | undefined;
  readonly today: string;
  readonly cadenceDays: number | undefined;
}): InputState {
  if (of.due !== undefined && of.today > of.due) return 'overdue';
  const isFresh = of.came !== undefined && (of.cadenceDays === undefined || plusCalendarDays(of.came, of.cadenceDays) >= of.today);
  if (isFresh) return 'on-time';
  if (of.reviewedTo !== undefined && of.due !== undefined) return 'reviewed';
  return of.came === undefined ? 'never' : 'on-time';
}
