import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type QueryResult,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { Failure } from '../../kit/index.js';
import { step } from '../../kit/step.js';
import { asStoreFailure, codeOf } from './sqlite-failure.js';

/** A transaction in which the current asynchronous flow runs. */
interface OpenTransaction {
  open: boolean;
}

const current = new AsyncLocalStorage<OpenTransaction>();

/** Statements kept compiled per connection. Bulk inserts come in few sizes, so the number of distinct texts stays far below. */
const maxStatements = 400;
/** How long a transaction waits for another process that holds the write lock. */
const busyMs = 10_000;
const busyStepMs = 50;

/** How a connection may be used. */
export type Use =
  /** Statements only inside a transaction; one transaction at a time, further ones queue. */
  | 'write'
  /** No transaction, no writes. */
  | 'read'
  /** For migrations: statements outside a transaction too. */
  | 'migrate';

/** One statement with its values. */
export interface Statement {
  readonly sql: string;
  readonly parameters: unknown[];
}

/** A statement with others that are run right after it. */
export interface Batch extends CompiledQuery {
  readonly further: readonly Statement[];
}

/**
 * Kysely over one better-sqlite3 handle. What the stock dialect lacks: statements are compiled once, transactions begin IMMEDIATE,
 * a rollback happens only while one is open (SQLite has already rolled back when the disk is full), and use of the
 * database outside of the open transaction is an error: in the stock dialect it hangs, or its rows vanish with the rollback.
 */
export function sqliteDialect(database: Database.Database, use: Use): Dialect {
  return {
    createAdapter: () => adapter,
    createDriver: () => createDriver(database, use),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** Runs `f` as the one transaction of this asynchronous flow, so that use of the database around it is noticed. */
export async function inTransactionScope<T>(f: () => Promise<T>): Promise<T> {
  if (current.getStore()?.open === true)
    throw new Failure('contract', 'a transaction was begun inside a transaction', { hint: 'hand the outer transaction on' });
  const scope: OpenTransaction = { open: true };
  try {
    return await current.run(scope, f);
  } finally {
    scope.open = false;
  }
}

// Connections are handed out one at a time by the driver itself, and SQLite rolls schema changes back like any others.
const adapter: DialectAdapter = {
  supportsMultipleConnections: true,
  supportsCreateIfNotExists: true,
  supportsTransactionalDdl: true,
  supportsReturning: true,
  supportsOutput: false,
  acquireMigrationLock: () => Promise.resolve(),
  releaseMigrationLock: () => Promise.resolve(),
};

interface Connection extends DatabaseConnection {
  begun: boolean;
}

function createDriver(database: Database.Database, use: Use): Driver {
  const run = statementRunner(database);
  const queue: (() => void)[] = [];
  let busy = false;

  function createConnection(): Connection {
    const connection: Connection = {
      begun: false,
      executeQuery: <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
        assertUse(connection, use);
        return Promise.resolve(run<R>(query));
      },
      // oxlint-disable-next-line require-yield
      streamQuery: async function* () {
        throw new Failure('contract', 'streaming would keep the connection busy; page by key instead');
      },
    };
    return connection;
  }

  return {
    init: () => Promise.resolve(),
    acquireConnection: async () => {
      if (use !== 'read') {
        if (busy) await new Promise<void>((resolve) => queue.push(resolve));
        busy = true;
      }
      return createConnection();
    },
    beginTransaction: async (connection) => {
      await begin(database);
      (connection as Connection).begun = true;
    },
    commitTransaction: (connection) => {
      step();
      guarded(database, () => database.exec('COMMIT'));
      (connection as Connection).begun = false;
      step();
      return Promise.resolve();
    },
    rollbackTransaction: (connection) => {
      (connection as Connection).begun = false;
      if (database.inTransaction) guarded(database, () => database.exec('ROLLBACK'));
      return Promise.resolve();
    },
    releaseConnection: () => {
      busy = queue.length > 0;
      queue.shift()?.();
      return Promise.resolve();
    },
    destroy: () => Promise.resolve(),
  };
}

function assertUse(connection: Connection, use: Use): void {
  if (use === 'write' && !connection.begun)
    throw new Failure('contract', 'the database was written outside of a transaction', { hint: 'write through store.tx' });
  if (use === 'read' && current.getStore()?.open === true)
    throw new Failure('contract', 'the database was read past the open transaction, whose rows it would not see', {
      hint: 'read through the transaction that is handed in',
    });
}

/** Waits without blocking the process: SQLite's own busy time-out would stop health answers as long as it lasts. */
async function begin(database: Database.Database): Promise<void> {
  for (let waited = 0; ; waited += busyStepMs) {
    try {
      database.exec('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!codeOf(error).startsWith('SQLITE_BUSY') || waited >= busyMs) throw asStoreFailure(error, database.name);
    }
    await sleep(busyStepMs);
  }
}

function guarded<T>(database: Database.Database, f: () => T): T {
  try {
    return f();
  } catch (error) {
    throw asStoreFailure(error, database.name);
  }
}

function statementRunner(database: Database.Database): <R>(query: CompiledQuery) => QueryResult<R> {
  const statements = new Map<string, Database.Statement>();
  function prepare(sql: string): Database.Statement {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    if (statements.size >= maxStatements) statements.clear();
    statements.set(sql, statement);
    return statement;
  }
  return <R>(query: CompiledQuery | Batch): QueryResult<R> =>
    guarded(database, () => {
      const statement = prepare(query.sql);
      const parameters = query.parameters as unknown[];
      if (statement.reader) return { rows: statement.all(parameters) as R[] };
      let { changes } = statement.run(parameters);
      if ('further' in query) for (const { sql, parameters: values } of query.further) changes += prepare(sql).run(values).changes;
      return { rows: [], numAffectedRows: BigInt(changes) };
    });
}
