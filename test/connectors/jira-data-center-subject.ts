import type { Connector, JsonObject, OpenConnector } from 'golden-thread/kit';
import { createWire, type FaultName, type Subject, testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import type { Fault, Switches } from '../../connectors/jira/simulator/index.js';
import { customFields, rowsInIssues, type Site, startSite } from './jira-subject.js';

const project = 'IMP';

/** Settings for a Data Center at an address. */
export function dataCenterConfig(site: string, more: JsonObject = {}): JsonObject {
  return {
    deployment: 'data-center',
    site,
    auth: { type: 'bearer', token: 'bot-token' },
    streams: { improvement: { jql: 'project = IMP' } },
    customFields,
    project,
    issueType: 'Improvement',
    automationUsers: ['automation'],
    ...more,
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

/** What differs from one Data Center to another. */
export interface Kind {
  readonly switches?: Partial<Switches>;
  readonly settleMs?: number;
  readonly config?: JsonObject;
  /** The time zone in the profile of our account. */
  readonly timeZone?: string;
  /** Where the clock stands at the beginning of each case. */
  readonly now?: string;
}

/** The connector in its Data Center deployment, or a broken one in its place, against a fresh simulator for every case. */
export function dataCenterSubject(kind: Kind = {}, connector: Connector = jira as Connector): Subject & { close(): Promise<void> } {
  const { switches = {}, settleMs = 10_000, config = {}, timeZone, now: start } = kind;
  const wire = createWire();
  let site: Site | undefined;
  let made = 0;
  const poisoned = new Set<string>();
  const logs: (readonly string[])[] = [];
  const at = (): Site => {
    if (site === undefined) throw new Error('reset first');
    return site;
  };
  const botKey = async (): Promise<string> =>
    (await at().control.world()).people.find((person) => person.email === 'bot@example.com')?.accountId ?? '';

  async function create(count: number, { sameSecond = false }: { readonly sameSecond?: boolean } = {}): Promise<readonly string[]> {
    const now = Date.parse((await at().control.clock()).now);
    const stamp = (i: number): string => new Date(now + (sameSecond ? 0 : i * 1000)).toISOString();
    const inserted = await at().control.insert(
      Array.from({ length: count }, (_, i) => ({
        project,
        summary: `Made ${(made += 1)}`,
        description: `*Made* ${made}`,
        created: stamp(i),
        updated: stamp(i),
      })),
    );
    if (!sameSecond) await at().control.advance(count * 1000);
    return inserted.map(({ id }) => id);
  }

  async function reset(now = start): Promise<void> {
    await site?.close();
    poisoned.clear();
    logs.length = 0;
    site = await startSite(switches, { deployment: 'data-center', ...(now !== undefined && { now }) });
    wire.leadTo(site.url);
    await wire.open();
    if (timeZone !== undefined) await site.control.people({ email: 'bot@example.com', timeZone });
  }

  const good = dataCenterConfig('https://jira.acme.example/jira');
  return {
    connector,
    goodConfig: good,
    badConfigs: [
      { why: 'an API token of Cloud', config: { ...good, auth: { type: 'basic', email: 'a@acme.example', apiToken: 'abcdef' } } },
      { why: 'an unknown key', config: { ...good, projekt: 'IMP' } },
      { why: 'no password', config: { ...good, auth: { type: 'password', username: 'bot' } } },
      {
        why: 'a password on Cloud',
        config: { ...good, deployment: 'cloud', auth: { type: 'password', username: 'bot', password: 'abcdef' } },
      },
    ],
    async open(options = {}) {
      const token = options.credentials === 'wrong' ? 'not-the-token' : 'bot-token';
      const { context, lines } = testContext({ system: 'jira-test', secrets: [token], ...(options.wanted && { wanted: options.wanted }) });
      logs.push(lines);
      const settings = dataCenterConfig(wire.url, { auth: { type: 'bearer', token }, ...(site && { browseUrl: site.itself }), ...config });
      return connector.open(connector.config.parse(settings), context) as OpenConnector;
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
        wanted: ['summary', 'description', 'status.name', 'labels', 'assignee.id', 'duedate'],
        version: (record) => String(record.data['summary'] as string),
        async visible() {
          const [issues, bot] = [await at().control.issues({ project }), await botKey()];
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
          for (const key of keys) await at().control.hide(key, await botKey());
        },
        async show(keys) {
          for (const key of keys) await at().control.show(key, await botKey());
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
          description: `# Trigger\n\nRecurs ${i} times [~admin] {html}x{html}:\n\n- INC${i}\n- INC${i + 1}`,
          priority: { name: i % 2 === 0 ? 'High' : 'Low' },
          labels: ['improvement', `case-${i}`],
          duedate: '2027-01-31',
          reduction: i,
          category: 'Incident',
          assignee: 'owner',
        }),
        ticketsWith: async (key) =>
          (await at().control.issues({ project })).filter(
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
      await at().control.switches({ searchMaximum: most });
    },
    lacks: {
      tokens: 'tokens that run out have tests of their own',
      errorBeside: 'Jira answers errors with their status',
      tellsUnreadable: 'Jira leaves out what may not be seen and says nothing about it',
    },
    logged: () => logs.flat(),
    async close() {
      await site?.close();
      site = undefined;
      await wire.shut();
    },
  };
}
