import type { AccessRule } from './access.js';
import type { Account, OAuthClient } from './accounts.js';
import { attach, filesAt } from './attachments.js';
import { type ChangeStep, changeGoals, moveChange } from './changes.js';
import type { TableDeclaration } from './dictionary/column.js';
import { reclassify, removeRecord } from './deletions.js';
import { type Fault, faultKinds } from './faults.js';
import type { Instance } from './instance.js';
import { type LoadAsk, loadLines, loadRecord } from './load.js';
import { type HttpReply, json } from './replies.js';
import { addAccount, describeTable } from './seed.js';
import { plainContext, findRows } from './query/run.js';
import { type Switches, defaultSwitches } from './switches.js';

/** A control request: everything under `/_sim/`. */
export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

type Handler = (instance: Instance, request: ControlRequest, arg: string, second: string) => unknown;

const routes: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
  ['GET', /^\/_sim\/clock$/, (instance) => clockState(instance)],
  ['POST', /^\/_sim\/clock$/, (instance, { body }) => moveClock(instance, parse(body))],
  ['GET', /^\/_sim\/journal$/, ({ journal }, { query }) => ({ entries: journal.since(Number(query.get('since') ?? '0')) })],
  ['GET', /^\/_sim\/faults$/, ({ faults }) => ({ faults: faults.all() })],
  ['POST', /^\/_sim\/faults$/, (instance, { body }) => addFaults(instance, parse<{ faults?: readonly Fault[] }>(body).faults ?? [])],
  ['DELETE', /^\/_sim\/faults$/, ({ faults }) => (faults.clear(), { faults: [] })],
  ['GET', /^\/_sim\/switches$/, ({ switches }) => switches],
  ['POST', /^\/_sim\/switches$/, (instance, { body }) => setSwitches(instance, parse(body))],
  ['GET', /^\/_sim\/records\/(\w+)$/, (instance, { query }, table) => ({ records: rawRows(instance, table, query.get('query')) })],
  ['POST', /^\/_sim\/records\/(\w+)$/, (instance, { body }, table) => loadAll(instance, table, parse(body))],
  [
    'DELETE',
    /^\/_sim\/records\/(\w+)\/(\w+)$/,
    (instance, { query }, table, id) => ({
      deleted: removeRecord(instance, table, id, 'system', query.get('record') !== 'false') === undefined ? 0 : 1,
    }),
  ],
  [
    'POST',
    /^\/_sim\/reclassify\/(\w+)\/(\w+)$/,
    (instance, { body }, table, id) => ({
      record: reclassify(instance, table, id, parse<{ to: string }>(body).to),
    }),
  ],
  ['POST', /^\/_sim\/bulk\/(\w+)$/, (instance, { body }, table) => ({ loaded: loadLines(instance, table, body) })],
  ['GET', /^\/_sim\/acl$/, ({ access }) => ({ rules: access.all() })],
  ['POST', /^\/_sim\/acl$/, ({ access }, { body }) => (access.add(parse<AccessRule>(body)), { rules: access.all() })],
  ['DELETE', /^\/_sim\/acl$/, ({ access }) => (access.clear(), { rules: [] })],
  ['GET', /^\/_sim\/users$/, ({ accounts, clients }) => ({ users: [...accounts.values()], clients: [...clients.values()] })],
  ['POST', /^\/_sim\/users$/, (instance, { body }) => addUsers(instance, parse(body))],
  ['POST', /^\/_sim\/tables$/, (instance, { body }) => declareTable(instance, parse(body))],
  ['GET', /^\/_sim\/attachments\/(\w+)\/(\w+)$/, (instance, _request, table, sysId) => ({ files: filesAt(instance, { table, sysId }) })],
  [
    'POST',
    /^\/_sim\/attachments\/(\w+)\/(\w+)$/,
    (instance, { body }, table, sysId) => ({ record: attach(instance, { table, sysId }, parse(body)) }),
  ],
  ['POST', /^\/_sim\/changes\/(\w+)$/, (instance, { body }, id) => ({ record: stepChange(instance, id, parse(body)) })],
];

/** Carries a control request out. What cannot be done is a 400 with one sentence in `error`. */
export function control(instance: Instance, request: ControlRequest): HttpReply {
  const fitting = routes.filter(([, path]) => path.test(request.path));
  const route = fitting.find(([method]) => method === request.method);
  if (!route) return json(fitting.length > 0 ? 405 : 404, { error: `there is no ${request.method} ${request.path}` });
  const [, first = '', second = ''] = route[1].exec(request.path) ?? [];
  try {
    return json(200, route[2](instance, request, first, second));
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

/** The body is the tests' own; its shape is theirs to keep (control.ts types it). */
const parse = <T>(body: string): T => JSON.parse(body || '{}') as T;

const clockState = ({ clock }: Instance): object => ({ now: new Date(clock.now()).toISOString(), rate: clock.rate() });

function moveClock(instance: Instance, ask: { readonly advanceMs?: number; readonly set?: string; readonly rate?: number }): object {
  const { clock } = instance;
  if (ask.set !== undefined) {
    const at = Date.parse(ask.set);
    if (Number.isNaN(at)) throw new Error(`set: ${ask.set} is not a date; write it as 2026-01-01T00:00:00Z`);
    clock.set(at);
  }
  if (ask.advanceMs !== undefined) clock.advance(ask.advanceMs);
  if (ask.rate === 0 || ask.rate === 1) clock.setRate(ask.rate);
  else if (ask.rate !== undefined) throw new Error('rate is 0 (frozen) or 1 (real time)');
  return clockState(instance);
}

function addFaults({ faults }: Instance, added: readonly Fault[]): object {
  for (const { kind, match } of added) {
    if (!faultKinds.includes(kind)) throw new Error(`there is no fault ${String(kind)}; known are ${faultKinds.join(', ')}`);
    if (match?.path !== undefined) new RegExp(match.path).test('');
  }
  faults.add(added);
  return { faults: faults.all() };
}

function setSwitches(instance: Instance, change: Partial<Switches>): Switches {
  const unknown = Object.keys(change).filter((name) => !(name in defaultSwitches));
  if (unknown.length > 0) throw new Error(`there is no switch ${unknown.join(', ')}; known are ${Object.keys(defaultSwitches).join(', ')}`);
  instance.switches = { ...instance.switches, ...change };
  return instance.switches;
}

function rawRows({ store, clock }: Instance, name: string, query: string | null): readonly unknown[] {
  const table = store.table(name);
  if (!table) throw new Error(`there is no table ${name}`);
  if (query === null) return [...table.rows.values()];
  const found = findRows(table, query, { offset: 0, limit: table.rows.size }, plainContext(store, table, clock.now()), {
    returnsNoRows: false,
  });
  if (found.ignored.length > 0) throw new Error(`the query has parts that mean nothing for ${name}: ${found.ignored.join(', ')}`);
  return found.rows;
}

function loadAll(
  instance: Instance,
  table: string,
  ask: LoadAsk & { readonly records?: readonly Readonly<Record<string, unknown>>[] },
): object {
  return { records: (ask.records ?? []).map((record) => loadRecord(instance, table, record, ask)) };
}

function addUsers(instance: Instance, ask: { readonly users?: readonly Account[]; readonly clients?: readonly OAuthClient[] }): object {
  for (const account of ask.users ?? []) addAccount(instance, account);
  for (const client of ask.clients ?? []) instance.clients.set(client.client_id, client);
  return { users: [...instance.accounts.keys()], clients: [...instance.clients.keys()] };
}

function declareTable(instance: Instance, declaration: TableDeclaration): object {
  const definition = instance.store.dictionary.declare({ ...declaration, columns: declaration.columns ?? [] });
  describeTable(instance, definition);
  return { name: definition.name, fields: [...definition.columns.keys()] };
}

function stepChange(instance: Instance, id: string, step: ChangeStep): unknown {
  if (!changeGoals.includes(step.to))
    throw new Error(`a change cannot be taken to ${String(step.to)}; known are ${changeGoals.join(', ')}`);
  return moveChange(instance, id, step);
}
