import type { Subject } from './subject.js';

/** One promise of the suite, before it is known whether the subject can be held to it. */
export interface Promised {
  /** Reads as a promise; the key of `skip`. */
  readonly name: string;
  /** What the subject would have to offer and does not. */
  readonly missing: readonly string[];
  readonly run: () => Promise<void>;
}

/** How thorough a run of the suite is. */
export interface Effort {
  /** Random histories per case. */
  readonly runs: number;
  /** How many records a large stream has; more than the system gives at once or by default. */
  readonly records: number;
  /** Makes them the same every time. */
  readonly seed: number;
  /** How long, in milliseconds, a smaller history is looked for that fails too. */
  readonly shrinkingMs: number;
}

/** Of {@link Effort.shrinkingMs}, where nobody says otherwise. */
export const usualShrinkingMs = 5_000;

/** What is spent on random histories. */
export type HistoryEffort = Pick<Effort, 'runs' | 'seed' | 'shrinkingMs'>;

/** A promise; `needs` names what is optional in a subject or connector: name -> whether it is there. */
export function promise(name: string, run: () => Promise<void>, needs: Readonly<Record<string, boolean>> = {}): Promised {
  const missing = Object.entries(needs).flatMap(([what, there]) => (there ? [] : [what]));
  return { name, missing, run };
}

/** Fails the case when the condition does not hold. The message says what was expected of the connector. */
export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Runs on an empty system, and leaves one without faults behind. */
export async function onFreshSystem(subject: Subject, run: () => Promise<void>): Promise<void> {
  await subject.reset();
  await subject.clearFaults();
  try {
    await run();
  } finally {
    await subject.clearFaults();
  }
}
