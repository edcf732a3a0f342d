import { type ImprovementInput, itself, measuredKeys, personOf } from '../../domain/index.js';
import type { JsonObject, SourceRecord } from '../../kit/index.js';
import {
  appendJournal,
  enqueue,
  getSetting,
  inputById,
  latestRecord,
  putSetting,
  settingsUnder,
  sha256,
  type Tx,
} from '../../store/index.js';
import type { DecisionMapping } from '../../mapping/index.js';
import { raiseProposal } from './raise-improvement.js';
import { toReading } from '../read-back/read-back-tickets.js';
import { systemOf } from '../systems.js';
import { ticketStream } from '../read-back/ticket-stream.js';
import type { World } from '../world.js';

/** Whether an input comes from the project in which improvements are kept: then it is an improvement itself, not a trigger of one. */
export function isTicket(world: World, { trigger }: ImprovementInput): boolean {
  const { ticketSystem } = world.config.policy.routing;
  return trigger.system === ticketSystem && trigger.stream === ticketStream(world, { system: ticketSystem, resource: 'issue' });
}

/** Shown by `status` until the proposal is taken. */
const refusals = 'trouble/propose/';

/**
 * Takes an issue that a person made by hand into the register. One that lacks a category or a known reporter is refused: journalled and answered once, shown by
 * `status`, and taken as soon as it has what it lacks. Returns the ids of what was raised.
 */
export async function proposeByHand(world: World, t: Tx, input: ImprovementInput): Promise<readonly string[]> {
  const stored = await latestRecord(t, input.trigger);
  if (stored === undefined || input.endedAt !== undefined) return [];
  const { system, key } = input.trigger;
  const name = `${refusals}${system}/${key}`;
  const raised = await raiseFrom(world, t, input, stored.record);
  if ('id' in raised) {
    if ((await getSetting(t, name)) !== undefined) await putSetting(t, name, null);
    return [raised.id];
  }
  const { number, url } = stored.record;
  const told = (await getSetting(t, name)) as JsonObject | null | undefined;
  if (told?.['problem'] === raised.sentence) return [];
  const at = world.clock();
  await putSetting(t, name, { at, kind: 'policy', problem: raised.sentence, input: input.id });
  await appendJournal(t, [
    { at, actor: itself, kind: 'proposal-refused', subject: number, because: raised.sentence, body: { input: input.id } },
  ]);
  await answer(world, t, { system, key, number, url, sentence: raised.sentence });
  world.log.warn('an issue made by hand is not in the register yet', { system, ticket: number, because: raised.sentence });
  return [];
}

/** Looks again at what was refused: what it lacks may have been mended here, in the directory or in a mapping, where no new version of the issue tells it. */
export async function proposeAgain(world: World, t: Tx): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const { value } of await settingsUnder(t, refusals)) {
    const id = (value as JsonObject | null)?.['input'];
    const input = typeof id === 'string' ? await inputById(t, id) : undefined;
    if (input !== undefined) ids.push(...(await proposeByHand(world, t, input)));
  }
  return ids;
}

async function raiseFrom(
  world: World,
  t: Tx,
  input: ImprovementInput,
  record: SourceRecord,
): Promise<{ readonly id: string } | { readonly sentence: string }> {
  const { system, stream, key } = input.trigger;
  const { kind } = systemOf(world.systems, system);
  const mapping = world.mappings.find(
    (candidate): candidate is DecisionMapping => candidate.kind === 'decision' && candidate.from === `${kind}.${stream}`,
  );
  if (mapping === undefined)
    return { sentence: `This is not in the improvement register yet: no mapping says what ${kind}.${stream} means as a decision.` };
  const mapped = mapping.map(record, { system });
  if (mapped.is !== 'mapped') {
    const why = mapped.is === 'failed' ? mapped.problems.join('; ') : mapped.because;
    return { sentence: `This is not in the improvement register yet: ${mapping.name} cannot read it (${why}).` };
  }
  const draft = mapped.value;
  const proposer = draft.reporter === undefined ? undefined : personOf(world.config.directory, system, draft.reporter)?.id;
  const { plan } = toReading(world, system, draft);
  const given = Object.fromEntries(Object.entries(plan ?? {}).filter(([, value]) => value !== null && value !== undefined));
  const raised = await raiseProposal(world, t, {
    // The category is what its reporter chose, not how it came in.
    input: { ...input, category: draft.category ?? '' },
    counts: { caseKeys: measuredKeys([input]), categories: [input.category] },
    ...(proposer !== undefined && { proposer }),
    ...(draft.description !== undefined && { description: draft.description }),
    plan: given,
    ticket: { system, resource: 'issue', key, number: record.number, url: record.url },
  });
  return raised.is === 'raised' ? { id: raised.improvement.id } : { sentence: raised.sentence };
}

/** Tells the reporter, in the issue itself: the same comment is brought up to date when something else is missing. */
async function answer(
  world: World,
  t: Tx,
  refused: { readonly system: string; readonly key: string; readonly number: string; readonly url: string; readonly sentence: string },
): Promise<void> {
  const { system, key, number, url, sentence } = refused;
  const id = sha256([world.store.installationId, 'proposal-refused', system, key, number, url, sentence].join('\n'));
  const payload = { marker: 'golden-thread:proposal', text: sentence, ticket: { key, number, url } };
  await enqueue(t, { id, system, resource: 'issue', operation: 'comment', subject: number, payload }, world.clock());
}
