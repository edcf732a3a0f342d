import type { Kysely, Transaction } from 'kysely';
import type { Schema } from '../schema.js';

/** What reads: the reading connection, or a transaction, which sees its own rows. */
export type Db = Kysely<Schema>;

/** An open transaction. Only store calls and `setImmediate` may be awaited while one is open: it is the only writer. */
export type Tx = Transaction<Schema>;
