import type { AccessRule } from './access.js';
import type { Account, OAuthClient } from './accounts.js';
import type { ChangeStep } from './changes.js';
import type { TableDeclaration } from './dictionary/column.js';
import type { Fault, FaultCount } from './faults.js';
import type { JournalEntry } from './journal.js';
import type { LoadAsk, Loaded } from './load.js';
import type { Row } from './store.js';
import type { Switches } from './switches.js';

/** Now on the virtual clock, and whether it runs. */
export interface ClockState {
  /** ISO 8601 */
  readonly now: string;
  readonly rate: 0 | 1;
}

/** Everything that can be done to a simulator from outside. Each call fails with the simulator's own sentence when it is refused. */
export interface ServiceNowControl {
  clock(): Promise<ClockState>;
  advance(ms: number): Promise<ClockState>;
  /** ISO 8601 */
  setClock(at: string): Promise<ClockState>;
  setRate(rate: 0 | 1): Promise<ClockState>;
  /** Requests to the instance behind entry `n`. */
  journal(since?: number): Promise<readonly JournalEntry[]>;
  addFaults(...faults: readonly Fault[]): Promise<readonly FaultCount[]>;
  faults(): Promise<readonly FaultCount[]>;
  clearFaults(): Promise<void>;
  switches(change?: Partial<Switches>): Promise<Switches>;
  /** All rows, whoever may see them; with an encoded query those that match. */
  records(table: string, query?: string): Promise<readonly Row[]>;
  load(table: string, records: readonly Readonly<Record<string, unknown>>[], ask?: LoadAsk): Promise<readonly Loaded[]>;
  /** For very many rows. Returns how many were loaded. */
  bulk(table: string, records: Iterable<Readonly<Record<string, unknown>>>): Promise<number>;
  /** Deletes a row; `record: false`: without the entry in sys_audit_delete, as a purge does. */
  remove(table: string, sysId: string, ask?: { readonly record?: boolean }): Promise<void>;
  /** Gives a record the class of another table. */
  reclassify(table: string, sysId: string, to: string): Promise<void>;
  restrict(rule: AccessRule): Promise<void>;
  unrestrict(): Promise<void>;
  users(ask: { readonly users?: readonly Account[]; readonly clients?: readonly OAuthClient[] }): Promise<void>;
  /** Adds a table, or columns to one that is there. */
  declareTable(declaration: TableDeclaration): Promise<void>;
  /** Attaches text to a record; `hash`: what its metadata claims, where that is not the truth. */
  /** The files at a record with their contents, whoever may see them. */
  files(table: string, sysId: string): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]>;
  attach(table: string, sysId: string, file: { readonly name: string; readonly content: string; readonly hash?: string }): Promise<Row>;
  /** Takes a change where people would take it. */
  moveChange(sysId: string, step: ChangeStep): Promise<Row>;
}

/** The control of the simulator at `url`, as `startServiceNowSimulator` or the process's first line gives it. */
export function serviceNowControl(url: string): ServiceNowControl {
  const send = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${url}/_sim/${path}`, {
      method,
      ...(text !== undefined && { body: text, headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as T & { readonly error?: string };
    if (!response.ok) throw new Error(`simulator: ${answer.error}`);
    return answer;
  };
  return {
    clock: () => send('GET', 'clock'),
    advance: (advanceMs) => send('POST', 'clock', { advanceMs }),
    setClock: (set) => send('POST', 'clock', { set }),
    setRate: (rate) => send('POST', 'clock', { rate }),
    journal: async (since = 0) => (await send<{ entries: readonly JournalEntry[] }>('GET', `journal?since=${since}`)).entries,
    addFaults: async (...faults) => (await send<{ faults: readonly FaultCount[] }>('POST', 'faults', { faults })).faults,
    faults: async () => (await send<{ faults: readonly FaultCount[] }>('GET', 'faults')).faults,
    clearFaults: async () => void (await send('DELETE', 'faults')),
    switches: (change) => (change === undefined ? send('GET', 'switches') : send('POST', 'switches', change)),
    records: async (table, query) => {
      const search = query === undefined ? '' : `?query=${encodeURIComponent(query)}`;
      return (await send<{ records: readonly Row[] }>('GET', `records/${table}${search}`)).records;
    },
    load: async (table, records, ask = {}) =>
      (await send<{ records: readonly Loaded[] }>('POST', `records/${table}`, { records, ...ask })).records,
    bulk: async (table, records) => {
      let lines = '';
      let loaded = 0;
      const flush = async (): Promise<void> => {
        loaded += (await send<{ loaded: number }>('POST', `bulk/${table}`, lines)).loaded;
        lines = '';
      };
      for (const record of records) {
        lines += `${JSON.stringify(record)}\n`;
        if (lines.length > 8_000_000) await flush();
      }
      if (lines !== '') await flush();
      return loaded;
    },
    remove: async (table, sysId, { record = true } = {}) => void (await send('DELETE', `records/${table}/${sysId}?record=${record}`)),
    reclassify: async (table, sysId, to) => void (await send('POST', `reclassify/${table}/${sysId}`, { to })),
    restrict: async (rule) => void (await send('POST', 'acl', rule)),
    unrestrict: async () => void (await send('DELETE', 'acl')),
    users: async (ask) => void (await send('POST', 'users', ask)),
    declareTable: async (declaration) => void (await send('POST', 'tables', declaration)),
    attach: async (table, sysId, file) => (await send<{ record: Row }>('POST', `attachments/${table}/${sysId}`, file)).record,
    files: async (table, sysId) =>
      (
        await send<{ files: readonly { readonly name: string; readonly base64: string }[] }>('GET', `attachments/${table}/${sysId}`)
      ).files.map(({ name, base64 }) => ({ name, bytes: Buffer.from(base64, 'base64') })),
    moveChange: async (sysId, step) => (await send<{ record: Row }>('POST', `changes/${sysId}`, step)).record,
  };
}
