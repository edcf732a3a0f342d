import type { Instant, RecordRef } from '../../kit/index.js';
import { completionSnapshot } from '../changes/change.js';
import { sameRef } from '../inputs/case.js';
import type { ImprovementInput } from '../inputs/input.js';
import type { ChangeState, Improvement, LinkedChange, SuspectLink } from '../improvement.js';
import { approvalOf, verdictOf } from './thread-facts.js';

/** One field of a record before and after; undefined and empty are the same. */
type Compared = readonly [field: string, stage: SuspectLink['stage'], was: string | undefined, is: string | undefined];

/** Links that somebody has to look at: not cleared yet. */
export function openSuspects({ suspects = [] }: Pick<Improvement, 'suspects'>): readonly SuspectLink[] {
  return suspects.filter(({ cleared }) => cleared === undefined);
}

/**
 * What is material in a change that was relied on, by its completion snapshot: number, service, type, approval, state, close code and dates. Before
 * that a change moves as changes do, and nothing is suspect.
 */
export function changeSuspects(
  improvement: Improvement,
  known: LinkedChange,
  read: { readonly state?: ChangeState; readonly number?: string },
  at: Instant,
): readonly SuspectLink[] {
  const { state } = known;
  const now = read.state;
  if (completionSnapshot(improvement, known) === undefined || state === undefined) return [];
  const compared: readonly Compared[] = [
    ['key', 'change', known.number, read.number ?? known.number],
    ...(now === undefined
      ? []
      : ([
          ['service', 'change', state.service, now.service],
          ['type', 'change', state.type, now.type],
          ['template', 'change', state.template, now.template],
          ['approval', 'change', state.approval, now.approval],
          ['approved-at', 'change', state.approvedAt, now.approvedAt],
          ['started-at', 'change', state.startedAt, now.startedAt],
          ['state', 'completion', state.phase, now.phase],
          ['close-code', 'completion', state.closeCode, now.closeCode],
          ['ended-at', 'completion', state.endedAt, now.endedAt],
        ] satisfies readonly Compared[])),
  ];
  return suspectsOf(improvement, { ref: known.ref, number: read.number ?? known.number }, compared, at);
}

/**
 * What is material in a trigger that an approval relied on: `before` is the input as the approver could see it, `now` as it is. Titles and work
 * notes are not. An input that has ended is suspect as withdrawn.
 */
export function triggerSuspects(
  improvement: Improvement,
  before: ImprovementInput,
  now: ImprovementInput,
  at: Instant,
): readonly SuspectLink[] {
  if (approvalOf(improvement) === undefined) return [];
  const compared: readonly Compared[] = [
    ['key', 'trigger', before.number, now.number],
    ['service', 'trigger', before.serviceIds.toSorted().join(', '), now.serviceIds.toSorted().join(', ')],
    ['type', 'trigger', before.category, now.category],
    ['supplier', 'trigger', before.supplier, now.supplier],
    ['occurred-at', 'trigger', before.occurredAt, now.occurredAt],
    ['state', 'trigger', before.endedAt === undefined ? 'an input' : 'withdrawn', now.endedAt === undefined ? 'an input' : 'withdrawn'],
  ];
  return suspectsOf(improvement, { ref: now.trigger, number: now.number }, compared, at);
}

/** What the ticket's history says now about an entry that was taken as a decision; undefined when the entry is no longer there. */
export interface DecisionEntryNow {
  readonly historyId: string;
  readonly at: Instant;
  readonly account: string;
}

/**
 * What is material in the ticket after an approval was taken from it: that the entry is still in its history, by the same account at the same time;
 * the objective that it names; and the key of the ticket.
 */
export function decisionSuspects(
  improvement: Improvement,
  now: {
    readonly ref: RecordRef;
    readonly number: string;
    readonly entries: readonly DecisionEntryNow[];
    readonly objective?: string;
  },
  at: Instant,
): readonly SuspectLink[] {
  const approval = approvalOf(improvement);
  const { ticket } = improvement;
  if (approval === undefined || ticket === undefined) return [];
  const entry = now.entries.find(({ historyId }) => historyId === approval.historyId);
  const compared: readonly Compared[] = [
    ['key', 'decision', ticket.number, now.number],
    ['entry', 'decision', 'in the history', entry === undefined ? 'no longer in the history' : 'in the history'],
    ...(entry === undefined
      ? []
      : ([
          ['approval', 'decision', approval.account, entry.account],
          ['decided-at', 'decision', approval.at, entry.at],
        ] satisfies readonly Compared[])),
    ...(now.objective === undefined || approval.objective === undefined
      ? []
      : ([['objective', 'decision', approval.objective, now.objective]] satisfies readonly Compared[])),
  ];
  return suspectsOf(improvement, now, compared, at);
}

/** What became of the records that a result rests on, since it was found. At least one of the lists has an entry. */
export interface CountedSince {
  readonly revised: readonly ImprovementInput[];
  /** Withdrawn, recategorised, moved out of both spans: counted then, not counted now. */
  readonly gone: readonly ImprovementInput[];
  readonly late: readonly ImprovementInput[];
}

/**
 * What is material in the records that a final result counted: that the same calculation, done with them as they are today, would say something else. Where it
 * says the same, whatever became of single records is not material.
 */
export function resultSuspects(
  improvement: Improvement,
  now: { readonly result: string; readonly since: CountedSince },
  at: Instant,
): readonly SuspectLink[] {
  const relied = verdictOf(improvement);
  const { revised, gone, late } = now.since;
  const [first] = [...revised, ...gone, ...late];
  if (relied === undefined || first === undefined) return [];
  const parts = (
    [
      ['revised', revised],
      ['no longer counted', gone],
      ['came late', late],
    ] as const
  ).flatMap(([what, inputs]) => (inputs.length === 0 ? [] : [`${inputs.length} ${what} (${few(inputs)})`]));
  const because = `With the records that it counts as they are today, the same calculation gives ${now.result} instead of ${relied}: ${parts.join(', ')}.`;
  const compared: Compared = ['result', 'effectiveness', relied, now.result];
  return suspectsOf(improvement, { ref: first.trigger, number: first.number }, [compared], at).map((one) => ({ ...one, because }));
}

function few(inputs: readonly ImprovementInput[]): string {
  const names = inputs.slice(0, 3).map(({ number }) => number);
  return `${names.join(', ')}${inputs.length > names.length ? ', …' : ''}`;
}

/** The improvement with these suspects, each once: what is known already, and what was rejected or withdrawn, stays as it is. */
export function withSuspects(improvement: Improvement, found: readonly SuspectLink[]): Improvement {
  if (improvement.status === 'rejected' || improvement.status === 'withdrawn') return improvement;
  const known = improvement.suspects ?? [];
  const last = (one: SuspectLink): SuspectLink | undefined =>
    known.findLast((other) => other.field === one.field && (one.stage === 'effectiveness' || sameRef(other.ref, one.ref)));
  const fresh = found.filter((one) => last(one)?.is !== one.is);
  return fresh.length === 0 ? improvement : { ...improvement, suspects: [...known, ...fresh] };
}

/** The improvement after somebody has looked at these links and said why they still hold. The very same one where there is none to clear. */
export function clearSuspects(
  improvement: Improvement,
  which: { readonly ref: RecordRef; readonly field?: string },
  cleared: NonNullable<SuspectLink['cleared']>,
): Improvement {
  const meant = (one: SuspectLink): boolean =>
    one.cleared === undefined && sameRef(one.ref, which.ref) && (which.field === undefined || which.field === one.field);
  if (!(improvement.suspects ?? []).some(meant)) return improvement;
  return { ...improvement, suspects: (improvement.suspects ?? []).map((one) => (meant(one) ? { ...one, cleared } : one)) };
}

function suspectsOf(
  improvement: Improvement,
  record: { readonly ref: RecordRef; readonly number: string },
  compared: readonly Compared[],
  at: Instant,
): readonly SuspectLink[] {
  const afterClosure = improvement.status === 'closed';
  return compared.flatMap(([field, stage, before, after]) => {
    const [was, is] = [before ?? '', after ?? ''];
    return was === is ? [] : [{ ref: record.ref, number: record.number, stage, field, was, is, since: at, afterClosure }];
  });
}
