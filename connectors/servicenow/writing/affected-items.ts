import { type Difference, type Json, isFailure, textIn } from 'golden-thread/kit';
import { setTimeout as delay } from 'node:timers/promises';
import { isObject } from '../meaning.js';
import { isPlainKey } from '../query.js';
import type { ChangeApi } from './change-api.js';

/** How often, and how many times, the worker is asked that associates the items. */
const askEveryMs = 500;
const mostAsks = 20;

/**
 * Associates configuration items with a change, those that are not yet: repeating it changes nothing. What is missing in the end is a difference and no
 * failure, because the change itself is there.
 */
export async function affect(api: ChangeApi, sysId: string, wrote: Json, signal: AbortSignal | undefined): Promise<readonly Difference[]> {
  const wanted = itemsIn(wrote);
  let found: readonly string[] = [];
  try {
    found = await api.affectedItems(sysId, signal);
    const missing = wanted.filter((item) => !found.includes(item));
    if (missing.length === 0) return [];
    const worker = await api.addAffectedItems(sysId, missing, signal);
    for (let asks = 0; asks < mostAsks && (await api.worker(worker, signal)) === 'under-way'; asks += 1) await pause(signal);
    found = await api.affectedItems(sysId, signal);
    if (wanted.every((item) => found.includes(item))) return [];
    return [
      { field: 'affected_cis', wrote, found: [...found], because: 'the instance has not associated all of these configuration items' },
    ];
  } catch (error) {
    if (!isFailure(error)) throw error;
    return [{ field: 'affected_cis', wrote, found: [...found], because: error.message }];
  }
}

/** A list of sys_ids or references, or sys_ids in one text. */
function itemsIn(value: Json): readonly string[] {
  const items = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];
  const ids = items.map((item: Json) => (isObject(item) ? textIn(item, 'id') : typeof item === 'string' ? item.trim() : ''));
  return [...new Set(ids)].filter(isPlainKey);
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await delay(askEveryMs, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    if (signal?.aborted !== true) throw error;
  });
}
