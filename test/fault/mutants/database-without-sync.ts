import Database from 'better-sqlite3';

/** Broken on purpose: commits reach the log and not the disk. */
export default function open(path: string, options: Database.Options): Database.Database {
  const database = new Database(path, options);
  const pragma = database.pragma.bind(database);
  database.pragma = (source, how) => pragma(source.replace('synchronous = FULL', 'synchronous = NORMAL'), how);
  return database;
}
