import { randomUUID } from 'node:crypto';
import { type Config, loadConfig } from '../config/index.js';
import { refuseAnchorsBesideDatabase } from './check-journal.js';
import type { HttpMeasurement } from '../kit/host.js';
import type { Failure, Instant, Log } from '../kit/index.js';
import { loadMappings, type Mapping } from '../mapping/index.js';
import { acquireLock, openCredentials, openReader, openStore, type Db, type JournalSecrets } from '../store/index.js';
import { noteRules, openSystems, type Progress, recover, remap, silent, type World } from '../sync/index.js';

/** What every verb takes. */
export interface CommonOptions {
  /** Folder with golden-thread.yaml, policy.yaml and directory.yaml. */
  readonly config: string;
}

/** Reads the configuration, or throws all its problems at once as an AggregateError of Failures. */
export function readConfig(options: CommonOptions): Config {
  const loaded = loadConfig(options.config, { env: process.env });
  if (!loaded.ok) throw new AggregateError(loaded.problems);
  refuseAnchorsBesideDatabase(loaded.value);
  return loaded.value;
}

/** Reads the mappings, or throws all their problems at once. */
export function readMappings(dir: string): readonly Mapping[] {
  const { mappings, problems } = loadMappings(dir);
  if (problems.length > 0) throw new AggregateError(problems);
  return mappings;
}

export interface WorldOptions {
  readonly progress?: Progress;
  readonly clock?: () => Instant;
  readonly log?: Log;
  readonly installationId?: string;
  readonly observe?: (measurement: HttpMeasurement) => void;
  /** Abort to stop the work in good order. */
  readonly stop?: AbortController;
}

/** A world that may write, and how to leave it. */
export interface OpenWorld {
  readonly world: World;
  readonly close: () => Promise<void>;
}

/**
 * Opens everything that a writing verb needs: configuration, mappings, connectors, and the database under its lock. Throws all configuration problems at once;
 * fails with `conflict` when another process works on the database. What a process that died had left open is settled first.
 */
export async function openWorld(options: CommonOptions, more: WorldOptions = {}): Promise<OpenWorld> {
  const config = readConfig(options);
  const mappings = readMappings(config.mappingsDir);
  const clock = more.clock ?? ((): Instant => new Date().toISOString());
  const stop = more.stop ?? new AbortController();
  let redact = (text: string): string => text;
  // Loaded here: most verbs only read, and write no log.
  const { createLog } = await import('../daemon/log.js');
  const log = more.log ?? createLog({ level: config.settings.log.level, redact: (text) => redact(text) });
  const credentials = openCredentialsLater(config.storagePath);
  const { systems, problems } = await openSystems(config, mappings, {
    log,
    signal: stop.signal,
    clock,
    credentials: credentials.of,
    ...(more.observe && { observe: more.observe }),
  });
  if (problems.length > 0) throw new AggregateError(problems as readonly Failure[]);
  redact = systems.redact;
  const lock = acquireLock(config.storagePath);
  try {
    const store = await openStore({
      path: config.storagePath,
      clock,
      journal: journalSecrets(config),
      ...(more.installationId !== undefined && { installationId: more.installationId }),
    });
    const world: World = {
      config,
      mappings,
      store,
      systems,
      clock,
      log,
      signal: stop.signal,
      owner: randomUUID(),
      progress: more.progress ?? silent,
    };
    await recover(world);
    await remap(world);
    await noteRules(world);
    const close = async (): Promise<void> => {
      stop.abort();
      await store.close();
      credentials.close();
      lock.release();
    };
    return { world, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** What the journal is written and verified with. */
export function journalSecrets({ settings }: Config): JournalSecrets {
  const { key, formerKeys } = settings.journal;
  return { formerKeys, ...(key !== undefined && { key }) };
}

/** Opens the database for a verb that only reads: beside the daemon, without its lock. */
export function openForReading(options: CommonOptions): { readonly config: Config; readonly db: Db; readonly close: () => void } {
  const config = readConfig(options);
  const reader = openReader(config.storagePath);
  return { config, db: reader.read, close: () => reader.close() };
}

/**
 * The file of rotated tokens, made when a connector first wants one. Verbs that only ask need it too: a token that rotates when they sign in must be kept,
 * or the next one to sign in has none.
 */
export function openCredentialsLater(path: string) {
  let opened: ReturnType<typeof openCredentials> | undefined;
  const file = () => (opened ??= openCredentials(path));
  return {
    of: (system: string) => ({
      get: (name: string) => file().get(system, name),
      put: (name: string, value: string) => file().put(system, name, value),
    }),
    close: () => opened?.close(),
  };
}
