import { whoMoved, type Attempt, type LifecycleContext, type Missing } from './attempt.js';
import type { Improvement, LightPath, Refusal } from '../improvement.js';
import type { Move, TicketEntry } from './lifecycle-events.js';
import { pathWithoutChange } from './light-path.js';
import { gatesOffPart, tryWay, withWaiver } from './move.js';
import type { Way } from './ways.js';

/** What came of an authorisation that stands in the ticket. */
export type Authorised =
  | { readonly is: 'nothing' }
  | { readonly is: 'authorised'; readonly improvement: Improvement; readonly move: Move }
  | {
      readonly is: 'refused';
      readonly attempt: Attempt;
      readonly refused: Omit<Refusal, 'code' | 'sentence'>;
      readonly missing: readonly Missing[];
    };

/**
 * Takes the authorisation of a path without a change ticket, if one stands in the ticket of an approved improvement: by whoever wrote it, as of the entry
 * with which they did. The same one is refused once; written anew it is another.
 */
export function takeAuthorisation(
  improvement: Improvement,
  entry: TicketEntry,
  context: LifecycleContext,
  ways: readonly Way[],
): Authorised {
  const { lightPath: text, lightPathBy: author } = entry.reading;
  const because = text?.trim() ?? '';
  const way = ways.find(({ by, from }) => by === 'authoriser' && from.includes(improvement.status));
  if (because === '' || author === undefined || way === undefined || improvement.lightPath !== undefined) return { is: 'nothing' };
  const { actor, system, at, historyId } = author;
  if ((improvement.refusals ?? []).some((each) => each.historyId === historyId && each.to === way.to)) return { is: 'nothing' };
  const attempt: Attempt = { improvement, context, to: way.to, at, actor, system, reading: entry.reading };
  const { missing, waived } = tryWay(way, attempt);
  const by = whoMoved(attempt)?.id ?? actor.id;
  if (missing.length > 0) return { is: 'refused', attempt, refused: { at: entry.at, historyId, by, to: way.to }, missing };
  const form: LightPath['form'] = pathWithoutChange(improvement, context)?.form ?? 'light-path';
  const lightPath: LightPath = { form, at, by, account: actor.id, historyId, because };
  const noted = withWaiver({ ...improvement, lightPath }, { at, by, to: way.to, gates: waived });
  return {
    is: 'authorised',
    improvement: { ...noted, status: way.to },
    move: { from: improvement.status, to: way.to, at: entry.at, by, because: way.because, ...gatesOffPart(waived) },
  };
}
