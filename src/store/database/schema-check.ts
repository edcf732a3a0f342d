import Database from 'better-sqlite3';
import { Failure } from '../../kit/index.js';

/** A table, an index or a trigger. */
interface Part {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

/**
 * Refuses a database whose tables, indexes and triggers are not those that these statements make: one of another build before the first release, or one
 * in which somebody took out what keeps evidence from being changed. What is there besides (an index of the administrator's) is fine. Who only reads needs no
 * triggers: `verify` is to say what was changed, not just that it could be.
 */
export function refuseOtherSchema(database: Database.Database, statements: readonly string[], use: 'read' | 'write'): void {
  const actual = new Map(partsOf(database).map((part) => [part.name, part.sql]));
  for (const { type, name, sql } of expected(statements)) {
    if (use === 'read' && type === 'trigger') continue;
    const found = actual.get(name);
    if (found === sql) continue;
    throw new Failure(
      'config',
      `the database was made by another build of golden-thread, or changed by hand: its ${type} ${name} is ${found === undefined ? 'missing' : 'another one'}`,
      {
        place: database.name,
        hint: 'use this file with the version that made it, restore a backup, or set storage.path to a new file; this one was not changed',
      },
    );
  }
}

const known = new Map<string, readonly Part[]>();

/** What the statements make, asked of SQLite itself once in a process. */
function expected(statements: readonly string[]): readonly Part[] {
  const all = statements.join(';\n');
  let parts = known.get(all);
  if (parts === undefined) {
    const scratch = new Database(':memory:');
    try {
      scratch.exec(all);
      parts = partsOf(scratch);
    } finally {
      scratch.close();
    }
    known.set(all, parts);
  }
  return parts;
}

function partsOf(database: Database.Database): readonly Part[] {
  const rows = database.prepare<[], Part>('select type, name, sql from sqlite_schema where sql is not null order by rowid').all();
  // How a statement is laid out says nothing.
  return rows.map((row) => ({ ...row, sql: row.sql.replaceAll(/\s+/g, ' ') }));
}
