import { settledFrom } from '../effectiveness/spans.js';
import type { Improvement, Judgement, Refusal } from '../improvement.js';
import { isBefore } from '../instant.js';
import { isOwner } from '../organisation/entitlement.js';
import { nameOf } from '../organisation/find-in-directory.js';
import { verdictOf } from '../thread/thread-facts.js';
import { type Attempt, dateOf, type LifecycleContext, type Missing, when, whoMoved } from './attempt.js';
import { guards } from './guards.js';
import type { TicketEntry } from './lifecycle-events.js';

/** What came of a judgement that stands in the ticket. */
export type Judged =
  | { readonly is: 'nothing' | 'judged'; readonly improvement: Improvement }
  | {
      readonly is: 'refused';
      readonly improvement: Improvement;
      readonly refused: Omit<Refusal, 'code' | 'sentence'>;
      readonly missing: readonly Missing[];
    };

/**
 * Takes what somebody says of the acceptance criterion, while the improvement is under review and not judged yet: as of the entry with which they said
 * it. It counts only from the person whom the approved plan names, who is not the owner, with evidence, after the change and its settle time. The same
 * judgement is refused once; written anew it is another.
 */
export function takeJudgement(improvement: Improvement, entry: TicketEntry, context: LifecycleContext): Judged {
  const { plan } = improvement;
  const { judgement, judgementBy: author } = entry.reading;
  const nothing: Judged = { is: 'nothing', improvement };
  if (plan.metric !== 'criterion' || judgement === undefined || author === undefined) return nothing;
  if (improvement.status !== 'reviewing' || verdictOf(improvement) !== undefined) return nothing;
  const { actor, system, at, historyId } = author;
  if ((improvement.refusals ?? []).some((each) => each.historyId === historyId && each.to === 'reviewing')) return nothing;
  const attempt: Attempt = { improvement, context, to: 'reviewing', at, actor, system, reading: entry.reading };
  const person = whoMoved(attempt);
  const from = settledFrom(improvement);
  const evidence = judgement.evidence.trim();
  const judge = nameOf(context.directory, plan.judge ?? '');
  const missing = [
    guards.person(attempt),
    when(person !== undefined && person.id === plan.judge, 'not-the-judge', `the person whom the plan names as its judge (${judge})`),
    when(
      person === undefined || !isOwner(person.id, improvement, context, dateOf(attempt)),
      'judge-is-owner',
      'a judge who is not its owner',
    ),
    when(evidence !== '', 'judgement-evidence-missing', 'evidence of what was found'),
    when(
      from !== undefined && !isBefore(at, from),
      'judged-too-early',
      `the end of its settle time (${from?.slice(0, 10) ?? 'not known yet'})`,
    ),
  ].filter((each) => each !== undefined);
  const by = person?.id ?? actor.id;
  if (missing.length > 0) return { is: 'refused', improvement, refused: { at: entry.at, historyId, by, to: 'reviewing' }, missing };
  const found: Judgement = {
    at,
    result: judgement.met ? 'effective' : 'not-effective',
    ...(judgement.met ? {} : { reason: 'criterion-not-met' }),
    sentence: `${judgement.met ? 'Effective: the criterion is met' : 'Not effective: the criterion is not met'}, says ${judge}. ${plan.criterion}`,
    method: 'Acceptance criterion, set before the work, judged with evidence by a named person who is not the owner',
    final: true,
    judged: { by, account: actor.id, historyId, met: judgement.met, evidence, criterion: plan.criterion },
  };
  return { is: 'judged', improvement: { ...improvement, measurements: [...improvement.measurements, found] } };
}
