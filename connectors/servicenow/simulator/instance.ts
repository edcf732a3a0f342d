import { type AccessRules, createAccessRules } from './access.js';
import { type Account, type OAuthClient } from './accounts.js';
import { type VirtualClock, createClock } from './clock.js';
import { type Dictionary, createDictionary } from './dictionary/dictionary.js';
import { changeTables } from './dictionary/change-tables.js';
import { pluginTables } from './dictionary/plugin-tables.js';
import { referenceTables } from './dictionary/reference-tables.js';
import { taskDetails } from './dictionary/task-details.js';
import { taskTables } from './dictionary/task-tables.js';
import { type Faults, createFaults } from './faults.js';
import { type Journal, createJournal } from './journal.js';
import { type Random, createRandom } from './random.js';
import { createReplicated } from './replica.js';
import { type Store, createStore } from './store.js';
import { type Switches, defaultSwitches } from './switches.js';

/** The whole state of one simulated instance. */
export interface Instance {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly store: Store;
  /** What lists and counts read: the store itself, or a copy that lags behind by the switch `replicaLagMs`. */
  readonly replica: () => Store;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly access: AccessRules;
  readonly accounts: Map<string, Account>;
  readonly clients: Map<string, OAuthClient>;
  readonly tokens: Map<string, Token>;
  /** Wrong passwords in a row, by user name. */
  readonly wrongPasswords: Map<string, number>;
  /** What the Change API does a little later, by worker id. */
  readonly workers: Map<string, { readonly doneAt: number; readonly failed: boolean }>;
  /** Contents of attachments, by their sys_id. */
  readonly contents: Map<string, Buffer>;
  /** `jti` of assertions that were taken. */
  readonly usedAssertions: Set<string>;
  /** Last number given out, by table. */
  readonly numbers: Map<string, number>;
  /** Requests in the current window of the rate limit rule, by user name. */
  readonly rates: Map<string, { readonly window: number; readonly count: number }>;
  switches: Switches;
}

export interface Token {
  readonly kind: 'access' | 'refresh';
  readonly user_name: string;
  readonly client_id: string;
  /** Virtual milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface InstanceOptions {
  /** Determines ids, tokens and probabilities; 1 without it. */
  readonly seed?: number;
  /** ISO 8601: the virtual clock starts here and stands still. Without it the clock runs from the present. */
  readonly now?: string;
  readonly switches?: Partial<Switches>;
}

/** An instance with its dictionary and no record. Fails when `now` is no date. */
export function createInstance({ seed = 1, now, switches }: InstanceOptions): Instance {
  const start = now === undefined ? Date.now() : Date.parse(now);
  if (Number.isNaN(start)) throw new Error(`--now ${now} is not a date; write it as 2026-01-01T00:00:00Z`);
  const random = createRandom(seed);
  const dictionary: Dictionary = createDictionary([...referenceTables, ...taskTables, ...changeTables, ...taskDetails, ...pluginTables]);
  const clock = createClock(start, now === undefined ? 1 : 0, Date.now);
  const { primary, replica } = createReplicated(createStore(dictionary), clock, () => instance.switches.replicaLagMs);
  const instance: Instance = {
    clock,
    random,
    store: primary,
    replica,
    journal: createJournal(),
    faults: createFaults(random),
    access: createAccessRules(),
    accounts: new Map(),
    clients: new Map(),
    tokens: new Map(),
    wrongPasswords: new Map(),
    usedAssertions: new Set(),
    workers: new Map(),
    contents: new Map(),
    numbers: new Map(),
    rates: new Map(),
    switches: { ...defaultSwitches, ...switches },
  };
  return instance;
}
