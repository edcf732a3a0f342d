import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Connector, JsonObject, OpenConnector } from 'golden-thread/kit';
import { createWire, type FaultName, type RowInAnswer, type Subject, testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import {
  type Fault,
  jiraControl,
  type JiraControl,
  type JiraSimulator,
  type JournalEntry,
  type JiraSimulatorOptions,
  startJiraSimulator,
  type Switches,
} from '../../connectors/jira/simulator/index.js';

const start = '2026-11-21T08:00:00.000Z';
/** The streams of the conformance suite: each of them is driven. */
const driven = { improvement: { jql: 'project = IMP' } };
const project = 'IMP';

/** The names of the improvement project's custom fields in the simulator's default world. */
export const customFields = {
  rationale: 'Decision rationale',
  objective: 'Objective',
  reduction: 'Rate reduction target %',
  windowWeeks: 'Measurement window weeks',
  reviewDate: 'Review date',
  category: 'Category',
  closureNotes: 'Closure notes',
};

export function configFor(
  site: string,
  apiToken = 'bot-token',
  streams: JsonObject = { 'audit-finding': { jql: 'project = AUD' }, improvement: { jql: 'project = IMP' } },
): JsonObject {
  return {
    site,
    auth: { type: 'basic', email: 'bot@example.com', apiToken },
    streams,
    customFields,
    project: 'IMP',
    issueType: 'Improvement',
  };
}

/** A Jira of its own behind a port that can be closed and opened again. */
export interface Site {
  readonly url: string;
  /** Where the Jira behind it says that it is. */
  readonly itself: string;
  readonly control: JiraControl;
  /** Nothing listens any more. What is under way is cut. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
  close(): Promise<void>;
}

export async function startSite(switches: Partial<Switches> = {}, options: JiraSimulatorOptions = {}): Promise<Site> {
  const simulator = await startJiraSimulator({ now: start, ...options });
  const control = jiraControl(simulator.url);
  if (Object.keys(switches).length > 0) await control.switches(switches);
  const door = await openDoor(simulator);
  return {
    url: `http://127.0.0.1:${door.port}`,
    itself: simulator.url,
    control,
    unplug: () => door.close(),
    plug: () => door.open(),
    close: async () => {
      await door.close();
      await simulator.close();
    },
  };
}

async function openDoor(simulator: JiraSimulator): Promise<{ readonly port: number; open(): Promise<void>; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const behind = Number(new URL(simulator.url).port);
  const make = (): Server =>
    createServer((socket) => {
      const onward = connect(behind, '127.0.0.1');
      for (const one of [socket, onward]) {
        sockets.add(one);
        one.on('error', () => undefined).on('close', () => sockets.delete(one));
      }
      socket.pipe(onward).pipe(socket);
      socket.on('close', () => onward.destroy());
      onward.on('close', () => socket.destroy());
    });
  let server: Server | undefined;
  let port = 0;
  const open = async (): Promise<void> => {
    if (server !== undefined) return;
    const next = make();
    await new Promise<void>((resolve) => next.listen(port, '127.0.0.1', resolve));
    port = (next.address() as AddressInfo).port;
    server = next;
  };
  await open();
  return {
    port,
    open,
    close: async () => {
      const last = server;
      server = undefined;
      for (const socket of sockets) socket.destroy();
      if (last !== undefined) await new Promise((resolve) => last.close(resolve));
    },
  };
}

const faults: Readonly<Record<Exclude<FaultName, 'unreachable'>, Fault>> = {
  unauthorized: { kind: 'unauthorized' },
  'server-error': { kind: 'status-503' },
  html: { kind: 'html-200' },
  truncated: { kind: 'truncated-json' },
  'rate-limited': { kind: 'status-429', retryAfter: 3600 },
  'rate-limited-without-header': { kind: 'status-429' },
  'answer-lost-after-commit': {
    kind: 'commit-then-drop',
    times: 1,
    match: { method: 'POST', path: '/issue(/\\d+/(comment|remotelink|transitions))?$' },
  },
};

/** The Jira connector, or a broken one in its place, against a fresh simulator for every case. */
export function jiraSubject(
  switches: Partial<Switches>,
  settleMs: number,
  connector: Connector = jira as Connector,
  keep?: (journal: readonly JournalEntry[]) => void,
): Subject & { close(): Promise<void> } {
  const wire = createWire();
  let site: Site | undefined;
  let made = 0;
  const poisoned = new Set<string>();
  const logs: (readonly string[])[] = [];
  const at = (): Site => {
    if (site === undefined) throw new Error('reset first');
    return site;
  };
  const botId = async (): Promise<string> =>
    (await at().control.world()).people.find((person) => person.email === 'bot@example.com')?.accountId ?? '';

  async function create(count: number, { sameSecond = false }: { readonly sameSecond?: boolean } = {}): Promise<readonly string[]> {
    const now = Date.parse((await at().control.clock()).now);
    const stamp = (i: number): string => new Date(now + (sameSecond ? 0 : i * 1000)).toISOString();
    const inserted = await at().control.insert(
      Array.from({ length: count }, (_, i) => ({ project, summary: `Made ${(made += 1)}`, created: stamp(i), updated: stamp(i) })),
    );
    if (!sameSecond) await at().control.advance(count * 1000);
    return inserted.map(({ id }) => id);
  }

  async function reset(now: string = start): Promise<void> {
    if (site !== undefined) keep?.(await site.control.journal());
    await site?.close();
    poisoned.clear();
    logs.length = 0;
    site = await startSite(switches, { now });
    wire.leadTo(site.url);
    await wire.open();
  }

  const wanted = ['summary', 'description', 'status.name', 'labels', 'assignee.id', 'duedate'];
  return {
    connector,
    goodConfig: configFor('https://acme.atlassian.net'),
    badConfigs: [
      { why: 'no site', config: { auth: { type: 'bearer', token: 'abcdef' } } },
      { why: 'an unknown key', config: { ...configFor('https://acme.atlassian.net'), projekt: 'IMP' } },
      { why: 'a page size that is no number', config: { ...configFor('https://acme.atlassian.net'), pageSize: 'many' } },
      {
        why: 'a query with its own order',
        config: { ...configFor('https://acme.atlassian.net'), streams: { a: { jql: 'project = A ORDER BY key' } } },
      },
    ],
    async open(options = {}) {
      const token = options.credentials === 'wrong' ? 'not-the-token' : 'bot-token';
      const { context, lines } = testContext({ system: 'jira-test', secrets: [token], ...(options.wanted && { wanted: options.wanted }) });
      logs.push(lines);
      return connector.open(connector.config.parse(configFor(wire.url, token, driven)), context) as OpenConnector;
    },
    reset: () => reset(),
    wire,
    async resetInZone(zone, now) {
      await reset(now);
      await at().control.people({ email: 'bot@example.com', timeZone: zone });
    },
    now: async () => (await at().control.clock()).now,
    advance: async (ms) => void (await at().control.advance(ms)),
    async fault(name) {
      if (name === 'unreachable') await wire.shut();
      else await at().control.addFaults(faults[name]);
    },
    async clearFaults() {
      await wire.open();
      wire.heal();
      await at().control.clearFaults();
    },
    requests: async () => (await at().control.journal()).length,
    settleMs,
    streams: [
      {
        stream: 'improvement',
        wanted,
        version: (record) => String(record.data['summary'] as string),
        async visible() {
          const [issues, bot] = [await at().control.issues({ project }), await botId()];
          return new Map(
            issues.filter((issue) => !issue.hiddenFrom.includes(bot) && !poisoned.has(issue.id)).map((issue) => [issue.id, issue.summary]),
          );
        },
        create,
        touch: async (key) =>
          void (await at().control.edit(key, { by: 'owner@example.com', fields: { summary: `Touched ${(made += 1)}` } })),
        async createLate(delayMs) {
          const [late] = await at().control.insert([{ project, summary: `Late ${(made += 1)}`, visibleInMs: delayMs }]);
          return late?.id ?? '';
        },
        async hide(keys) {
          for (const key of keys) await at().control.hide(key, await botId());
        },
        async show(keys) {
          for (const key of keys) await at().control.show(key, await botId());
        },
        async poison() {
          const [bad] = await at().control.insert([{ project, summary: `Poison ${(made += 1)}`, fields: { duedate: 'soon' } }]);
          await at().control.advance(1000);
          poisoned.add(bad?.id ?? '');
          return bad?.id ?? '';
        },
        async remove(keys) {
          for (const key of keys) await at().control.remove(key);
        },
        async renumber(key) {
          for (const to of ['AUD', project]) await at().control.move(key, to);
        },
        rowsIn: rowsInIssues,
        async createMany(count) {
          for (let left = count; left > 0; left -= 1000)
            await create(Math.min(left, 1000), { sameSecond: true }).then(() => at().control.advance(61_000));
        },
      },
    ],
    sinks: [
      {
        resource: 'issue',
        fields: (i) => ({
          summary: `Fewer mail outages ${i}`,
          description: `# Trigger\n\nRecurs ${i} times:\n\n- INC${i}\n- INC${i + 1}`,
          priority: { name: i % 2 === 0 ? 'High' : 'Low' },
          labels: ['improvement', `case-${i}`],
          duedate: '2027-01-31',
          reduction: i,
          category: 'Incident',
        }),
        ticketsWith: async (key) =>
          (await at().control.issues({ project: 'IMP' })).filter(
            (issue) => (issue.properties['golden-thread.ref'] as { key?: string } | undefined)?.key === key,
          ).length,
        comments: async (key) => (await at().control.issues({ ids: [key] }))[0]?.comments.length ?? 0,
        files: async (key) =>
          ((await at().control.issues({ ids: [key] }))[0]?.attachments ?? []).map(({ name, base64 }) => ({
            name,
            bytes: Buffer.from(base64, 'base64'),
          })),
        links: async (key) => (await at().control.issues({ ids: [key] }))[0]?.remoteLinks.length ?? 0,
        move: { to: 'Approved', fields: {} },
        texts: ['summary', 'description', 'category'],
        refused: [{ why: 'a priority that does not exist', fields: { priority: { name: 'No Such Priority' } }, says: /priority/i }],
      },
    ],
    skip: {
      'issue: a create that never arrived is absent, and sent again makes one':
        'Jira has no read that proves absence: find says unknown, and the outbox sends once more after the index lag',
    },
    async lowerPages(most) {
      await at().control.switches({ pageCapWithFields: most });
    },
    lacks: {
      tokens: 'tokens that run out have tests of their own',
      errorBeside: 'Jira answers errors with their status',
      tellsUnreadable: 'Jira leaves out what may not be seen and says nothing about it',
    },
    logged: () => logs.flat(),
    async close() {
      if (site !== undefined) keep?.(await site.control.journal());
      await site?.close();
      site = undefined;
      await wire.shut();
    },
  };
}

/** The issues of an answer that shows their fields; a listing of ids and keys shows no records. */
export function rowsInIssues(answer: unknown): readonly RowInAnswer[] {
  const { issues } = answer as { readonly issues?: unknown };
  const rows = (Array.isArray(issues) ? issues : []) as readonly Record<string, unknown>[];
  return rows.flatMap((row) => {
    const fields = row['fields'] as Readonly<Record<string, unknown>> | undefined;
    return typeof row['id'] === 'string' && fields !== undefined && 'updated' in fields ? [{ key: row['id'], row }] : [];
  });
}
