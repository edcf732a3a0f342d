import type { Actor, Instant } from '../../kit/index.js';
import type { Directory, DirectoryPerson } from '../organisation/directory.js';
import { nameOf, personOf } from '../organisation/find-in-directory.js';
import type { Improvement, Status } from '../improvement.js';
import { localDate } from '../instant.js';
import type { Policy } from '../organisation/policy.js';
import type { TicketReading } from './ticket-reading.js';

/** The organisation, as guards see it. */
export interface LifecycleContext {
  readonly policy: Policy;
  readonly directory: Directory;
  /** IANA name: days and due dates are counted here. */
  readonly timeZone: string;
}

/** One attempt to move an improvement. */
export interface Attempt {
  readonly improvement: Improvement;
  readonly context: LifecycleContext;
  readonly to: Status;
  readonly at: Instant;
  /** Absent when nobody moves it: read-back, the calendar. */
  readonly actor?: Actor;
  readonly system?: string;
  readonly reading?: TicketReading;
}

/** What a guard misses: a stable code, and a noun phrase that completes "moving it needs …". */
export interface Missing {
  readonly code: string;
  readonly what: string;
}

/** Undefined when the guard lets it pass. */
export type Guard = (attempt: Attempt) => Missing | undefined;

/** Who made the attempt, by the directory; undefined for apps, unknown accounts and nobody. */
export function whoMoved(attempt: Attempt): DirectoryPerson | undefined {
  const { actor, system, context } = attempt;
  if (actor === undefined || system === undefined || actor.kind !== 'person') return undefined;
  return personOf(context.directory, system, actor.id);
}

/** The reason given in the ticket: its own field, else the rationale. */
export function reasonIn(reading: TicketReading | undefined): string {
  return [reading?.reason, reading?.rationale].map((text) => text?.trim() ?? '').find((text) => text !== '') ?? '';
}

/** Closure notes in the ticket, else the reason. */
export function notesIn(reading: TicketReading | undefined): string {
  return reading?.closureNotes?.trim() || (reading?.reason?.trim() ?? '');
}

/** The day of the attempt in the organisation's time zone. */
export const dateOf = (attempt: Pick<Attempt, 'at' | 'context'>): string => localDate(attempt.at, attempt.context.timeZone);
const names = (attempt: Attempt, people: readonly string[]): string =>
  people.map((id) => nameOf(attempt.context.directory, id)).join(', ') || 'nobody is named';

/** Passes a person who is among these. */
export function oneOf(attempt: Attempt, people: readonly string[], code: string, what: string): Missing | undefined {
  const person = whoMoved(attempt);
  return person !== undefined && people.includes(person.id) ? undefined : { code, what: `${what} (${names(attempt, people)})` };
}

/** Passes text that is not blank. */
export function text(value: string | undefined, code: string, what: string): Missing | undefined {
  return value === undefined || value.trim() === '' ? { code, what } : undefined;
}

/** Passes when the condition holds. */
export function when(condition: boolean, code: string, what: string): Missing | undefined {
  return condition ? undefined : { code, what };
}
