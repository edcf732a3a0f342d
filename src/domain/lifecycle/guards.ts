import { completionEvidenced, completionOf, requiredChanges } from '../changes/change.js';
import { isActive, personOf } from '../organisation/find-in-directory.js';
import { acceptorsOf, approversOf, isOwner, ownersOf } from '../organisation/entitlement.js';
import { isBefore } from '../instant.js';
import { dateOf, notesIn, oneOf, reasonIn, text, when, whoMoved, type Guard } from './attempt.js';
import { pathWithoutChange } from './light-path.js';
import { planAsRead } from './plan-reading.js';
import { planDiffers } from './ticket-reading.js';
import { approvalOf, frozenTooLate, isAcceptance, measuredAgainst, objectiveOf, verdictOf } from '../thread/thread-facts.js';

/** Every guard of the lifecycle, by the name under which its table mentions it. */
export const guards = {
  person: (attempt) => {
    if (attempt.actor?.kind === 'app') return { code: 'not-a-person', what: 'a person, because apps and automation decide nothing' };
    const person = whoMoved(attempt);
    if (person === undefined) return { code: 'unknown-account', what: 'an account that the directory knows as a person' };
    return when(isActive(person, dateOf(attempt)), 'person-left', 'a person who is still with the organisation');
  },
  entitled: (attempt) =>
    oneOf(
      attempt,
      approversOf(attempt.improvement, attempt.context, dateOf(attempt)),
      'not-entitled',
      'somebody who is entitled to decide',
    ),
  'owner-or-approver': (attempt) => {
    const people = [
      ...ownersOf(attempt.improvement, attempt.context, dateOf(attempt)),
      ...approversOf(attempt.improvement, attempt.context, dateOf(attempt)),
    ];
    return oneOf(attempt, [...new Set(people)], 'not-entitled', 'its owner or somebody who is entitled to decide');
  },
  closer: (attempt) => {
    const owners = ownersOf(attempt.improvement, attempt.context, dateOf(attempt));
    const acceptors =
      verdictOf(attempt.improvement) === 'effective' && !frozenTooLate(attempt.improvement)
        ? []
        : acceptorsOf(attempt.context, dateOf(attempt));
    return oneOf(attempt, [...new Set([...owners, ...acceptors])], 'not-the-owner', 'its owner, or who may accept the result');
  },
  acceptor: (attempt) =>
    oneOf(attempt, acceptorsOf(attempt.context, dateOf(attempt)), 'not-entitled', 'somebody who may accept a result that is not effective'),
  'not-last-editor': (attempt) => {
    const editor = attempt.reading?.lastPlanEditor;
    if (editor === undefined || attempt.actor === undefined || !attempt.context.policy.roles.separateEditorAndApprover) return undefined;
    const person = personOf(attempt.context.directory, editor.system, editor.actor.id);
    const same = editor.actor.id === attempt.actor.id || (person !== undefined && person.id === whoMoved(attempt)?.id);
    return when(!same, 'last-editor', 'somebody other than the one who last edited target, criterion or scope');
  },
  'not-owner': (attempt) => {
    const person = whoMoved(attempt);
    const same =
      attempt.context.policy.roles.separateOwnerAndApprover &&
      person !== undefined &&
      isOwner(person.id, attempt.improvement, attempt.context, dateOf(attempt));
    return when(!same, 'is-owner', 'somebody other than its owner');
  },
  'not-proposer': ({ improvement, context, ...attempt }) => {
    const person = whoMoved({ improvement, context, ...attempt });
    const same = context.policy.roles.separateProposerAndApprover && person !== undefined && person.id === improvement.proposer;
    return when(!same, 'is-proposer', 'somebody other than the one who proposed it');
  },
  trigger: ({ improvement }) => when(improvement.triggers.length > 0, 'trigger-missing', 'a trigger'),
  category: ({ improvement, context }) =>
    when(
      context.policy.categories.some((category) => category.id === improvement.category),
      'category-not-approved',
      'an approved input category',
    ),
  rationale: ({ reading }) => text(reading?.rationale, 'rationale-missing', 'a rationale'),
  objective: ({ reading, context }) =>
    when(
      objectiveOf(context.policy, reading?.objective) !== undefined,
      'objective-missing',
      `the objective that it serves (one of ${context.policy.objectives.map((objective) => objective.id).join(', ')})`,
    ),
  'plan-complete': ({ improvement, reading }) => {
    const { missing } = planAsRead(improvement, reading ?? {});
    return when(missing.length === 0, 'plan-incomplete', `a complete measurement plan (check ${missing.join(', ')})`);
  },
  'review-date': (attempt) =>
    when(
      isDate(attempt.reading?.reviewDate) && (attempt.reading?.reviewDate ?? '') > dateOf(attempt),
      'review-date-missing',
      'a review date in the future',
    ),
  reason: ({ reading }) => text(reasonIn(reading), 'reason-missing', 'a reason'),
  notes: ({ reading }) => text(notesIn(reading), 'notes-missing', 'closure notes'),
  'where-it-was': ({ improvement, to }) =>
    when(improvement.heldFrom === to, 'not-where-it-was', `a return to where it was (${improvement.heldFrom ?? 'unknown'})`),
  'review-date-reached': (attempt) => {
    const reviewDate = attempt.improvement.decisions.findLast((decision) => decision.kind === 'deferred')?.reviewDate;
    return when(reviewDate !== undefined && dateOf(attempt) >= reviewDate, 'review-date-ahead', 'its review date');
  },
  approval: ({ improvement, context }) => {
    const approval = approvalOf(improvement);
    const sound =
      approval !== undefined &&
      approval.rationale !== '' &&
      approval.plan !== undefined &&
      objectiveOf(context.policy, approval.objective) !== undefined;
    return when(sound, 'decision-missing', 'an approval with rationale, objective and plan');
  },
  'change-started': ({ improvement }) => when(completionOf(improvement).started, 'change-not-started', 'the start of a linked change'),
  'change-not-done': ({ improvement }) =>
    when(completionOf(improvement).notDone.length > 0, 'change-alive', 'a change that came to nothing'),
  completed: ({ improvement }) => when(completionOf(improvement).complete, 'change-not-completed', 'every required change completed'),
  'completion-evidence': ({ improvement }) =>
    when(completionEvidenced(improvement), 'completion-evidence-missing', 'evidence of completion'),
  measured: ({ improvement }) =>
    when(
      measuredAgainst(improvement, approvalOf(improvement)?.plan),
      'measurement-missing',
      'a final measurement against the plan that was approved',
    ),
  verdict: (attempt) => {
    const { improvement } = attempt;
    const late = frozenTooLate(improvement);
    if (verdictOf(improvement) === 'effective' && !late) return undefined;
    if (improvement.followOn?.decided !== undefined || improvement.decisions.some((decision) => isAcceptance(improvement, decision)))
      return undefined;
    if (guards.person(attempt) === undefined && guards.acceptor(attempt) === undefined && notesIn(attempt.reading) !== '') return undefined;
    const why = late ? 'its plan was approved after the work began, so it needs' : 'its result is not effective, so it needs';
    return {
      code: late ? 'plan-frozen-late' : 'follow-on-missing',
      what: `either a decided follow-on or an acceptance with a reason (${why} one)`,
    };
  },
  automatic: ({ improvement, context }) =>
    when(
      context.policy.closeEffectiveAutomatically && verdictOf(improvement) === 'effective' && !frozenTooLate(improvement),
      'not-automatic',
      'the closure notes of its owner',
    ),
  cause: ({ improvement, reading }) =>
    when(
      improvement.kind !== 'corrective-action' || (reading?.cause ?? improvement.cause ?? '').trim() !== '',
      'cause-missing',
      'the cause of the nonconformity',
    ),
  'similar-elsewhere': ({ improvement, reading }) =>
    when(
      improvement.kind !== 'corrective-action' || (reading?.similarElsewhere ?? improvement.similarElsewhere ?? '').trim() !== '',
      'similar-elsewhere-missing',
      'a word on whether similar nonconformities exist, or could occur, elsewhere',
    ),
  'path-listed': ({ improvement, context }) =>
    when(
      pathWithoutChange(improvement, context) !== undefined,
      'light-path-not-listed',
      'a change, because the policy lists no light path for it',
    ),
  authoriser: (attempt) => {
    const path = pathWithoutChange(attempt.improvement, attempt.context, dateOf(attempt));
    const people = path?.authorisers ?? approversOf(attempt.improvement, attempt.context, dateOf(attempt));
    return oneOf(attempt, people, 'not-entitled', 'somebody who may authorise it');
  },
  'after-approval': ({ improvement, at }) => {
    const approval = approvalOf(improvement);
    return when(
      approval !== undefined && !isBefore(at, approval.at),
      'authorised-too-early',
      'an authorisation that is not older than the approval (write it again)',
    );
  },
  'no-change-linked': ({ improvement }) =>
    when(requiredChanges(improvement).length === 0, 'change-linked-already', 'the change that is linked already to be completed instead'),
  'third-party': ({ improvement, context }) =>
    when(
      pathWithoutChange(improvement, context)?.form !== 'contract-amendment' || improvement.dependencies.length > 0,
      'third-party-missing',
      'the third party whose contract is amended, named in the directory as the supplier of its service',
    ),
  'plan-changed': ({ improvement, reading }) => {
    const approved = approvalOf(improvement)?.plan ?? improvement.plan;
    return when(
      reading !== undefined && planDiffers(improvement, approved, reading),
      'plan-unchanged',
      'a change of target, criterion or scope',
    );
  },
} satisfies Readonly<Record<string, Guard>>;

export type GuardName = keyof typeof guards;

function isDate(value: string | undefined): boolean {
  return value !== undefined && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
}
