import { type Kysely, sql } from 'kysely';

/** Tables whose rows are evidence: a row is added, never changed and never removed. */
export const appendOnly = [
  'cause',
  'edge',
  'edge_end',
  'record_version',
  'input_version',
  'improvement_version',
  'measured_input',
  'input_review',
  'journal',
  'journal_body',
] as const;

const tables = [
  `create table name (id integer primary key, text text not null unique)`,
  `create table setting (name text primary key, value text not null) without rowid`,
  `create table cause (id integer primary key, at text not null, "by" text not null, because text not null)`,

  `create table stream (
     id integer primary key references name, system text not null, stream text not null, cursor text, complete_to text,
     records integer not null default 0, versions integer not null default 0, unique (system, stream))`,
  `create table stream_pause (
     id integer primary key, stream integer not null references stream, since text not null, ended text, reason text not null, until text)`,
  `create index stream_pause_stream on stream_pause (stream, since)`,
  `create table coverage (
     id integer primary key, stream integer not null references stream, "from" text not null, "to" text not null)`,
  `create index coverage_stream on coverage (stream, "from")`,
  `create table run (
     id integer primary key, stream integer not null references stream, started_at text not null, ended_at text, outcome text not null,
     pages integer not null default 0, received integer not null default 0, fresh integer not null default 0,
     changed integer not null default 0, unchanged integer not null default 0, quarantined integer not null default 0,
     unreadable integer not null default 0, complete_to text, failure text,
     check (received = fresh + changed + unchanged + quarantined))`,
  `create index run_stream on run (stream, id)`,

  `create table node (id integer primary key, kind integer not null, hash integer not null, key text not null)`,
  `create index node_hash on node (hash)`,
  `create table edge (
     from_node integer not null, kind integer not null, to_node integer not null, seq integer not null, cause integer not null,
     derived integer not null, primary key (from_node, kind, to_node, seq)) without rowid`,
  `create index edge_reverse on edge (to_node, kind)`,
  `create table edge_end (
     from_node integer not null, kind integer not null, to_node integer not null, seq integer not null, cause integer not null references cause,
     primary key (from_node, kind, to_node, seq)) without rowid`,

  `create table record (
     id integer primary key, version integer not null, number text not null, look_again_at text)`,
  `create index record_look_again on record (look_again_at) where look_again_at is not null`,
  `create table absence (
     id integer primary key, record integer not null, whereabouts text not null, misses integer not null, noticed_at text not null,
     last_at text not null, ended_at text)`,
  `create unique index absence_open on absence (record) where ended_at is null`,
  `create table address (id integer primary key, form text not null)`,
  `create index address_form on address (form)`,
  `create table record_version (
     id integer primary key, record integer not null, previous integer, seq integer not null, hash text not null, number text not null,
     address integer not null, updated_at text not null, field_set integer not null, cause integer not null, data text not null)`,

  `create table input (
     record integer not null, mapping integer not null, version integer not null, category integer not null, occurred_at text not null,
     ended_at text, primary key (record, mapping)) without rowid`,
  `create table input_version (
     id integer primary key, record integer not null, mapping integer not null, previous integer, record_version integer not null,
     made_by integer not null, cause integer not null, ended_at text, data text not null)`,
  `create table input_key (
     node integer not null, occurred integer not null, record integer not null, mapping integer not null,
     primary key (node, occurred, record, mapping)) without rowid`,
  `create table input_series (
     series integer not null, scope integer not null, occurred integer not null, record integer not null, mapping integer not null,
     primary key (series, scope, occurred, record, mapping)) without rowid`,
  `create index input_series_input on input_series (record, mapping)`,
  `create table input_review (
     id integer primary key, category text not null, "from" text not null, "to" text not null, "by" text not null, note text not null, at text not null)`,

  `create table quarantine (
     id integer primary key, stream integer not null references stream, key text not null, reason text not null, problems text not null,
     raw text not null, updated_at text, first_at text not null, last_at text not null, times integer not null default 1,
     resolved_at text, resolution text, unique (stream, key, reason))`,
  `create index quarantine_open on quarantine (stream) where resolved_at is null`,

  `create table improvement (
     id integer primary key, uid text not null unique, version integer not null, seq integer not null, status text not null,
     kind text not null, owner text not null, target_date text not null, raised_at text not null, ticket_system text, ticket_key text)`,
  `create index improvement_status on improvement (status)`,
  `create unique index improvement_ticket on improvement (ticket_system, ticket_key)`,
  `create table improvement_version (
     id integer primary key, improvement integer not null references improvement, seq integer not null, at text not null,
     "by" text not null, because text not null, status text not null, kind text not null, owner text not null, target_date text not null,
     data text not null, unique (improvement, seq))`,
  `create table improvement_service (service text not null, improvement integer not null, primary key (service, improvement)) without rowid`,
  `create index improvement_service_improvement on improvement_service (improvement)`,
  `create table measured_input (
     improvement integer not null references improvement, measurement integer not null, input_version integer not null references input_version,
     primary key (improvement, measurement, input_version)) without rowid`,
  `create index measured_input_version on measured_input (input_version)`,
  `create table improvement_key (key text not null, improvement integer not null, primary key (key, improvement)) without rowid`,
  `create index improvement_key_improvement on improvement_key (improvement)`,
  `create table improvement_change (
     system text not null, stream text not null, key text not null, improvement integer not null,
     primary key (system, stream, key, improvement)) without rowid`,
  `create table improvement_trait (trait text not null, improvement text not null, primary key (trait, improvement)) without rowid`,
  `create index improvement_trait_improvement on improvement_trait (improvement)`,
  `create index improvement_change_improvement on improvement_change (improvement)`,

  `create table review_decision (
     id integer primary key, at text not null, "by" text not null, period_from text not null, period_to text not null, decision text not null,
     owner text, due text, improvement text, done_at text, done_by text, done_note text)`,

  `create table outbox (
     seq integer primary key autoincrement, id text not null unique, system text not null, resource text not null, operation text not null,
     subject text not null, payload text not null, payload_hash text not null, depends_on text references outbox (id),
     state text not null check (state in ('pending', 'sending', 'in-doubt', 'confirmed', 'parked', 'refused')),
     attempts integer not null default 0, not_before text, owner text, claimed_until text, watermark text, ticket text, receipt text,
     failure text, created_at text not null, changed_at text not null)`,
  `create index outbox_open on outbox (state, seq) where state <> 'confirmed'`,
  `create index outbox_subject on outbox (subject)`,

  `create table journal (
     seq integer primary key, at text not null, actor text not null, kind text not null, subject text not null,
     body_hash text not null, previous text not null, key text, hash text not null)`,
  `create index journal_subject on journal (subject, seq)`,
  `create table journal_body (seq integer primary key references journal, salt text not null, body text not null)`,
  `create table journal_tree (id integer primary key check (id = 1), size integer not null, peaks text not null)`,
  `create table person (id text primary key, name text, removed_as text, removed_at text) without rowid`,
  `create unique index person_name on person (name) where name is not null`,
  `create table redaction (what text not null, row integer not null, entry integer not null, primary key (what, row, entry)) without rowid`,
  `create table suppressed (id integer primary key, code text not null, salt text not null, hash text not null, words integer not null)`,
];

const triggers = appendOnly.flatMap((table) =>
  ['update', 'delete'].map(
    (act) => `create trigger ${table}_no_${act} before ${act} on ${table} begin select raise(abort, '${table} is append-only'); end`,
  ),
);

/** What makes the first schema. */
export const statements: readonly string[] = [...tables, ...triggers];

/** The first schema. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
