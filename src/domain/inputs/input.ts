import type { Instant, JsonObject, RecordRef } from '../../kit/index.js';

/** How bad one record was for the people who use the service. Ordered. */
export const severities = ['low', 'moderate', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** What a mapping to `improvement-input` yields for one version of one record. Names are still those of the source system. */
export interface InputDraft {
  /** One of the approved categories of policy.yaml: `incident`, `problem`, `audit-finding`, … */
  readonly category: string;
  readonly title: string;
  /** When it happened, not when it was recorded. */
  readonly occurredAt: Instant;
  readonly severity: Severity;
  /** Ids or names of the affected services in the source system; the directory knows whose they are. */
  readonly services: readonly string[];
  readonly processes: readonly string[];
  readonly supplier?: string;
  /** Clause, control or contract target that was missed, where the record says so. */
  readonly requirement?: string;
  /** Made from stable ids. Absent when a part of it was empty: then the record recurs with nothing. */
  readonly recurrenceKey?: string;
  /** Confidential at its source: other systems are told its number and nothing of its text. */
  readonly restricted?: boolean;
  /** Anything else that rules and reports want. */
  readonly facts: JsonObject;
}

/** What other systems may be told of a record: its title, or of a restricted one its number alone. */
export function openTitle(input: Pick<ImprovementInput, 'title' | 'number' | 'restricted'>): string {
  return input.restricted === true ? input.number : input.title;
}

/** A link that a mapping found in a record: this record --as--> that record. */
export interface LinkDraft {
  /** `caused-by`, `investigated-by`, `child-of`, `resolved-by`, `breach-of`, … */
  readonly as: string;
  readonly to: RecordRef;
}

/** One input per (record, mapping). A new version of the record revises it; `when` turning false ends it. */
export interface ImprovementInput extends InputDraft {
  /** See `inputIdOf`. */
  readonly id: string;
  readonly trigger: RecordRef;
  /** The record's number and address, for people. */
  readonly number: string;
  readonly url: string;
  /** Directory ids of {@link InputDraft.services}; empty when none matched. */
  readonly serviceIds: readonly string[];
  /** Everything by which it belongs together with other inputs, its own record's key first; made by `caseKeysOf` alone. */
  readonly caseKeys: readonly string[];
  readonly madeBy: { readonly mapping: string; readonly mappingHash: string; readonly recordHash: string };
  /** Set when `when` turned false or the record was withdrawn; the input is then kept but no longer counted. */
  readonly endedAt?: Instant;
}
