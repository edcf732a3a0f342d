import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWorld } from '../../src/cli/open-world.js';
import { caseKeysOf, Directory, type Improvement, type ImprovementInput, inputIdOf, Policy } from '../../src/domain/index.js';
import type { Instant } from '../../src/kit/index.js';
import { contentOf, improvements, openStore, saveRecords, type Store } from '../../src/store/index.js';
import { backtest, type Backtest, decide, type Decided, release, type World } from '../../src/sync/index.js';
import { environmentOf } from '../scenario/organisation.js';

const shipped = fileURLToPath(new URL('../../../', import.meta.url));

export const directory = Directory.parse({
  services: [
    { id: 'mail', name: 'E-mail', owner: 'olga', approver: 'anton' },
    { id: 'shop', name: 'Shop', owner: 'olga', approver: 'anton' },
  ],
  people: [
    { id: 'olga', name: 'Olga Owner', accounts: { 'jira-cloud': 'acc-olga' } },
    { id: 'anton', name: 'Anton Approver', accounts: { 'jira-cloud': 'acc-anton' } },
    { id: 'gone', name: 'Gerd Gone', leaves: '2020-01-01' },
  ],
  suppliers: [{ id: 'northwind', name: 'Northwind', aliases: ['Northwind Logistics'] }],
});

const categories = ['incident', 'problem', 'change', 'sla-breach', 'audit-finding', 'sms-assessment', 'input-overdue'];

/** A policy with these rules. `watched` gives categories a cadence. */
export function policyWith(rules: readonly object[], watched: Readonly<Record<string, number>> = {}): Policy {
  return Policy.parse({
    categories: categories.map((id) => ({
      id,
      definition: id,
      owner: 'olga',
      ...(watched[id] !== undefined && { cadenceDays: watched[id] }),
    })),
    objectives: [{ id: 'reliability', statement: 'It works.' }],
    rules,
    roles: { defaultOwner: 'olga', defaultApprover: 'anton' },
    routing: { ticketSystem: 'jira-cloud', ticketProject: 'IMP', changeSystem: 'servicenow-prod' },
  });
}

export const start = '2026-03-01T00:00:00.000Z';

/** The instant `days` after 1 March 2026. */
export function day(days: number): Instant {
  return new Date(Date.parse(start) + days * 86_400_000).toISOString();
}

export interface Given extends Partial<ImprovementInput> {
  /** Keys of changes that caused it. */
  readonly causedBy?: string;
  /** Key of the problem that it was investigated by. */
  readonly problem?: string;
}

/** One record as a mapping would have made it. */
export function record(key: string, occurredAt: Instant, given: Given = {}): ImprovementInput & Given {
  const category = given.category ?? 'incident';
  const trigger = { system: 'servicenow-prod', stream: category === 'change' ? 'change_request' : category, key };
  const { recurrenceKey, problem } = given;
  const links =
    problem === undefined ? [] : [{ as: 'investigated-by', to: { system: 'servicenow-prod', stream: 'problem', key: problem } }];
  return {
    id: inputIdOf(trigger, `test/${category}`),
    trigger,
    number: key.toUpperCase(),
    url: `https://snow.test/${key}`,
    category,
    title: `Record ${key}`,
    occurredAt,
    severity: 'moderate',
    services: ['mail'],
    serviceIds: ['mail'],
    processes: [],
    facts: {},
    caseKeys: caseKeysOf({ trigger, ...(recurrenceKey !== undefined && { recurrenceKey }) }, links),
    madeBy: { mapping: `test/${category}`, mappingHash: '1', recordHash: '' },
    ...given,
  };
}

/** A world around a fresh database in which the real decide() runs; no system is ever asked. */
export interface RulesWorld {
  readonly world: World;
  readonly store: Store;
  now: Instant;
  save(inputs: readonly (ImprovementInput & Given)[]): Promise<void>;
  decide(): Promise<Decided>;
  improvements(): Promise<readonly Improvement[]>;
  backtest(from: string, to: string): Promise<Backtest>;
  /** Another database, and so another history, for the same systems. */
  fresh(): Promise<void>;
  close(): Promise<void>;
}

/** Opens one with these rules; it is released as of `raiseFrom`. */
export async function rulesWorld(policy: Policy, raiseFrom: Instant = start): Promise<RulesWorld> {
  const dir = mkdtempSync(join(tmpdir(), 'golden-thread-rules-'));
  for (const part of ['config', 'mappings']) cpSync(join(shipped, part), join(dir, part), { recursive: true });
  Object.assign(process.env, environmentOf(dir, 'http://127.0.0.1:9', 'http://127.0.0.1:9'));
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const made = { now: day(100) };
  const clock = (): Instant => made.now;
  const opened = await openWorld({ config: join(dir, 'config') }, { clock, installationId: 'rules', log: quiet });
  const config = { ...opened.world.config, policy, directory };
  let count = 0;
  let world: World = { ...opened.world, config };
  const fresh = async (): Promise<void> => {
    if (count > 0) await world.store.close();
    count += 1;
    const store = await openStore({ path: join(dir, `rules-${count}.db`), clock, installationId: 'rules' });
    world = { ...opened.world, config, store };
    await release(store, { by: 'Ada Admin', at: clock(), raiseFrom });
  };
  await fresh();
  return Object.assign(made, {
    get world() {
      return world;
    },
    get store() {
      return world.store;
    },
    fresh,
    save: async (inputs: readonly (ImprovementInput & Given)[]) => {
      for (const [stream, group] of Map.groupBy(inputs, ({ trigger }) => trigger.stream))
        await world.store.tx((t) =>
          saveRecords(t, {
            system: 'servicenow-prod',
            stream,
            fieldSet: 'test',
            cause: { at: made.now, by: 'test', because: 'test' },
            records: group.map(({ causedBy, problem, ...input }) => {
              const data = JSON.parse(JSON.stringify({ ...input, causedBy, problem })) as Record<string, string>;
              const to = (of: string, key: string) => ({ system: 'servicenow-prod', stream: of, key });
              return {
                record: { ref: input.trigger, number: input.number, url: input.url, updatedAt: input.occurredAt, data },
                content: contentOf(data),
                inputs: [input],
                links: [
                  ...(causedBy === undefined ? [] : [{ as: 'caused-by', to: to('change_request', causedBy) }]),
                  ...(problem === undefined ? [] : [{ as: 'investigated-by', to: to('problem', problem) }]),
                ],
              };
            }),
          }),
        );
    },
    decide: () => decide(world),
    improvements: () => improvements(world.store.read),
    backtest: (from: string, to: string) => backtest({ config, mappings: world.mappings, db: world.store.read }, { from, to }),
    close: async () => {
      await world.store.close();
      await opened.close();
      rmSync(dir, { recursive: true, force: true });
    },
  });
}
