import { type ImprovementInput, itself, personOf } from '../domain/index.js';
import { appendJournal, getSetting, latestRecord, putSetting, type Tx } from '../store/index.js';
import type { DecisionMapping } from '../mapping/index.js';
import { raiseProposal } from './raise-improvement.js';
import { toReading } from './read-back-tickets.js';
import { systemOf } from './systems.js';
import { ticketStream } from './ticket-stream.js';
import type { World } from './world.js';

/** Whether an input comes from the project in which improvements are kept: then it is an improvement itself, not a trigger of one. */
export function isTicket(world: World, { trigger }: ImprovementInput): boolean {
  const { ticketSystem } = world.config.policy.routing;
  return trigger.system === ticketSystem && trigger.stream === ticketStream(world, { system: ticketSystem, resource: 'issue' });
}

/**
 * Takes an issue that a person made by hand into the register. One that lacks a category or a known reporter is refused, journalled once, and taken
 * as soon as it has what it lacks. Returns the ids of what was raised.
 */
export async function proposeByHand(world: World, t: Tx, input: ImprovementInput): Promise<readonly string[]> {
  const stored = await latestRecord(t, input.trigger);
  if (stored === undefined || input.endedAt !== undefined) return [];
  const { system, stream, key } = input.trigger;
  const { kind } = systemOf(world.systems, system);
  const mapping = world.mappings.find(
    (candidate): candidate is DecisionMapping => candidate.kind === 'decision' && candidate.from === `${kind}.${stream}`,
  );
  const mapped = mapping?.map(stored.record, { system });
  if (mapped?.is !== 'mapped') return [];
  const draft = mapped.value;
  const proposer = draft.reporter === undefined ? undefined : personOf(world.config.directory, system, draft.reporter)?.id;
  const { plan } = toReading(world, system, draft);
  const given = Object.fromEntries(Object.entries(plan ?? {}).filter(([, value]) => value !== null && value !== undefined));
  const raised = await raiseProposal(world, t, {
    input,
    ...(proposer !== undefined && { proposer }),
    ...(draft.description !== undefined && { description: draft.description }),
    plan: given,
    ticket: { system, resource: 'issue', key, number: stored.record.number, url: stored.record.url },
  });
  if (raised.is === 'raised') return [raised.improvement.id];
  const name = `refused/${system}/${key}`;
  if ((await getSetting(t, name)) !== raised.sentence) {
    await putSetting(t, name, raised.sentence);
    await appendJournal(t, [
      { at: world.clock(), actor: itself, kind: 'proposal-refused', subject: stored.record.number, body: { sentence: raised.sentence } },
    ]);
    world.log.warn('an issue made by hand is not in the register yet', { system, ticket: stored.record.number, because: raised.sentence });
  }
  return [];
}
