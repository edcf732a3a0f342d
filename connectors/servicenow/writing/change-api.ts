import { Failure, type HttpAnswer, type HttpClient, isFailure, type Json, type JsonObject } from 'golden-thread/kit';
import { isObject } from '../meaning.js';

/** The Change Management API of one instance: what the Table API cannot do. */
export interface ChangeApi {
  /** Whether the instance has this API and the writing account may use it. */
  isThere(signal?: AbortSignal): Promise<boolean>;
  /** `POST /change/standard/{template}`: answers 200, and names the fields that it left out. Never repeated here. */
  createStandard(
    template: string,
    body: JsonObject,
    signal?: AbortSignal,
  ): Promise<{ readonly sysId: string; readonly ignored: readonly string[] }>;
  /** The states that a change may be moved to; undefined where the instance does not tell. */
  nextStates(sysId: string, signal?: AbortSignal): Promise<readonly { readonly value: string; readonly label: string }[] | undefined>;
  /** What the conflict check has found: `Not Run`, `Conflict`, `No Conflict`; undefined where the instance does not tell. */
  conflictStatus(sysId: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Sys_ids of the affected configuration items. */
  affectedItems(sysId: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Asks for items to be associated; a worker does it later. */
  addAffectedItems(sysId: string, items: readonly string[], signal?: AbortSignal): Promise<string>;
  /** How far a worker is. */
  worker(id: string, signal?: AbortSignal): Promise<'under-way' | 'done' | 'failed'>;
}

const base = '/api/sn_chg_rest/v1/change';

/** The API over the clients of accounts: `reads` of the one that reads, `writes` and `own` (its reads) of the one that writes. */
export function changeApi(clients: { readonly reads: HttpClient; readonly own: HttpClient; readonly writes: HttpClient }): ChangeApi {
  const get = (
    http: HttpClient,
    id: string,
    tail: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> =>
    http.request({
      method: 'GET',
      path: `${base}/${encodeURIComponent(id)}${tail}`,
      route: `${base}/{sys_id}${tail}`,
      query,
      ...(signal && { signal }),
    });
  const post = (path: string, route: string, body: JsonObject, idempotent: boolean, signal: AbortSignal | undefined): Promise<HttpAnswer> =>
    clients.writes.request({ method: 'POST', path: base + path, route: base + route, body, idempotent, ...(signal && { signal }) });

  return {
    isThere: async (signal) => {
      const ask = { method: 'GET', path: base, route: base, query: { sysparm_limit: 1 } } as const;
      return (await whereThere(() => clients.own.request({ ...ask, ...(signal && { signal }) }))) !== undefined;
    },
    async createStandard(template, body, signal) {
      const answer = await post(`/standard/${encodeURIComponent(template)}`, '/standard/{template}', body, false, signal);
      const result = resultOf(answer);
      const sysId = isObject(result) ? textOf(result['sys_id']) : undefined;
      if (sysId === undefined)
        throw new Failure('contract', 'ServiceNow answered a standard change without its sys_id', { committed: 'maybe' });
      const meta = isObject(result) ? (result['__meta'] ?? null) : null;
      const ignored = isObject(meta) && Array.isArray(meta['ignoredFields']) ? meta['ignoredFields'] : [];
      return { sysId, ignored: ignored.filter((name): name is string => typeof name === 'string') };
    },
    nextStates: (sysId, signal) =>
      whereThere(async () => {
        const result = resultOf(await get(clients.reads, sysId, '/nextstates', {}, signal));
        if (!isObject(result) || !Array.isArray(result['available_states'])) return undefined;
        const labels = isObject(result['state_label']) ? result['state_label'] : {};
        // Numbers come as floats here: "0.0" and "0" are one state.
        return result['available_states'].flatMap((state: Json) => {
          const value = textOf(state);
          return value === undefined ? [] : [{ value, label: textOf(labels[value]) ?? value }];
        });
      }),
    conflictStatus: (sysId, signal) =>
      whereThere(async () => {
        const result = resultOf(await get(clients.reads, sysId, '/conflict', {}, signal));
        return isObject(result) ? textOf(result['status']) : undefined;
      }),
    async affectedItems(sysId, signal) {
      const result = resultOf(await get(clients.own, sysId, '/ci', { association_type: 'affected' }, signal));
      if (!Array.isArray(result)) return [];
      return result.flatMap((row: Json) => (isObject(row) ? (textOf(row['ci_item']) ?? []) : []));
    },
    async addAffectedItems(sysId, items, signal) {
      const body = { cmdb_ci_sys_ids: [...items], association_type: 'affected' };
      const result = resultOf(await post(`/${encodeURIComponent(sysId)}/ci`, '/{sys_id}/ci', body, true, signal));
      const worker = isObject(result) ? (result['worker'] ?? null) : null;
      const id = isObject(worker) ? textOf(worker['sysId']) : undefined;
      if (id === undefined)
        throw new Failure('contract', 'ServiceNow answered the association of configuration items without a worker', {
          committed: 'maybe',
        });
      return id;
    },
    async worker(id, signal) {
      const answer = await clients.own.request({
        method: 'GET',
        path: `${base}/worker/${encodeURIComponent(id)}`,
        route: `${base}/worker/{id}`,
        ...(signal && { signal }),
      });
      const result = resultOf(answer);
      const state = isObject(result) ? textOf(result['state']) : undefined;
      return state === '4' ? 'failed' : state === '3' ? 'done' : 'under-way';
    },
  };
}

/** Undefined where the instance has no such API, or the account may not use it. */
async function whereThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isFailure(error) && error.kind === 'config') return undefined;
    throw error;
  }
}

function resultOf(answer: HttpAnswer): Json | undefined {
  return isObject(answer.body) ? answer.body['result'] : undefined;
}

/** A value of this API as text: plain, or `{ value, display_value }`, numbers as floats. */
function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return /^-?\d+\.0$/.test(value) ? value.slice(0, -2) : value;
  return isObject(value) && value['value'] !== undefined ? textOf(value['value']) : undefined;
}
