import type { RecordRef } from '../../kit/index.js';
import type { ImprovementInput, LinkDraft } from './input.js';
import { compareInstants } from '../instant.js';

/**
 * Links that make records one case: they share a problem, a parent or an original. `breach-of` counts as a parent: an SLA breach belongs to
 * the record whose promise it broke. `caused-by` and `resolved-by` do not: one bad change may hit many unrelated services.
 */
export const caseFormingLinks: readonly string[] = ['investigated-by', 'child-of', 'duplicate-of', 'breach-of'];

/** A record in one piece of text, stable for ever: `system/stream/key`. */
export function refText(ref: RecordRef): string {
  return `${ref.system}/${ref.stream}/${ref.key}`;
}

export function sameRef(a: RecordRef, b: RecordRef): boolean {
  return a.system === b.system && a.stream === b.stream && a.key === b.key;
}

/** The case key of one record: `record:<system>/<stream>/<key>`. */
export function recordKey(ref: RecordRef): string {
  return `record:${refText(ref)}`;
}

/**
 * Everything by which an input belongs together with others: its own record, the targets of its case-forming links, and its recurrence key.
 * Two inputs are one case when they have a key in common. The own record comes first, the rest sorted; no key twice.
 */
export function caseKeysOf(
  input: { readonly trigger: RecordRef; readonly recurrenceKey?: string },
  links: readonly LinkDraft[],
): readonly string[] {
  return caseKeysWith(
    input,
    links.filter((link) => caseFormingLinks.includes(link.as)).map((link) => recordKey(link.to)),
  );
}

/** {@link caseKeysOf}, where the keys that its links give it are known. */
export function caseKeysWith(
  { trigger, recurrenceKey }: { readonly trigger: RecordRef; readonly recurrenceKey?: string | undefined },
  linked: readonly string[],
): readonly string[] {
  const own = recordKey(trigger);
  const others: string[] = [];
  const add = (key: string): void => {
    if (key !== own && !others.includes(key)) others.push(key);
  };
  linked.forEach(add);
  if (recurrenceKey !== undefined && recurrenceKey !== '') add(recurrencePrefix + recurrenceKey);
  return [own, ...others.sort()];
}

/** The case keys that an input may share with others: all but its own record's, which comes first. Fails for keys that {@link caseKeysOf} did not make. */
export function sharedKeysOf({ trigger, caseKeys }: Pick<ImprovementInput, 'trigger' | 'caseKeys'>): readonly string[] {
  // The length tells: to compare them would put every record's key together in full, which nothing else needs.
  if (caseKeys[0]?.length !== 'record://'.length + trigger.system.length + trigger.stream.length + trigger.key.length)
    throw new Error(`the case keys of ${refText(trigger)} do not begin with its own`);
  return caseKeys.slice(1);
}

/** Those of an input's shared keys that its recurrence key does not tell: with them, {@link caseKeysWith} gives all of its case keys again. */
export function linkedKeysOf(shared: readonly string[], recurrenceKey: string | undefined): readonly string[] {
  return shared.filter((key) => !isRecurrenceKeyOf(key, recurrenceKey));
}

const recurrencePrefix = 'recurrence:';

function isRecurrenceKeyOf(key: string, recurrenceKey: string | undefined): boolean {
  return (
    recurrenceKey !== undefined &&
    key.length === recurrencePrefix.length + recurrenceKey.length &&
    key.startsWith(recurrencePrefix) &&
    key.endsWith(recurrenceKey)
  );
}

type Keyed = { readonly caseKeys: readonly string[] };

/** Whether two inputs, or an input and an improvement, have a case key in common. */
export function sameCase(a: Keyed, b: Keyed): boolean {
  return a.caseKeys.some((key) => b.caseKeys.includes(key));
}

/**
 * The one key that stands for the case in an idempotency key: the recurrence key of its first trigger where there is one, else the first
 * trigger's own record. Neither changes when further triggers join.
 */
export function stableCaseKey(firstTrigger: ImprovementInput): string {
  return firstTrigger.caseKeys.find((key) => key.startsWith('recurrence:')) ?? recordKey(firstTrigger.trigger);
}

/**
 * The keys by which the case is counted, before and after: recurrence keys where there are any, because they say what a record *is*; links say
 * what somebody did with it, and a problem that exists only since the burst would leave its own baseline empty. Without a recurrence key, the
 * records that the triggers share.
 */
export function measuredKeys(triggers: readonly ImprovementInput[]): readonly string[] {
  const keys = [...new Set(triggers.flatMap((trigger) => trigger.caseKeys))];
  const recurrence = keys.filter((key) => key.startsWith('recurrence:'));
  return (recurrence.length > 0 ? recurrence : keys).toSorted();
}

/** Oldest first, by when they occurred; ties by record, so that the order never depends on how they arrived. */
export function byOccurrence(inputs: readonly ImprovementInput[]): readonly ImprovementInput[] {
  return inputs.toSorted((a, b) => compareInstants(a.occurredAt, b.occurredAt) || compareText(refText(a.trigger), refText(b.trigger)));
}

/** One input per record: two mappings may read the same record, but it happened once. Ended inputs are left out. Oldest first. */
export function distinctRecords(inputs: readonly ImprovementInput[]): readonly ImprovementInput[] {
  const seen = new Set<string>();
  return byOccurrence(inputs.filter((input) => input.endedAt === undefined)).filter((input) => {
    const ref = refText(input.trigger);
    if (seen.has(ref)) return false;
    seen.add(ref);
    return true;
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
