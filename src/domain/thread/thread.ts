import type { Instant, RecordRef } from '../../kit/index.js';
import { byOccurrence } from '../inputs/case.js';
import { outcomeOf, verifyChange, type ChangeOutcome } from '../changes/change.js';
import { nameOf } from '../organisation/find-in-directory.js';
import { threadStages, type ThreadStage } from './gap-codes.js';
import { gapsOf, type Gap, type GapContext } from './gaps.js';
import type { Evidence, Improvement, LinkedChange, Status } from '../improvement.js';
import { removedPerson } from '../removed-person.js';
import type { ImprovementInput } from '../inputs/input.js';
import { approvalOf } from './thread-facts.js';

/** One piece of a stage: a record, a decision, a change, a snapshot, a measurement. */
export interface ThreadItem {
  readonly at: Instant;
  /** What it is, in one line. Ticket text in it is a stranger's: escape it where it is shown. */
  readonly title: string;
  readonly url?: string;
  readonly ref?: RecordRef;
  /** Name of the person, where one acted. */
  readonly by?: string;
  readonly because?: string;
}

/** `complete`: there is something and no gap. `gap`: something is missing or unverified. `ahead`: not due yet. `ended`: will never be due. */
export type StageState = 'complete' | 'gap' | 'ahead' | 'ended';

export interface ThreadStageView {
  readonly stage: ThreadStage;
  readonly state: StageState;
  readonly items: readonly ThreadItem[];
  readonly gaps: readonly Gap[];
}

/** The golden thread of one improvement, ready to be shown. */
export interface Thread {
  readonly id: string;
  readonly title: string;
  readonly status: Improvement['status'];
  readonly stages: readonly ThreadStageView[];
  readonly gaps: readonly Gap[];
  /** The thread has reached its end (closed, rejected or withdrawn) and no link is missing. */
  readonly complete: boolean;
}

/** The ordered stages of an improvement. `inputs` are those that triggered or joined it; one that is not given is named by its id. */
export function threadOf(improvement: Improvement, inputs: readonly ImprovementInput[], context: GapContext): Thread {
  const gaps = gapsOf(improvement, context, inputs);
  const items: Readonly<Record<ThreadStage, readonly ThreadItem[]>> = {
    trigger: triggerItems(improvement, inputs),
    decision: decisionItems(improvement, context),
    change: [...improvement.changes.map((change) => changeItem(change, context)), ...pathItems(improvement, context)],
    completion: improvement.evidence.filter(isCompletion).map((evidence) => evidenceItem(improvement, evidence)),
    effectiveness: effectivenessItems(improvement, context),
    'updated-controls': (improvement.updatedControls ?? []).map(({ title, url, at }) => ({
      at: at ?? improvement.raisedAt,
      title,
      ...(url === undefined ? {} : { url }),
    })),
  };
  const ended = improvement.status === 'rejected' || improvement.status === 'withdrawn';
  const stages = threadStages.map((stage): ThreadStageView => {
    const own = gaps.filter((gap) => gap.stage === stage);
    const checked = checkedItems(improvement, stage, context);
    const all = [...items[stage], ...checked];
    return { stage, state: stateOf(improvement, stage, own.length > 0, all.length > 0), items: all, gaps: own };
  });
  const complete = gaps.length === 0 && (ended || improvement.status === 'closed');
  return { id: improvement.id, title: improvement.title, status: improvement.status, stages, gaps, complete };
}

function stateOf(improvement: Improvement, stage: ThreadStage, hasGap: boolean, hasItems: boolean): StageState {
  if (hasGap) return 'gap';
  if (hasItems) return 'complete';
  const { status } = improvement;
  if (status === 'rejected' || status === 'withdrawn') return 'ended';
  // Named by no plan: the thread ends before it.
  if (stage === 'updated-controls' && (approvalOf(improvement)?.controls ?? improvement.plannedControls ?? []).length === 0) return 'ended';
  return status === 'closed' && stage === 'change' ? 'complete' : 'ahead';
}

function isCompletion({ kind }: Evidence): boolean {
  return kind === 'change-completion' || kind === 'document';
}

function evidenceItem(improvement: Improvement, { at, hash, ref, kind, content }: Evidence): ThreadItem {
  const short = hash.slice(0, 12);
  const [title, url] = [content['title'] ?? content['name'], content['url']];
  const named = typeof title === 'string' ? title : titleOfEvidence(improvement, ref);
  return {
    at,
    ...(removedPerson.test(JSON.stringify(content))
      ? { because: 'a removed person stood in it: its hash is what was noted, its content cannot show it any more' }
      : {}),
    title: kind === 'document' ? `${named} (${short})` : `Snapshot ${short} of ${titleOfEvidence(improvement, ref)}`,
    ...(kind === 'document' && typeof url === 'string' ? { url } : {}),
    ...(ref === undefined ? {} : { ref }),
  };
}

function pathItems({ lightPath }: Improvement, { directory }: GapContext): readonly ThreadItem[] {
  if (lightPath === undefined) return [];
  const { form, at, by, because } = lightPath;
  const title = form === 'contract-amendment' ? 'amendment of the contract authorised' : 'light path authorised, no change ticket';
  return [{ at, title, by: nameOf(directory, by), because }];
}

/** What else somebody has to know of a stage: links that were suspect and were looked at, and gates that were switched off. */
function checkedItems(improvement: Improvement, stage: ThreadStage, { directory }: GapContext): readonly ThreadItem[] {
  const cleared = (improvement.suspects ?? []).flatMap((suspect): readonly ThreadItem[] =>
    suspect.stage !== stage || suspect.cleared === undefined
      ? []
      : [
          {
            at: suspect.cleared.at,
            title: `${suspect.number}: ${suspect.field} changed from ${suspect.was || 'empty'} to ${suspect.is || 'empty'}, looked at`,
            ref: suspect.ref,
            by: nameOf(directory, suspect.cleared.by),
            because: suspect.cleared.because,
          },
        ],
  );
  const waived = (improvement.waivers ?? []).flatMap(({ at, by, to, gates }): readonly ThreadItem[] =>
    stageOfMove[to] !== stage
      ? []
      : [{ at, title: `moved to ${to} only because a gate was off: ${gates.join(', ')}`, by: nameOf(directory, by) }],
  );
  return [...cleared, ...waived];
}

const stageOfMove: Readonly<Record<Status, ThreadStage>> = {
  proposed: 'decision',
  approved: 'decision',
  rejected: 'decision',
  deferred: 'decision',
  'on-hold': 'decision',
  withdrawn: 'decision',
  implementing: 'change',
  reviewing: 'completion',
  closed: 'effectiveness',
};

function triggerItems(improvement: Improvement, inputs: readonly ImprovementInput[]): readonly ThreadItem[] {
  const known = byOccurrence(inputs.filter((input) => improvement.triggers.includes(input.id)));
  const unknown = improvement.triggers.filter((id) => !known.some((input) => input.id === id));
  return [
    ...known.map((input) => ({
      at: input.occurredAt,
      title: `${input.number} ${input.title}`,
      url: input.url,
      ref: input.trigger,
      because: `${input.category}, ${input.severity}`,
    })),
    ...unknown.map((id) => ({ at: improvement.raisedAt, title: `Input ${id}` })),
  ];
}

function decisionItems(improvement: Improvement, { directory }: GapContext): readonly ThreadItem[] {
  return improvement.decisions
    .filter((decision) => decision.kind !== 'accepted')
    .map((decision) => ({
      at: decision.at,
      title: `${decision.kind}${decision.objective === undefined ? '' : `, serves ${decision.objective}`}${decision.reviewDate === undefined ? '' : ` until ${decision.reviewDate}`}`,
      by: nameOf(directory, decision.by),
      because: decision.rationale,
    }));
}

const outcomes: Readonly<Record<ChangeOutcome, string>> = {
  unread: 'not read yet',
  planned: 'planned',
  started: 'in progress',
  done: 'completed',
  'done-with-issues': 'completed with issues',
  'not-done': 'not done',
};

function changeItem(change: LinkedChange, { policy, at }: GapContext): ThreadItem {
  const verification = verifyChange(change, policy, at);
  return {
    at: change.linkedAt ?? change.state?.startedAt ?? at,
    title: `${change.number} ${outcomes[outcomeOf(change)]} (${change.origin}${change.state === undefined ? '' : `, ${change.state.type}`}${change.required ? '' : ', not required'})`,
    url: change.url,
    ref: change.ref,
    because: verification.is === 'verified' ? verification.because : verification.sentence,
  };
}

function titleOfEvidence(improvement: Improvement, ref: RecordRef | undefined): string {
  const change = improvement.changes.find((each) => ref !== undefined && each.ref.key === ref.key && each.ref.system === ref.system);
  return change?.number ?? ref?.key ?? 'a document';
}

function effectivenessItems(improvement: Improvement, { directory }: GapContext): readonly ThreadItem[] {
  const { closure, followOn } = improvement;
  const accepted = improvement.decisions.filter((decision) => decision.kind === 'accepted');
  return [
    ...improvement.measurements.map((measurement) => ({ at: measurement.at, title: measurement.sentence, because: measurement.method })),
    ...(followOn === undefined ? [] : [followOnItem(followOn, improvement, directory)]),
    ...accepted.map((decision) => ({
      at: decision.at,
      title: 'result accepted',
      by: nameOf(directory, decision.by),
      because: decision.rationale,
    })),
    ...(closure === undefined
      ? []
      : [{ at: closure.at, title: `closed as ${closure.result}`, by: nameOf(directory, closure.by), because: closure.notes }]),
  ];
}

function followOnItem(
  followOn: NonNullable<Improvement['followOn']>,
  improvement: Improvement,
  directory: GapContext['directory'],
): ThreadItem {
  const { decided, id } = followOn;
  if (decided === undefined)
    return { at: improvement.measurements.at(-1)?.at ?? improvement.raisedAt, title: `carried on by ${id}, not decided yet` };
  return { at: decided.at, title: `carried on by ${id}, ${decided.kind}`, by: nameOf(directory, decided.by) };
}
