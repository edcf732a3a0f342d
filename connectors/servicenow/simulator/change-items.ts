import { asText } from './input.js';
import type { Instance } from './instance.js';
import { newRow } from './records.js';
import { type HttpReply, failure, json, noRecord } from './replies.js';
import type { Row } from './store.js';
import type { ApiRequest } from './table-api.js';

/** How long a worker takes to associate configuration items, in virtual milliseconds. */
const workMs = 500;

/** The affected configuration items of a change, in the shape of the Change API. */
export function itemsOf({ store }: Instance, change: Row, { query }: ApiRequest): readonly object[] {
  if ((query.get('association_type') ?? 'affected') !== 'affected') return [];
  return [...(store.table('task_ci')?.rows.values() ?? [])]
    .filter((row) => row['task'] === change.sys_id)
    .map((row) => ({
      sys_id: { display_value: row.sys_id, value: row.sys_id },
      ci_item: { display_value: row['ci_item'], value: row['ci_item'] },
    }));
}

/** `POST …/ci`: 202 and a worker that does it a little later. Items that do not exist make the worker fail, those that are there already are left. */
export function addItems(instance: Instance, change: Row, { body, baseUrl }: ApiRequest): HttpReply {
  const asked = JSON.parse(body || '{}') as { readonly cmdb_ci_sys_ids?: unknown; readonly association_type?: unknown };
  const given = Array.isArray(asked.cmdb_ci_sys_ids) ? asked.cmdb_ci_sys_ids : asText(asked.cmdb_ci_sys_ids).split(',');
  const ids = given.map(String).filter((id) => id !== '');
  if (ids.length === 0 || asked.association_type !== 'affected')
    return failure(400, 'Invalid request', 'cmdb_ci_sys_ids and association_type are required');
  const id = instance.random.hex(32);
  const missing = ids.some((item) => instance.store.get('cmdb_ci', item) === undefined);
  instance.workers.set(id, { doneAt: instance.clock.now() + workMs, failed: missing });
  instance.clock.at(instance.clock.now() + workMs, () => {
    const there = new Set(
      [...(instance.store.table('task_ci')?.rows.values() ?? [])]
        .filter((row) => row['task'] === change.sys_id)
        .map((row) => row['ci_item']),
    );
    for (const item of ids)
      if (!there.has(item) && instance.store.get('cmdb_ci', item))
        instance.store.put('task_ci', newRow(instance, 'task_ci', { task: change.sys_id, ci_item: item }, 'system'));
  });
  return json(202, { result: { worker: { sysId: id, link: `${baseUrl}/api/sn_chg_rest/v1/change/worker/${id}` } } });
}

/** State 1 waiting, 2 in progress, 3 complete, 4 error. */
export function workerState({ workers, clock }: Instance, _request: ApiRequest, id: string): HttpReply {
  const worker = workers.get(id);
  if (!worker) return noRecord();
  const done = clock.now() >= worker.doneAt;
  const state = done ? (worker.failed ? 4 : 3) : 2;
  const label = done ? (worker.failed ? 'Error' : 'Complete') : 'In-Progress';
  return json(200, {
    result: {
      sysId: id,
      state: { value: state, display_value: label },
      messages: { errorMessages: worker.failed && done ? ['Unknown CI'] : [] },
    },
  });
}
