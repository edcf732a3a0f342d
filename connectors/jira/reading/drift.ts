import { Failure, type Json } from 'golden-thread/kit';
import type { CatalogueField } from '../catalogue.js';
import type { Jira } from '../jira.js';
import { isObject } from '../value.js';
import { Fields } from '../wire.js';

/** A field may be absent where it does not apply; Jira is asked about the same ones once an hour. */
const againMs = 3_600_000;

/**
 * Notices that a custom field is gone. Jira leaves a field that it does not know out of its answers without a word, so every record would seem to have lost
 * its value. When no issue of a page holds a field at all, Jira is asked whether it still has it.
 * Fails with `config`, naming the field, so that the stream stops before anything is overwritten by emptiness.
 */
export function driftWatch(jira: Jira, stream: string, now: () => number = () => performance.now()) {
  const cleared = new Map<string, number>();
  return async (asked: readonly CatalogueField[], issues: readonly Json[], signal?: AbortSignal): Promise<void> => {
    const absent = asked.filter(
      ({ id }) => id.startsWith('customfield_') && issues.length > 0 && issues.every((issue) => !holds(issue, id)) && !isCleared(id),
    );
    if (absent.length === 0) return;
    const { value } = await jira.client.ask({ send: (api, via) => api.getFields(via), answer: Fields, effect: 'read', signal });
    const there = new Set(value.map(({ id }) => id));
    const gone = absent.filter(({ id }) => !there.has(id));
    for (const { id } of absent) if (there.has(id)) cleared.set(id, now());
    if (gone.length === 0) return;
    throw new Failure('config', `Jira no longer has ${gone.map(({ name, label, id }) => `${name} (${label}, ${id})`).join(', ')}`, {
      stream,
      hint: 'put the field back, or name its successor under customFields and start again; nothing was overwritten',
    });
  };

  function isCleared(id: string): boolean {
    const at = cleared.get(id);
    return at !== undefined && now() - at < againMs;
  }
}

function holds(issue: Json, id: string): boolean {
  const fields = isObject(issue) ? issue['fields'] : undefined;
  return isObject(fields) && Object.hasOwn(fields, id);
}
