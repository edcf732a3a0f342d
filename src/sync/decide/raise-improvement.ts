import {
  type Ancestry,
  type ByHand,
  type FiredRule,
  type Improvement,
  itself,
  nextEpisode,
  raise,
  raiseByHand,
  type RaiseContext,
  type RaisedByHand,
  raiseLinked,
  suggestSimilar,
  traitsOf,
} from '../../domain/index.js';
import {
  appendJournal,
  improvementsWithCaseKeys,
  improvementsWithTraits,
  inputsById,
  nextNumber,
  noteTraits,
  saveImprovement,
  type Tx,
} from '../../store/index.js';
import { gather, parentOf } from './gather.js';
import { keepGraph } from './keep-graph.js';
import { noteReadBack } from '../read-back/read-back-due.js';
import { decideTicketApart } from './ticket-apart.js';
import type { World } from '../world.js';

/**
 * Raises an improvement from a rule that fired: register, graph, journal and the decision to make its ticket, in one transaction. What looks alike in the
 * register is suggested in it, never merged; a supplier's improvement becomes the parent of the open cases that rest on the same records.
 */
export async function raiseImprovement(world: World, t: Tx, fired: FiredRule, ancestry: Ancestry = {}): Promise<Improvement> {
  const keys = fired.scope?.keys ?? fired.triggers.flatMap((trigger) => trigger.caseKeys);
  const context = await raiseContext(world, t, keys);
  const parent = await parentOf(world, t, fired);
  const known = { ...ancestry, ...(parent !== undefined && { parent }) };
  const plain = raise(fired, context, known);
  const traits = traitsOf(plain, fired.triggers);
  const candidates = await improvementsWithTraits(t, traits, 50);
  const similar = suggestSimilar(
    plain.title,
    candidates.filter(({ improvement: { id } }) => id !== ancestry.recursAfter && id !== parent),
  );
  const improvement = similar.length === 0 ? plain : raise(fired, context, { ...known, similar });
  await enter(world, t, improvement, `rule ${improvement.rule}`, true);
  await noteTraits(t, improvement.id, traits);
  if (fired.rule.looksAt === 'supplier') await gather(world, t, improvement, fired);
  return improvement;
}

/** Raises the improvement that carries on where another ended without its result, or was reopened. */
export async function raiseLinkedImprovement(
  world: World,
  t: Tx,
  earlier: Improvement,
  why: 'follow-on' | 'reopened',
): Promise<Improvement> {
  const triggers = await inputsById(t, earlier.triggers);
  const improvement = raiseLinked(earlier, triggers, why, await raiseContext(world, t, earlier.caseKeys));
  return enter(world, t, improvement, `${why} of ${earlier.id}`, true);
}

/** Takes an issue that a person made in the improvement project into the register, or says what it lacks. */
export async function raiseProposal(world: World, t: Tx, proposal: ByHand): Promise<RaisedByHand> {
  const raised = raiseByHand(proposal, await raiseContext(world, t, proposal.input.caseKeys));
  if (raised.is === 'refused') return raised;
  return { is: 'raised', improvement: await enter(world, t, raised.improvement, `by hand: ${proposal.ticket.number}`, false) };
}

async function raiseContext(world: World, t: Tx, caseKeys: readonly string[]): Promise<RaiseContext> {
  const { policy, directory, settings } = world.config;
  return {
    policy,
    directory,
    timeZone: settings.organisation.timeZone,
    at: world.clock(),
    number: await nextNumber(t),
    episode: nextEpisode(await improvementsWithCaseKeys(t, caseKeys)),
  };
}

async function enter(world: World, t: Tx, improvement: Improvement, because: string, withTicket: boolean): Promise<Improvement> {
  const at = world.clock();
  const by = improvement.proposer ?? itself;
  await saveImprovement(t, improvement, { at, by, because });
  await appendJournal(t, [
    {
      at,
      actor: by,
      kind: 'improvement-raised',
      subject: improvement.id,
      because,
      body: {
        triggers: improvement.triggers,
        priority: improvement.priority.rationale,
        owner: improvement.owner,
        approver: improvement.approver,
      },
    },
  ]);
  await keepGraph(world, t, improvement);
  await noteTraits(t, improvement.id, traitsOf(improvement, []));
  if (withTicket) await decideTicketApart(world, t, improvement);
  else await noteReadBack(t, improvement.id); // its ticket is older than its entry
  return improvement;
}
