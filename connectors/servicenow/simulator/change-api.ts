import { isForbidden, visibleRows } from './access.js';
import type { Account } from './accounts.js';
import { nextStates } from './business-rules.js';
import { changeShape } from './change-shape.js';
import { addItems, itemsOf, workerState } from './change-items.js';
import type { Instance } from './instance.js';
import { newRow, nextVersion } from './records.js';
import { type HttpReply, aclRefused, failure, json, noRecord } from './replies.js';
import type { Row } from './store.js';
import type { ApiOutcome, ApiRequest } from './table-api.js';
import { toText } from './time.js';
import { insertRecord } from './write.js';

type Outcome = Omit<ApiOutcome, 'user'>;
type Handler = (call: Call, id: string) => Outcome;

interface Call {
  readonly instance: Instance;
  readonly request: ApiRequest;
  readonly account: Account;
}

const routes: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
  ['GET', /^\/?$/, listChanges],
  ['POST', /^\/standard\/([^/]+)$/, createStandard],
  ['GET', /^\/worker\/([^/]+)$/, ({ instance, request }, id) => ({ reply: workerState(instance, request, id) })],
  ['GET', /^\/([^/]+)\/nextstates$/, (call, id) => onChange(call, id, (row) => json(200, { result: states(call.instance, row) }))],
  ['GET', /^\/([^/]+)\/conflict$/, (call, id) => onChange(call, id, (row) => json(200, { result: conflicts(row) }))],
  ['POST', /^\/([^/]+)\/conflict$/, (call, id) => writing(call, () => onChange(call, id, (row) => startConflictCheck(call, row)))],
  ['GET', /^\/([^/]+)\/ci$/, (call, id) => onChange(call, id, (row) => json(200, { result: itemsOf(call.instance, row, call.request) }))],
  ['POST', /^\/([^/]+)\/ci$/, (call, id) => writing(call, () => onChange(call, id, (row) => addItems(call.instance, row, call.request)))],
  [
    'GET',
    /^\/([^/]+)$/,
    (call, id) => onChange(call, id, (row) => json(200, { result: changeShape(call.instance, 'change_request', row) })),
  ],
];

/** `/api/sn_chg_rest[/v1]/change…`; undefined for another path, and for all where the plugin is not there. */
export function changeApi(instance: Instance, request: ApiRequest, account: Account): Outcome | undefined {
  const match = /^\/api\/sn_chg_rest(?:\/v1)?\/change(\/.*)?$/.exec(request.path);
  if (match === null || !instance.switches.changeApi) return undefined;
  const path = match[1] ?? '';
  const fitting = routes.filter(([, pattern]) => pattern.test(path));
  const route = fitting.find(([method]) => method === request.method);
  if (!route) return fitting.length > 0 ? { reply: failure(405, 'Method not supported', null) } : undefined;
  return route[2]({ instance, request, account }, route[1].exec(path)?.[1] ?? '');
}

function listChanges({ instance, request, account }: Call): Outcome {
  const asker = { account, now: instance.clock.now() };
  if (isForbidden(instance.access, instance.store, asker, 'change_request'))
    return { reply: failure(403, 'User Not Authorized', 'Failed API level ACL Validation') };
  const limit = Number(request.query.get('sysparm_limit') ?? '500');
  const rows = [...(instance.store.table('change_request')?.rows.values() ?? [])].slice(0, limit);
  const seen = visibleRows(instance.access, instance.store, asker, 'change_request', rows);
  return { reply: json(200, { result: seen.map((row) => changeShape(instance, 'change_request', row)) }) };
}

function onChange({ instance, account }: Call, id: string, work: (row: Row) => HttpReply): Outcome {
  const row = instance.store.get('change_request', id);
  const asker = { account, now: instance.clock.now() };
  const seen = row && visibleRows(instance.access, instance.store, asker, 'change_request', [row])[0];
  const forbidden = isForbidden(instance.access, instance.store, asker, 'change_request');
  return { reply: seen && !forbidden ? work(seen) : noRecord() };
}

function writing({ account: { roles } }: Call, work: () => Outcome): Outcome {
  return roles.includes('snc_read_only') || !roles.some((role) => ['itil', 'admin'].includes(role))
    ? { reply: aclRefused('Update') }
    : work();
}

/** From a template: its values, then what the body sets of the fields that the template leaves open. Answers 200, and says what it left out. */
function createStandard({ instance, request, account }: Call, templateId: string): Outcome {
  const template = instance.store.get('std_change_record_producer', templateId);
  if (!template || template['active'] === 'false') return { reply: noRecord() };
  const asked = { ...Object.fromEntries(request.query), ...parse(request.body) };
  const { changeApiHonoursSysId, changeApiKeepsCorrelation } = instance.switches;
  const closed = [
    ...(template['closed_fields'] ?? '').split(',').filter((name) => name !== ''),
    ...(changeApiHonoursSysId ? [] : ['sys_id']),
    ...(changeApiKeepsCorrelation ? [] : ['correlation_id', 'correlation_display']),
  ];
  const ignored = Object.keys(asked).filter(
    (name) => closed.includes(name) || !instance.store.dictionary.get('change_request')?.columns.has(name),
  );
  const own = Object.fromEntries(Object.entries(asked).filter(([name]) => !ignored.includes(name)));
  const values = { short_description: template['short_description'] ?? '', ...own, type: 'standard', approval: 'approved' };
  const table = instance.store.dictionary.get('change_request');
  if (!table) return { reply: noRecord() };
  const written = insertRecord(instance, { table, account, zone: account.time_zone ?? 'UTC', displayValues: false }, values);
  if ('refused' in written) return { reply: written.refused };
  const row = nextVersion(instance, written.row, { std_change_producer_version: templateId, sys_mod_count: '0' }, account.user_name);
  instance.store.put('change_request', row);
  const result = { ...changeShape(instance, 'change_request', row), __meta: { ignoredFields: ignored } };
  return { reply: json(200, { result }), ...(written.committed && { committed: written.committed }) };
}

function states({ store }: Instance, row: Row): object {
  const choices = store.dictionary.get('change_request')?.columns.get('state')?.choices ?? [];
  const available = [row['state'] ?? '', ...nextStates(row)];
  const shown = choices.filter(({ value }) => available.includes(value));
  return {
    available_states: available,
    state_transitions: [],
    state_label: Object.fromEntries(shown.map(({ value, label }) => [value, label])),
  };
}

function conflicts(row: Row): object {
  return { status: { display_value: row['conflict_status'] ?? 'Not Run', value: row['conflict_status'] ?? 'Not Run' }, conflicts: [] };
}

/** The check takes a virtual second; what it finds stands in `conflict_status`. */
function startConflictCheck({ instance, account }: Call, row: Row): HttpReply {
  const tracker = newRow(instance, 'sys_execution_tracker', { name: 'conflict detection' }, account.user_name);
  instance.clock.at(instance.clock.now() + 1_000, () => {
    const current = instance.store.get('change_request', row.sys_id);
    if (!current) return;
    const overlaps = [...(instance.store.table('change_request')?.rows.values() ?? [])].some(
      (other) =>
        other.sys_id !== row.sys_id && other['cmdb_ci'] !== '' && other['cmdb_ci'] === current['cmdb_ci'] && isPlanned(other, current),
    );
    const values = { conflict_status: overlaps ? 'Conflict' : 'No Conflict', conflict_last_run: toText(instance.clock.now()) };
    instance.store.put('change_request', nextVersion(instance, current, values, 'system'));
  });
  return json(200, { result: tracker.sys_id });
}

function isPlanned(one: Row, other: Row): boolean {
  const [from = '', to = ''] = [one['start_date'], one['end_date']];
  return from !== '' && to !== '' && from <= (other['end_date'] ?? '') && to >= (other['start_date'] ?? '~');
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
