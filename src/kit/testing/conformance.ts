import { answersRefusals } from './answers-refusals.js';
import { asksNoMoreThanItMay } from './asks-no-more-than-it-may.js';
import { type Effort, type Promised, usualShrinkingMs } from './case.js';
import { declaresItself } from './declares.js';
import { keepsTime } from './keeps-time.js';
import { losesNothing } from './loses-nothing.js';
import { noticesWhatIsGone } from './notices-what-is-gone.js';
import { readsEverything } from './reads-everything.js';
import { readsLargeStreams } from './reads-large-streams.js';
import { setsBadRecordsAside } from './sets-bad-records-aside.js';
import type { Subject } from './subject.js';
import { survivesTheWire } from './survives-the-wire.js';
import { tellsFailuresApart } from './tells-failures-apart.js';
import { writesOnce } from './writes-once.js';

/** One case of the suite, for any test runner. */
export interface ConformanceCase {
  /** Reads as a promise. Ends with the reason where the subject has given one for not keeping it. */
  readonly name: string;
  /** The subject's reason, for runners that can skip. `run` does nothing then. */
  readonly skipped?: string;
  /** Rejects with an Error that says what was expected. */
  readonly run: () => Promise<void>;
}

/**
 * The conformance suite: what every connector promises, tried against a real system or a simulator over HTTP.
 *
 * - declares itself: identity, strict configuration, secrets marked, `check`
 * - tells failures apart: each trouble has the FailureKind that says what happens next, no credential anywhere
 * - reads everything: complete, unique, in the promised shape, at any page size, also when there are `records` of them
 * - loses nothing: `runs` random histories per case (seeded), crashes and late commits included
 * - writes once: lost answers and repetitions never make a second ticket, comment or link
 *
 * ```ts
 * for (const one of conformance(subject)) test(one.name, one.run);
 * ```
 *
 * What the subject cannot try needs a reason in `subject.skip`; without one the case fails, and a reason for a case that does not exist fails too.
 */
export function conformance(subject: Subject, effort: Partial<Effort> = {}): readonly ConformanceCase[] {
  const { runs = 15, seed = 20_000, records = 25_000, shrinkingMs = usualShrinkingMs } = effort;
  const promised = [
    ...declaresItself(subject),
    ...tellsFailuresApart(subject),
    ...survivesTheWire(subject),
    ...asksNoMoreThanItMay(subject),
    ...keepsTime(subject, subject.streams[0]),
    ...readsLargeStreams(subject, subject.streams[0], records),
    ...subject.streams.flatMap((driver) => [
      ...readsEverything(subject, driver),
      ...losesNothing(subject, driver, { runs, seed, shrinkingMs }),
      ...setsBadRecordsAside(subject, driver),
      ...noticesWhatIsGone(subject, driver),
    ]),
    ...(subject.sinks ?? []).flatMap((driver) => [...writesOnce(subject, driver), ...answersRefusals(subject, driver)]),
  ];
  return [...promised.map((one) => held(subject, one)), everySkipNamesACase(subject, promised)];
}

function held(subject: Subject, { name, missing, run }: Promised): ConformanceCase {
  const reason = subject.skip?.[name];
  if (reason !== undefined) return { name: `${name} (skipped: ${reason})`, skipped: reason, run: () => Promise.resolve() };
  if (missing.length === 0) return { name, run };
  const lacking = missing.map((control) => subject.lacks?.[control] ?? '');
  if (lacking.every((why) => why !== '')) {
    const why = [...new Set(lacking)].join('; ');
    return { name: `${name} (skipped: ${why})`, skipped: why, run: () => Promise.resolve() };
  }
  const error = new Error(
    `the subject offers no ${missing.join(', ')}: add it, or give the reason as lacks[${JSON.stringify(missing[0])}] or skip[${JSON.stringify(name)}]`,
  );
  return { name, run: () => Promise.reject(error) };
}

function everySkipNamesACase(subject: Subject, promised: readonly Promised[]): ConformanceCase {
  const names = new Set(promised.map((one) => one.name));
  return {
    name: 'every reason to skip belongs to a case',
    run: () => {
      const needed = new Set(promised.flatMap(({ missing }) => missing));
      const stale = [
        ...Object.entries(subject.skip ?? {}).filter(([name, reason]) => !names.has(name) || reason.trim() === ''),
        ...Object.entries(subject.lacks ?? {}).filter(([control, reason]) => !needed.has(control) || reason.trim() === ''),
      ];
      return stale.length === 0
        ? Promise.resolve()
        : Promise.reject(new Error(`no such case or missing control, or no reason: ${stale.map(([name]) => name).join('; ')}`));
    },
  };
}
