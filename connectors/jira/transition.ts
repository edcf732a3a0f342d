import { Failure, type JsonObject, type Receipt } from 'golden-thread/kit';
import { afterWriting, beforeWriting } from './committed.js';
import { issueId } from './issue-key.js';
import type { Jira } from './jira.js';
import { differencesOf, type Payload } from './payload.js';
import { readTicket, refOf, type Ticket } from './ticket.js';
import { isObject, textIn } from './value.js';
import { anything, type Transition, Transitions } from './wire.js';

/**
 * Moves a ticket to a status, named or by id, by one of the transitions that are open to this account from where it stands now. Their ids belong to
 * one edge of one workflow and are never remembered. A ticket that is there already is left alone. Fields go along where the transition has
 * them on its screen; those that Jira did not take are differences of the receipt.
 */
export async function moveTicket(
  jira: Jira,
  stream: string,
  key: string,
  toStatus: string,
  payload: Payload,
  signal?: AbortSignal,
): Promise<Receipt> {
  const before = await beforeWriting(present(jira, stream, key, signal));
  if (!isAt(before, toStatus)) {
    const asked = jira.client.ask({
      send: (api, via) => api.getTransitions(via, { issueIdOrKey: issueId(key), expand: 'transitions.fields' }),
      answer: Transitions,
      effect: 'read',
      signal,
    });
    const { value } = await beforeWriting(asked);
    await go(jira, key, choose(value.transitions, toStatus, payload, before), payload, signal);
  }
  const after = isAt(before, toStatus) ? before : await afterWriting(present(jira, stream, key, signal));
  return {
    ticket: refOf(after.record),
    at: after.remoteNow ?? after.record.updatedAt,
    differences: [
      ...(isAt(after, toStatus) ? [] : [{ field: 'status', wrote: toStatus, found: after.record.data['status'] ?? null }]),
      ...differencesOf(payload, after.record.data),
    ],
    data: after.record.data,
  };
}

/** Of several ways, one whose required fields are all given, and of those the one that takes most of what is given. Fails with `record`, naming what is open or what is missing. */
export function choose(open: readonly Transition[], toStatus: string, payload: Payload, at: Ticket): Transition {
  const usable = open.filter((way) => way.isAvailable);
  const ways = usable.filter((way) => names(way.to.id, way.to.name, toStatus));
  if (ways.length === 0) {
    const status = at.record.data['status'];
    const from = isObject(status) && typeof status['name'] === 'string' ? status['name'] : 'its status';
    throw new Failure(
      'record',
      `no transition leads from ${from} to ${toStatus}; open are: ${usable.map((way) => `${way.name} -> ${way.to.name}`).join(', ') || 'none'}`,
      {
        key: at.record.ref.key,
        committed: 'no',
        noWay: true,
        hint: 'add the transition to the workflow, or give the account the permission to use it',
      },
    );
  }
  const lacking = ways.map((way) => ({
    way,
    missing: missingFields(way, payload),
    taken: Object.keys(payload.fields).filter((id) => way.fields?.[id] !== undefined),
  }));
  const [chosen] = lacking.filter(({ missing }) => missing.length === 0).toSorted((a, b) => b.taken.length - a.taken.length);
  if (chosen !== undefined) return chosen.way;
  throw new Failure('record', `the transition to ${toStatus} needs fields that are not given: ${(lacking[0]?.missing ?? []).join(', ')}`, {
    key: at.record.ref.key,
    committed: 'no',
    hint: 'give these fields a value in the push mapping, or make them optional on the screen of the transition',
  });
}

function missingFields(way: Transition, payload: Payload): readonly string[] {
  return Object.entries(way.fields ?? {})
    .filter(
      ([id, field]) => field.required && !field.hasDefaultValue && payload.fields[id] === undefined && payload.update[id] === undefined,
    )
    .map(([id, field]) => field.name ?? id);
}

async function go(jira: Jira, key: string, way: Transition, payload: Payload, signal?: AbortSignal): Promise<void> {
  // Jira refuses fields that are not on the transition's screen; it is known to leave `resolution` out of the list though it is there.
  const listed = (id: string): boolean => way.fields?.[id] !== undefined || id === 'resolution';
  const taken = (all: JsonObject): JsonObject => Object.fromEntries(Object.entries(all).filter(([id]) => listed(id)));
  const send = (fields: JsonObject): Promise<unknown> =>
    jira.client.ask({
      send: (api, via) =>
        api.doTransition(via, {
          issueIdOrKey: issueId(key),
          transition: { id: way.id },
          fields,
          update: taken(payload.update) as Record<string, never>,
        }),
      answer: anything,
      effect: 'write',
      signal,
    });
  const fields = taken(payload.fields);
  try {
    await send(fields);
  } catch (error) {
    if (
      way.fields?.['resolution'] !== undefined ||
      fields['resolution'] === undefined ||
      !(error instanceof Error) ||
      !/resolution/i.test(error.message)
    )
      throw error;
    const { resolution: _left, ...rest } = fields;
    await send(rest);
  }
}

async function present(jira: Jira, stream: string, key: string, signal?: AbortSignal): Promise<Ticket> {
  const ticket = await readTicket(jira, stream, key, signal);
  if (ticket !== undefined) return ticket;
  throw new Failure('record', 'the ticket was deleted, or the account may no longer see it', { key, status: 404 });
}

function isAt(ticket: Ticket, toStatus: string): boolean {
  const status = ticket.record.data['status'];
  return isObject(status) && names(textIn(status['id']), textIn(status['name']), toStatus);
}

function names(id: string, name: string, wanted: string): boolean {
  return id === wanted || name.toLowerCase() === wanted.toLowerCase();
}
