import { setTimeout as sleep } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { CompiledQuery } from 'kysely';
import { Failure } from '../../kit/index.js';
import type { Tx } from '../database/db.js';

/** What purging needs of the database beyond its tables. */
export interface Maintenance {
  /**
   * Runs `f` in one transaction in which rows of append-only tables may be changed, and in whose SQL `redacted(text)` is what `redact` makes of it. The triggers
   * that forbid it otherwise are back when it commits, and were never away for anybody else.
   */
  redacting<T>(redact: (text: string) => string, f: (t: Tx) => Promise<T>): Promise<T>;
  /** Writes the whole file anew without what was deleted, and empties the write-ahead log. Needs room for a second copy. */
  compact(): Promise<void>;
}

/** The maintenance of one opened database. */
export function maintenanceOf(database: Database.Database, tx: <T>(f: (t: Tx) => Promise<T>) => Promise<T>): Maintenance {
  let current: ((text: string) => string) | undefined;
  database.function('redacted', { directOnly: true }, (text: unknown) =>
    typeof text === 'string' && current !== undefined ? current(text) : text,
  );
  return {
    redacting: async (redact, f) => {
      current = redact;
      // What is taken out is overwritten in the file, not only unlinked. https://www.sqlite.org/pragma.html#pragma_secure_delete
      database.pragma('secure_delete = ON');
      try {
        return await tx(async (t) => {
          const triggers = await triggersOf(t);
          for (const { name } of triggers) await t.executeQuery(CompiledQuery.raw(`drop trigger "${name}"`));
          const result = await f(t);
          for (const { sql } of triggers) await t.executeQuery(CompiledQuery.raw(sql));
          return result;
        });
      } finally {
        current = undefined;
        database.pragma('secure_delete = OFF');
      }
    },
    compact: async () => {
      database.pragma('secure_delete = ON');
      database.exec('VACUUM');
      for (let tries = 0; tries < 50; tries += 1) {
        const [state] = database.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[];
        if (state?.busy === 0) return;
        await sleep(100);
      }
      throw new Failure('transient', 'somebody reads the database, so its log could not be emptied', {
        place: database.name,
        hint: 'what was purged is out of the database; end what reads it and run the same purge again, so that it is off the disk too',
      });
    },
  };
}

async function triggersOf(t: Tx): Promise<readonly { readonly name: string; readonly sql: string }[]> {
  const text = "select name, sql from sqlite_schema where type = 'trigger'";
  return (await t.executeQuery<{ name: string; sql: string }>(CompiledQuery.raw(text))).rows;
}
