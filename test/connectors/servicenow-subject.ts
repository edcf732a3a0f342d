import type { Connector, JsonObject, OpenConnector } from 'golden-thread/kit';
import {
  createWire,
  type FaultName,
  type RowInAnswer,
  type SinkDriver,
  type StreamDriver,
  type Subject,
  testContext,
} from 'golden-thread/kit/testing';
import servicenow from '../../connectors/servicenow/index.js';
import {
  type Fault,
  type ServiceNowControl,
  type Simulator,
  serviceNowControl,
  startServiceNowSimulator,
} from '../../connectors/servicenow/simulator/index.js';

const faults: Readonly<Record<Exclude<FaultName, 'unreachable'>, readonly Fault[]>> = {
  unauthorized: [{ kind: 'unauthorized' }],
  'server-error': [{ kind: 'status-503' }],
  html: [{ kind: 'html-200' }],
  truncated: [{ kind: 'truncated-json' }],
  'rate-limited': [{ kind: 'status-429-rule', retryAfter: 3_600 }],
  'rate-limited-without-header': [{ kind: 'status-429-semaphore' }],
  'answer-lost-after-commit': [
    { kind: 'commit-then-drop', match: { method: 'POST' }, times: 1 },
    { kind: 'commit-then-drop', match: { method: 'PATCH' }, times: 1 },
  ],
};

/** The streams of an instance for which nothing is configured. */
export const standard: readonly string[] = ['incident', 'problem', 'change_request', 'change_task', 'task_sla'];

/** Where it is not short_description: the column that tells the versions of a record apart, and is asked for. */
const versionColumns: Readonly<Record<string, string>> = {
  task_sla: 'timezone',
  sn_cim_inbound_m2m: 'source_id',
  sn_cim_outbound_m2m: 'target_id',
  asmt_assessment_instance: 'state',
  asmt_metric_result: 'string_value',
  contract_sla: 'timezone',
  service_offering: 'version',
  sys_user: 'title',
  sys_user_group: 'description',
  core_company: 'notes',
  sys_choice: 'label',
};

/** Tables in which every instance has rows from the start: the stream is narrowed to those that have this. */
const marks: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sys_user: { employee_number: '7' },
  sys_choice: { name: 'u_table' },
};

/** What is written: fields that a record of the table needs, and the field that an update changes. */
const sinks: Readonly<Record<string, { readonly fields: JsonObject; readonly changed: string }>> = {
  change_request: { fields: { type: 'normal' }, changed: 'justification' },
  change_task: { fields: { change_request: 'c'.repeat(32) }, changed: 'description' },
  sn_cim_register: { fields: { type: 'process' }, changed: 'benefit' },
};

/** Tables whose records have a number that a person may change. */
const numbered = new Set(['incident', 'problem', 'change_request', 'change_task']);

/** How a test may replace parts of the connector by broken ones. */
export type Rebuild = (open: OpenConnector) => OpenConnector;

/** ServiceNow for the conformance suite: the connector against a simulated instance behind a gate, fresh for every case. */
export async function serviceNowSubject(
  rebuild: Rebuild = (open) => open,
  tables: readonly string[] = standard,
): Promise<Subject & { close(): Promise<void> }> {
  const wire = createWire();
  await wire.open();
  const lines: (readonly string[])[] = [];
  let simulator: Simulator | undefined;
  let control: ServiceNowControl = serviceNowControl('http://127.0.0.1:9');
  let hidden = new Set<string>();
  let version = 0;

  const reset = async (now = '2026-11-21T12:00:00Z'): Promise<void> => {
    await simulator?.close();
    simulator = await startServiceNowSimulator({ now });
    control = serviceNowControl(simulator.url);
    wire.leadTo(simulator.url);
    await wire.open();
    hidden = new Set();
    lines.length = 0;
  };
  await reset();

  const goodConfig: JsonObject = {
    instance: wire.url,
    read: { username: 'gt.reader', password: 'reader-password' },
    write: { username: 'gt.writer', password: 'writer-password' },
    settleMinutes: 1,
    streams: Object.fromEntries(tables.map((table) => [table, marks[table] ? { filter: queryOf(marks[table]) } : {}])),
  };

  const restrict = async (table: string): Promise<void> => {
    await control.unrestrict();
    if (hidden.size > 0) await control.restrict({ user: 'gt.reader', table, hide: [...hidden] });
  };

  const driver = (table: string): StreamDriver => {
    const column = versionColumns[table] ?? 'short_description';
    const mark = marks[table];
    const load = async (count: number, ask: { readonly visibleInMs?: number } = {}): Promise<readonly string[]> => {
      const rows = Array.from({ length: count }, () => ({ ...mark, [column]: `version ${(version += 1)}` }));
      return (await control.load(table, rows, ask)).map(({ sys_id }) => sys_id);
    };
    const poisoned = new Set<string>();
    return {
      stream: table,
      wanted: wantedOf(table, column),
      version: (record) => JSON.stringify(record.data[column]),
      visible: async () => {
        const rows = await control.records(table, mark && queryOf(mark));
        return new Map(
          rows
            .filter((row) => !hidden.has(row.sys_id) && !poisoned.has(row.sys_id))
            .map((row) => [row.sys_id, JSON.stringify(row[column])]),
        );
      },
      create: async (count, { sameSecond = false } = {}) => {
        if (sameSecond) return load(count);
        const keys: string[] = [];
        for (let i = 0; i < count; i += 1) {
          await control.advance(1_000);
          keys.push(...(await load(1)));
        }
        return keys;
      },
      touch: async (key) => void (await control.load(table, [{ sys_id: key, [column]: `version ${(version += 1)}` }])),
      createLate: async (delayMs) => (await load(1, { visibleInMs: delayMs }))[0] ?? '',
      hide: async (keys) => {
        for (const key of keys) hidden.add(key);
        await restrict(table);
      },
      show: async (keys) => {
        for (const key of keys) hidden.delete(key);
        await restrict(table);
      },
      poison: async () => {
        await control.advance(1_000);
        const key = 'no sys_id: {x}';
        poisoned.add(key);
        await control.load(table, [{ ...mark, sys_id: key, [column]: 'poison' }]);
        return key;
      },
      remove: async (keys) => {
        for (const key of keys) await control.remove(table, key);
      },
      ...(numbered.has(table) && {
        renumber: async (key: string) => void (await control.load(table, [{ sys_id: key, number: `NEW${(version += 1)}` }])),
      }),
      tellsUnreadable: true,
      rowsIn,
      createMany: async (count) => {
        const rows = Array.from({ length: count }, () => ({ ...mark, [column]: `version ${(version += 1)}` }));
        await control.bulk(table, rows);
      },
    };
  };

  const sinkOf = (resource: string): SinkDriver => ({
    resource,
    fields: (i) => ({ short_description: `Record ${i}`, description: `Line 1 of ${i}\nline 2`, ...sinks[resource]?.fields }),
    texts: ['short_description', 'description'],
    refused: [
      {
        why: 'a data policy that asks for a description',
        arrange: async () => void (await control.switches({ dataPolicies: { [resource]: ['description'] } })),
        fields: { description: '' },
        says: /mandatory: Description/,
      },
    ],
    change: (i) => ({ [sinks[resource]?.changed ?? 'description']: `Because of ${i}` }),
    ticketsWith: async (key) => {
      const rows = await control.records(resource);
      return rows.filter((row) => row['correlation_id'] === `golden-thread:${key.slice(0, 40)}`).length;
    },
    files: (ticket) => control.files(resource, ticket),
    comments: async (ticket) =>
      (await control.records('sys_journal_field')).filter((row) => row['element_id'] === ticket && row['element'] === 'work_notes').length,
  });
  // A change can be written whether it is a stream or not.
  const written = Object.keys(sinks).filter((resource) => resource === 'change_request' || tables.includes(resource));

  const open = (
    options: { readonly wanted?: Readonly<Record<string, readonly string[]>>; readonly credentials?: 'wrong' } = {},
  ): Promise<OpenConnector> => {
    const secrets = ['reader-password', 'writer-password'];
    const context = testContext({ system: 'sn', wanted: options.wanted ?? {}, secrets });
    lines.push(context.lines);
    const wrong = { username: 'gt.reader', password: 'not-the-password' };
    const config = servicenow.config.parse({ ...goodConfig, ...(options.credentials === 'wrong' && { read: wrong, write: wrong }) });
    return Promise.resolve(rebuild(servicenow.open(config, context.context)));
  };

  return {
    connector: servicenow as Connector,
    goodConfig,
    badConfigs: [
      { why: 'no account', config: { instance: wire.url } },
      { why: 'an address that is none', config: { ...goodConfig, instance: 'acme' } },
      { why: 'a password that is no text', config: { ...goodConfig, read: { username: 'gt.reader', password: 1234 } } },
    ],
    open,
    reset: () => reset(),
    wire,
    now: async () => (await control.clock()).now,
    advance: async (ms) => void (await control.advance(ms)),
    fault: async (name) => {
      if (name === 'unreachable') await wire.shut();
      else await control.addFaults(...faults[name]);
    },
    clearFaults: async () => {
      await wire.open();
      wire.heal();
      await control.clearFaults();
    },
    requests: async () => (await control.journal()).length,
    settleMs: 60_000,
    errorBeside: { error: { message: 'Operation Failed', detail: 'the rows are not complete' }, status: 'failure' },
    async resetInZone(zone, now) {
      await reset(now);
      const roles = ['itil', 'snc_read_only'];
      await control.users({
        users: [{ user_name: 'gt.reader', password: 'reader-password', roles, time_zone: zone, date_format: 'dd/MM/yyyy' }],
      });
    },
    streams: [driver(tables[0] ?? 'incident'), ...tables.slice(1).map(driver)],
    sinks: written.map(sinkOf),
    lacks: {
      lowerPages: 'an instance gives as many rows as are asked for; what it cuts short it says',
      ...(tables.some((table) => !numbered.has(table)) && { renumber: 'rows of this table have no number that changes' }),
    },
    tokens: {
      open: (wanted) => {
        const context = testContext({ system: 'sn', wanted, secrets: ['reader-client-secret'] });
        lines.push(context.lines);
        const read = { clientId: 'gt-reader-client', clientSecret: 'reader-client-secret' };
        return Promise.resolve(rebuild(servicenow.open(servicenow.config.parse({ ...goodConfig, read }), context.context)));
      },
      isFor: ({ path }) => path === '/oauth_token.do',
    },
    logged: () => lines.flat(),
    skip: Object.fromEntries(
      written.flatMap((resource) => [
        [`${resource}: a link is made once per globalId`, 'these records have no links to addresses outside'],
        [
          `${resource}: a status to which nothing leads is refused by name, and the ticket stays where it is (F31)`,
          'they are moved by their people, never from here',
        ],
        [`${resource}: a move to where the ticket already is succeeds`, 'they are moved by their people, never from here'],
        [
          `${resource}: the history is complete, oldest first`,
          'only approvals are told: field changes stand in sys_audit, whose scans block an instance',
        ],
      ]),
    ),
    close: async () => {
      await wire.shut();
      await simulator?.close();
    },
  };
}

function queryOf(mark: Readonly<Record<string, string>>): string {
  return Object.entries(mark)
    .map(([field, value]) => `${field}=${value}`)
    .join('^');
}

function wantedOf(table: string, column: string): readonly string[] {
  if (table === 'task_sla') return [column, 'has_breached', 'task.number'];
  const isTask = column === 'short_description' && table !== 'cmdb_ci_service';
  return isTask ? [column, 'priority', 'business_service.name'] : [column];
}

/** The rows of a listing; those of which nothing but the id was asked for are no records. */
function rowsIn(answer: unknown): readonly RowInAnswer[] {
  const { result } = answer as { readonly result?: unknown };
  const rows = (Array.isArray(result) ? result : []) as readonly Record<string, unknown>[];
  return rows.flatMap((row) => {
    const id = row['sys_id'];
    const key = typeof id === 'object' && id !== null ? (id as Record<string, unknown>)['value'] : id;
    return typeof key === 'string' && 'sys_updated_on' in row && !('element' in row) ? [{ key, row }] : [];
  });
}
