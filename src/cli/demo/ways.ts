import { approvalOf, gapsOf, type GapContext, type Improvement, isOpen, type Status, verdictOf } from '../../domain/index.js';
import type { ImprovementVersion } from '../../store/index.js';

/** How many improvements went each way; one may go several. */
export type Ways = Readonly<Record<(typeof ways)[number][0], number>>;

/** An improvement with every state that it has been in. */
export interface Course {
  readonly improvement: Improvement;
  readonly versions: readonly ImprovementVersion[];
  readonly context: GapContext;
}

type Way = readonly [name: string, went: (course: Course) => boolean];

const wasIn = ({ versions }: Course, status: Status): boolean => versions.some(({ improvement }) => improvement.status === status);
const decisions = ({ improvement }: Course, kind: string): number =>
  improvement.decisions.filter((decision) => decision.kind === kind).length;
const hasGap = ({ improvement, context }: Course, code: string): boolean => gapsOf(improvement, context).some((gap) => gap.code === code);
const violated = ({ improvement }: Course, code: string): boolean => improvement.violations.some((violation) => violation.code === code);
const done = (phase: string | undefined): boolean => phase === 'completed' || phase === 'completed-with-issues';

/** Every way in which an improvement can go, counted from the register alone. */
const ways = [
  ['effective', ({ improvement }) => improvement.closure?.result === 'effective'],
  ['notEffectiveWithFollowOn', ({ improvement }) => improvement.closure?.result === 'not-effective' && improvement.followOn !== undefined],
  ['inconclusiveAccepted', (course) => course.improvement.closure?.result === 'inconclusive' && decisions(course, 'accepted') > 0],
  ['rejected', (course) => decisions(course, 'rejected') > 0],
  ['deferredAndReturned', (course) => decisions(course, 'deferred') > 0 && course.improvement.status !== 'deferred'],
  ['withdrawn', ({ improvement }) => improvement.status === 'withdrawn'],
  ['onHold', ({ improvement }) => improvement.status === 'on-hold' && improvement.beforeAdoption === undefined],
  ['heldAndResumed', (course) => wasIn(course, 'on-hold') && course.improvement.status !== 'on-hold'],
  ['lightPath', ({ improvement }) => improvement.lightPath?.form === 'light-path'],
  ['contractAmendment', ({ improvement }) => improvement.lightPath?.form === 'contract-amendment'],
  ['standardChange', ({ improvement }) => improvement.changes.some(({ state }) => state?.type === 'standard' && done(state.phase))],
  ['emergencyChange', ({ improvement }) => improvement.changes.some(({ state }) => state?.type === 'emergency' && done(state.phase))],
  [
    'failedChangeAndAnother',
    ({ improvement }) =>
      improvement.changes.some(({ state }) => state?.phase === 'failed') && improvement.changes.some(({ state }) => done(state?.phase)),
  ],
  ['severalChanges', ({ improvement }) => improvement.changes.filter(({ state, required }) => required && done(state?.phase)).length > 1],
  ['adoptedChange', ({ improvement }) => improvement.changes.some(({ origin }) => origin === 'adopted')],
  ['closedByHand', (course) => violated(course, 'closed-without-guard')],
  ['reopened', (course) => violated(course, 'reopened-after-closure')],
  ['approvedAgain', (course) => decisions(course, 'approved') > 1],
  ['suspectLink', ({ improvement }) => (improvement.suspects ?? []).length > 0],
  ['overdue', (course) => hasGap(course, 'target-overdue')],
  ['raisedByHand', ({ improvement }) => improvement.proposer !== undefined],
  ['imported', ({ improvement }) => improvement.beforeAdoption !== undefined],
  ['decidedByDeputy', ({ improvement }) => improvement.decisions.some(({ entitledAs }) => entitledAs?.startsWith('stands in') === true)],
  [
    'closedByDeputy',
    ({ improvement }) =>
      improvement.closure !== undefined && verdictOf(improvement) === 'effective' && improvement.closure.by !== improvement.owner,
  ],
  ['controlsUpdated', ({ improvement }) => (improvement.updatedControls ?? []).length > 0],
  ['waivedGate', ({ improvement }) => (improvement.waivers ?? []).length > 0],
  ['followOn', ({ improvement }) => improvement.followOnOf !== undefined],
  ['cameBack', ({ improvement }) => improvement.recursAfter !== undefined],
  ['stillOpen', ({ improvement }) => isOpen(improvement) && approvalOf(improvement) !== undefined],
] as const satisfies readonly Way[];

/** Counts the ways of all of them. */
export function countWays(courses: readonly Course[]): Ways {
  return Object.fromEntries(ways.map(([name, went]: Way) => [name, courses.filter(went).length])) as Ways;
}
