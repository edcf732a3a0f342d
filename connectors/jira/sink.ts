import { Failure, type IdempotencyKey, type Json, type JsonObject, type Receipt, type Sink } from 'golden-thread/kit';
import { actors } from './actor.js';
import { writeComment } from './comment.js';
import { afterWriting, beforeWriting } from './committed.js';
import { findTicket, labelOf, projectOf, watermarkOf } from './find.js';
import { issueId } from './issue-key.js';
import type { Jira } from './jira.js';
import { differencesOf, type Payload, payloadOf } from './payload.js';
import { readHistory } from './changelog.js';
import { writeLink } from './remote-link.js';
import { createScreen, sinkFields, type TicketType, ticketType } from './screen.js';
import { readTicket, refOf, refProperty } from './ticket.js';
import { moveTicket } from './transition.js';
import { isObject } from './value.js';
import { anything, CreatedAnswer } from './wire.js';

const resource = 'issue';

/** Writes improvement tickets into one project. Every write is read back by issue id, which Jira answers from its database. */
export function issueSink(jira: Jira): Sink {
  const origins: ReadonlySet<string> = new Set(
    [jira.config.site, jira.config.browseUrl, ...jira.config.linkOrigins].flatMap((address) =>
      address === undefined ? [] : [new URL(address).origin],
    ),
  );
  const actorOf = actors(jira);
  let type: Promise<TicketType> | undefined;
  const typeOnce = (project: string, signal?: AbortSignal): Promise<TicketType> => {
    type ??= ticketType(jira, project, signal).catch((error: unknown) => {
      type = undefined;
      throw error;
    });
    return type;
  };
  const payload = async (fields: JsonObject, signal?: AbortSignal): Promise<Payload> => {
    const catalogue = await beforeWriting(jira.catalogue(signal));
    return payloadOf(catalogue, await jira.dialect.withPeople(catalogue, fields, signal), origins, jira.dialect.markup);
  };

  async function receipt(key: string, sent: Payload, carries?: string, signal?: AbortSignal): Promise<Receipt> {
    jira.written.note(key);
    const ticket = await afterWriting(readTicket(jira, key, signal));
    if (ticket === undefined)
      throw new Failure('conflict', 'the ticket was written and cannot be read back', {
        key,
        committed: 'maybe',
        hint: 'check that the account may browse the project, and its security levels',
      });
    const { record, remoteNow } = ticket;
    const differences = [...differencesOf(sent, record.data)];
    if (carries !== undefined && ticket.carries !== carries)
      differences.push({ field: refProperty, wrote: carries, found: ticket.carries ?? null });
    return { ticket: refOf(record), at: remoteNow ?? record.updatedAt, differences, data: record.data };
  }

  async function create(
    name: string,
    key: IdempotencyKey,
    fields: JsonObject,
    ask: { readonly resend: boolean; readonly signal?: AbortSignal },
  ): Promise<Receipt> {
    known(name);
    const { resend, signal } = ask;
    const project = projectOf(jira);
    const label = labelOf(jira, key);
    const sent = await payload({ ...fields, labels: withLabel(fields['labels'], label) }, signal);
    if (resend) {
      const found = await beforeWriting(findTicket(jira, key, signal ? { signal } : {}));
      if (found.is === 'found') return receipt(found.ticket.key, sent, key.value, signal);
      if (found.is === 'ambiguous')
        throw new Failure('conflict', 'several tickets carry this key', {
          committed: 'no',
          hint: `see ${found.tickets.map((ticket) => ticket.number).join(', ')}`,
        });
    }
    const { id: issuetype } = await beforeWriting(typeOnce(project, signal));
    const { value } = await jira.client.ask({
      send: (api, via) =>
        api.createIssue(via, {
          // A new issue has no labels of others, so here they are set and not added.
          fields: { ...sent.fields, ...asFields(sent.update), project: { key: project }, issuetype: { id: issuetype } } as never,
          properties: [{ key: refProperty, value: { key: key.value, display: key.display } }],
        }),
      answer: CreatedAnswer,
      effect: 'write',
      signal,
    });
    return receipt(value.id, sent, key.value, signal);
  }

  return Object.freeze({
    resources: [
      {
        name: resource,
        about: `Improvement tickets in project ${jira.config.project ?? ''}`,
        stream: jira.config.ticketStream,
        async fields(signal?: AbortSignal) {
          const project = projectOf(jira);
          const screen = await createScreen(jira, project, await typeOnce(project, signal), signal);
          return sinkFields(screen, await jira.catalogue(signal));
        },
      },
    ],
    async before(name: string, signal?: AbortSignal) {
      known(name);
      return watermarkOf(jira, projectOf(jira), signal);
    },
    async find(name: string, key: IdempotencyKey, ask: { readonly watermark?: JsonObject; readonly signal?: AbortSignal }) {
      known(name);
      return findTicket(jira, key, ask);
    },
    create,
    async update(name: string, ticketKey: string, fields: JsonObject, signal?: AbortSignal) {
      known(name);
      const sent = await payload(fields, signal);
      if (sent.expected.length > 0)
        await jira.client.ask({
          send: (api, via) =>
            api.editIssue(via, { issueIdOrKey: issueId(ticketKey), fields: sent.fields as never, update: sent.update as never }),
          answer: anything,
          effect: 'write',
          signal,
        });
      return receipt(ticketKey, sent, undefined, signal);
    },
    async transition(name: string, ticketKey: string, toStatus: string, fields: JsonObject, signal?: AbortSignal) {
      known(name);
      const moved = await moveTicket(jira, ticketKey, toStatus, await payload(fields, signal), signal);
      jira.written.note(ticketKey);
      return moved;
    },
    async comment(name: string, ticketKey: string, marker: string, text: string, signal?: AbortSignal) {
      known(name);
      await writeComment(jira, ticketKey, marker, text, origins, signal);
    },
    async link(name: string, ticketKey: string, link, signal?: AbortSignal) {
      known(name);
      await writeLink(jira, ticketKey, link, signal);
    },
    async read(name: string, ticketKey: string, signal?: AbortSignal) {
      known(name);
      return (await readTicket(jira, ticketKey, signal))?.record;
    },
    async history(name: string, ticketKey: string, signal?: AbortSignal) {
      known(name);
      return readHistory(jira, ticketKey, actorOf, signal);
    },
  } satisfies Sink);
}

function known(name: string): void {
  if (name !== resource)
    throw new Failure('config', `Jira has no resource "${name}" to write to`, {
      committed: 'no',
      hint: `write to: <system>.${resource} in the push mapping`,
    });
}

/** The labels of a new ticket: those of the mapping and the one by which it is found again. */
function withLabel(labels: Json | undefined, own: string): readonly Json[] {
  const given = isObject(labels) ? labels['add'] : labels;
  return [...(Array.isArray(given) ? (given as readonly Json[]) : []), own];
}

/** `update: {labels: [{add: x}]}` as `fields: {labels: [x]}`. */
function asFields(update: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(update).map(([id, steps]) => [
      id,
      (Array.isArray(steps) ? (steps as readonly Json[]) : []).flatMap((step) => (isObject(step) ? (step['add'] ?? []) : [])),
    ]),
  );
}
