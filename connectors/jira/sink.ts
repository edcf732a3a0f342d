import {
  type Difference,
  Failure,
  type FileToAttach,
  type IdempotencyKey,
  type Json,
  type JsonObject,
  type Receipt,
  type Sink,
} from 'golden-thread/kit';
import { actors } from './actor.js';
import { assignees } from './assignee.js';
import { attachOnce } from './attach.js';
import { readComment, writeComment } from './comment.js';
import { afterWriting, beforeWriting } from './committed.js';
import { findTicket, labelOf, watermarkOf } from './find.js';
import { issueAt, writeIssueLink } from './issue-link.js';
import { issueId } from './issue-key.js';
import type { Jira } from './jira.js';
import { differencesOf, type Payload, payloadOf } from './payload.js';
import { readHistory } from './changelog.js';
import { writeLink } from './remote-link.js';
import { heedWhatOthersWrote } from './seen.js';
import { createScreen, sinkFields, statusesOf, type TicketType, ticketType } from './screen.js';
import { type Target, targetNamed, targetsOf } from './target.js';
import { readTicket, refOf, refProperty } from './ticket.js';
import { moveTicket } from './transition.js';
import { isObject } from './value.js';
import { anything, CreatedAnswer } from './wire.js';

/** Writes improvement and change tickets, each kind into its own project. Every write is read back by issue id, which Jira answers from its database. */
export function issueSink(jira: Jira): Sink {
  const origins: ReadonlySet<string> = new Set(
    [jira.config.site, jira.config.browseUrl, ...jira.config.linkOrigins].flatMap((address) =>
      address === undefined ? [] : [new URL(address).origin],
    ),
  );
  const actorOf = actors(jira);
  const targets = targetsOf(jira.config);
  const known = (name: string): Target => targetNamed(targets, name);
  const assign = assignees(jira);
  const types = new Map<string, Promise<TicketType>>();
  const typeOnce = (target: Target, signal?: AbortSignal): Promise<TicketType> => {
    const asked =
      types.get(target.resource) ??
      ticketType(jira, target, signal).catch((error: unknown) => {
        types.delete(target.resource);
        throw error;
      });
    types.set(target.resource, asked);
    return asked;
  };

  /** The fields as Jira takes them, and what is known beforehand not to be taken over as it was asked for. */
  const payload = async (target: Target, fields: JsonObject, signal?: AbortSignal): Promise<Outgoing> => {
    const catalogue = await beforeWriting(jira.catalogue(signal));
    const named = await jira.dialect.withPeople(catalogue, fields, signal);
    const assigned = await beforeWriting(assign(named, target.project, signal));
    // Once more for the fallback, which is named as the configuration names it.
    const people = await jira.dialect.withPeople(catalogue, assigned.fields, signal);
    return { ...payloadOf(catalogue, people, origins, jira.dialect.markup), differences: assigned.differences };
  };

  async function receipt({ stream }: Target, key: string, sent: Outgoing, carries?: string, signal?: AbortSignal): Promise<Receipt> {
    jira.written.note(key);
    const ticket = await afterWriting(readTicket(jira, stream, key, signal));
    if (ticket === undefined)
      throw new Failure('conflict', 'the ticket was written and cannot be read back', {
        key,
        committed: 'maybe',
        hint: 'check that the account may browse the project, and its security levels',
      });
    const { record, remoteNow } = ticket;
    const differences = [...sent.differences, ...differencesOf(sent, record.data)];
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
    const target = known(name);
    const { resend, signal } = ask;
    const label = labelOf(jira, key);
    const sent = await payload(target, { ...fields, labels: withLabel(fields['labels'], label) }, signal);
    if (resend) {
      const found = await beforeWriting(findTicket(jira, target, key, signal ? { signal } : {}));
      if (found.is === 'found') return receipt(target, found.ticket.key, sent, key.value, signal);
      if (found.is === 'ambiguous')
        throw new Failure('conflict', 'several tickets carry this key', {
          committed: 'no',
          hint: `see ${found.tickets.map((ticket) => ticket.number).join(', ')}`,
        });
    }
    const { id: issuetype } = await beforeWriting(typeOnce(target, signal));
    const { value } = await jira.client.ask({
      send: (api, via) =>
        api.createIssue(via, {
          // A new issue has no labels of others, so here they are set and not added.
          fields: { ...sent.fields, ...asFields(sent.update), project: { key: target.project }, issuetype: { id: issuetype } } as never,
          properties: [{ key: refProperty, value: { key: key.value, display: key.display } }],
        }),
      answer: CreatedAnswer,
      effect: 'write',
      signal,
    });
    return receipt(target, value.id, sent, key.value, signal);
  }

  return Object.freeze({
    resources: targets.map((target) => ({
      name: target.resource,
      about: target.about,
      stream: target.stream,
      async fields(signal?: AbortSignal) {
        const type = await typeOnce(target, signal);
        const screen = await createScreen(jira, target.project, type, signal);
        const on = `the create screen of ${type.name} in project ${target.project}`;
        return sinkFields(screen, await jira.catalogue(signal), { on, statuses: await statusesOf(jira, target, type, signal) });
      },
    })),
    async before(name: string, signal?: AbortSignal) {
      return watermarkOf(jira, known(name), signal);
    },
    async find(name: string, key: IdempotencyKey, ask: { readonly watermark?: JsonObject; readonly signal?: AbortSignal }) {
      return findTicket(jira, known(name), key, ask);
    },
    create,
    async update(name: string, ticketKey: string, fields: JsonObject, signal?: AbortSignal, seen?: JsonObject) {
      const target = known(name);
      const sent = await payload(target, fields, signal);
      if (seen !== undefined) await heedWhatOthersWrote(jira, target, ticketKey, { sent, seen, signal });
      if (sent.expected.length > 0)
        await jira.client.ask({
          send: (api, via) =>
            api.editIssue(via, { issueIdOrKey: issueId(ticketKey), fields: sent.fields as never, update: sent.update as never }),
          answer: anything,
          effect: 'write',
          signal,
        });
      return receipt(target, ticketKey, sent, undefined, signal);
    },
    async transition(name: string, ticketKey: string, toStatus: string, fields: JsonObject, signal?: AbortSignal) {
      const target = known(name);
      const moved = await moveTicket(jira, target.stream, ticketKey, toStatus, await payload(target, fields, signal), signal);
      jira.written.note(ticketKey);
      return moved;
    },
    async comment(name: string, ticketKey: string, marker: string, text: string, signal?: AbortSignal) {
      known(name);
      await writeComment(jira, ticketKey, marker, text, origins, signal);
    },
    async attach(name: string, ticketKey: string, file: FileToAttach, signal?: AbortSignal) {
      known(name);
      return attachOnce(jira, ticketKey, file, signal);
    },
    async commentText(name: string, ticketKey: string, marker: string, signal?: AbortSignal) {
      known(name);
      return readComment(jira, ticketKey, marker, signal);
    },
    async link(name: string, ticketKey: string, link, signal?: AbortSignal) {
      known(name);
      const other = jira.config.issueLinkType === undefined ? undefined : issueAt(jira, link.url);
      if (other === undefined) await writeLink(jira, ticketKey, link, signal);
      else await writeIssueLink(jira, ticketKey, other, link, signal);
    },
    async read(name: string, ticketKey: string, signal?: AbortSignal) {
      return (await readTicket(jira, known(name).stream, ticketKey, signal))?.record;
    },
    async history(name: string, ticketKey: string, signal?: AbortSignal) {
      return readHistory(jira, known(name).stream, ticketKey, actorOf, signal);
    },
  } satisfies Sink);
}

interface Outgoing extends Payload {
  readonly differences: readonly Difference[];
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
