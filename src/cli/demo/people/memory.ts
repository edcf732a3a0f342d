import type { Conduct, Matter } from '../organisation/conduct.js';
import { matterOf } from '../organisation/matters.js';

/** What people remember about one ticket. */
export interface TicketMemory {
  readonly id: string;
  readonly key: string;
  readonly matter: Matter;
  readonly conduct: Conduct;
  status: string;
  /** When it came into this status, as far as they saw. */
  since: string;
  /** How often they have decided about it. */
  decided: number;
  /** How many of its changes have ended. */
  ended: number;
  /** Twists and other things that are done once. */
  readonly done: Set<string>;
}

/** What the people of the organisation remember from day to day. */
export interface Memory {
  readonly tickets: Map<string, TicketMemory>;
  /** Tickets by the sys_id of changes that people opened themselves. */
  readonly ownChanges: Map<string, TicketMemory>;
  /** Numbers of tickets seen per matter. */
  readonly seen: Map<Matter, number>;
}

export function emptyMemory(): Memory {
  return { tickets: new Map(), ownChanges: new Map(), seen: new Map() };
}

/** An issue as the simulated Jira tells of it. */
export interface Issue {
  readonly id: string;
  readonly key: string;
  readonly status: string;
  readonly summary: string;
  readonly created: string;
  readonly labels: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
  readonly comments: readonly unknown[];
}

/** What is remembered about a ticket, brought up to date: a new one takes the next conduct of its matter. */
export function recall(memory: Memory, issue: Issue, now: string): TicketMemory {
  const known = memory.tickets.get(issue.id);
  if (known === undefined) {
    const matter = matterOf(issue.summary);
    const nth = memory.seen.get(matter) ?? 0;
    memory.seen.set(matter, nth + 1);
    const conduct = matter.conducts[Math.min(nth, matter.conducts.length - 1)] ?? matter.conducts[0];
    const { id, key, status } = issue;
    const fresh = { id, key, matter, conduct, status, since: now, decided: 0, ended: 0, done: new Set<string>() };
    memory.tickets.set(issue.id, fresh);
    return fresh;
  }
  if (known.status !== issue.status) {
    known.status = issue.status;
    known.since = now;
  }
  return known;
}

/** The ticket that a change belongs to: one of ours names it, one of theirs is remembered. */
export function ticketOf(memory: Memory, change: { readonly sys_id: string; readonly description?: string }): TicketMemory | undefined {
  const key = /Improvement ticket: (\S+)/.exec(change.description ?? '')?.[1];
  return memory.ownChanges.get(change.sys_id) ?? [...memory.tickets.values()].find((ticket) => ticket.key === key);
}
