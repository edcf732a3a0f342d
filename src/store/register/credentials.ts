import { chmodSync, closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { inTransactionScope, sqliteDialect } from '../database/dialect.js';
import { asStoreFailure } from '../database/sqlite-failure.js';

/** A durable place for tokens that remotes rotate. */
export interface Credentials {
  get(system: string, name: string): Promise<string | undefined>;
  /** On disk when it resolves: the remote has already voided the token before. */
  put(system: string, name: string, value: string): Promise<void>;
  close(): void;
}

/**
 * Opens `<path>.credentials`: a database of its own, readable by its owner only, which no backup, export or evidence pack contains.
 * Tokens stand in it as they are: the volume must be protected like the secrets that the configuration refers to.
 */
export function openCredentials(path: string): Credentials {
  const file = `${path}.credentials`;
  try {
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    const database = new Database(file, { timeout: 250 });
    database.pragma('journal_mode = DELETE'); // one file: a log beside it would have rights of its own
    database.pragma('synchronous = FULL');
    database.pragma('secure_delete = ON');
    database.exec(
      'create table if not exists credential (system text, name text, value text not null, primary key (system, name)) without rowid',
    );
    return credentialsIn(database);
  } catch (error) {
    throw asStoreFailure(error, file);
  }
}

interface Tokens {
  credential: { system: string; name: string; value: string };
}

function credentialsIn(database: Database.Database): Credentials {
  const db = new Kysely<Tokens>({ dialect: sqliteDialect(database, 'write') });
  return {
    get: (system, name) =>
      inTransactionScope(() =>
        db.transaction().execute(async (t) => {
          const row = await t
            .selectFrom('credential')
            .select('value')
            .where('system', '=', system)
            .where('name', '=', name)
            .executeTakeFirst();
          return row?.value;
        }),
      ),
    put: (system, name, value) =>
      inTransactionScope(() =>
        db.transaction().execute(async (t) => {
          await t
            .insertInto('credential')
            .values({ system, name, value })
            .onConflict((conflict) => conflict.columns(['system', 'name']).doUpdateSet({ value }))
            .execute();
        }),
      ),
    close: () => void database.close(),
  };
}
