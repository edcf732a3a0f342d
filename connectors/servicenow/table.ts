import { Failure, type HttpAnswer, type HttpClient, type Instant, type Json, type JsonObject } from 'golden-thread/kit';
import { isObject } from './meaning.js';
import { atOnce, type Pace } from './pace.js';

/** What a list request asks for. */
export interface ListAsk {
  /** Encoded query; percent-encoded by the client. */
  readonly query: string;
  /** Names for `sysparm_fields`; none = all columns that the account may read. */
  readonly fields: readonly string[];
  readonly limit: number;
  readonly offset?: number;
  readonly signal?: AbortSignal | undefined;
}

/** One answer to a list request. `T`: what was made of each row. */
export interface RawPage<T = JsonObject> {
  readonly rows: readonly T[];
  /** `X-Total-Count`: rows that match, counted before access rules took any out. */
  readonly total?: number;
  /** More rows match than offset + limit; by the count, else by `Link: …; rel="next"`. Undefined where the answer says neither. */
  readonly more?: boolean;
  readonly remoteNow?: Instant;
  /** From the call to the answer, in milliseconds. */
  readonly tookMs?: number;
}

/** The Table API of one instance with one account. Values arrive as stored: UTC, ids instead of display values, no links. */
export interface TableApi {
  list(table: string, ask: ListAsk): Promise<RawPage>;
  /** The same, each row turned into what is wanted of it while the answer is parsed: of a long page, no more stands in memory. */
  list<T>(table: string, ask: ListAsk, take: (row: JsonObject) => T): Promise<RawPage<T>>;
  /** How many rows match, by the Aggregate API: `GET /api/now/stats/{table}`. Fails with `contract` for an answer without a count. */
  count(table: string, query: string, signal?: AbortSignal): Promise<number>;
  /** One record, or undefined when it does not exist or the account may not see it (404 says no more). */
  one(table: string, sysId: string, fields: readonly string[], signal?: AbortSignal): Promise<JsonObject | undefined>;
  /** Sent once, never again here: a POST that failed may have been carried out. */
  create(table: string, body: JsonObject, fields: readonly string[], signal?: AbortSignal): Promise<JsonObject>;
  update(
    table: string,
    sysId: string,
    body: JsonObject,
    ask: { readonly idempotent: boolean; readonly signal?: AbortSignal },
  ): Promise<void>;
}

// Version 2 is pinned: version 1 answers 404 where nothing matches.
const base = '/api/now/v2/table';
// The Aggregate API has no version 2 that any source names.
const stats = '/api/now/stats';
const asStored = { sysparm_display_value: 'false', sysparm_exclude_reference_link: 'true' } as const;

/** The Table API over two clients of one account, because an answer to a write means something else than the same answer to a read. */
export function tableApi(reads: HttpClient, writes: HttpClient, pace: Pace = atOnce): TableApi {
  return {
    async list<T>(table: string, ask: ListAsk, take: (row: JsonObject) => T = (row) => row as T) {
      await pace.before(ask.signal);
      const from = performance.now();
      const answer = await reads.request({
        method: 'GET',
        path: `${base}/${encodeURIComponent(table)}`,
        route: `${base}/{table}`,
        query: {
          sysparm_query: ask.query,
          ...(ask.fields.length > 0 && { sysparm_fields: ask.fields.join(',') }),
          ...asStored,
          sysparm_limit: ask.limit,
          ...(ask.offset && { sysparm_offset: ask.offset }),
        },
        items: { of: 'result', take: (row) => (isObject(row) ? { row: take(row) } : undefined) },
        ...withSignal(ask.signal),
      });
      pace.after(answer.headers);
      return {
        rows: rowsOf<T>(answer, table),
        ...countOf(answer, (ask.offset ?? 0) + ask.limit),
        ...clockOf(answer),
        tookMs: performance.now() - from,
      };
    },
    async count(table, query, signal) {
      await pace.before(signal);
      const answer = await reads.request({
        method: 'GET',
        path: `${stats}/${encodeURIComponent(table)}`,
        route: `${stats}/{table}`,
        query: { sysparm_query: query, sysparm_count: 'true' },
        ...withSignal(signal),
      });
      pace.after(answer.headers);
      return counted(answer, table);
    },
    async one(table, sysId, fields, signal) {
      const answer = await reads.request({
        method: 'GET',
        path: `${base}/${encodeURIComponent(table)}/${encodeURIComponent(sysId)}`,
        route: `${base}/{table}/{sys_id}`,
        query: { sysparm_fields: fields.join(','), ...asStored },
        accept: [404],
        ...withSignal(signal),
      });
      return answer.status === 404 ? undefined : rowOf(answer, table);
    },
    async create(table, body, fields, signal) {
      const answer = await writes.request({
        method: 'POST',
        path: `${base}/${encodeURIComponent(table)}`,
        route: `${base}/{table}`,
        query: { sysparm_fields: fields.join(','), ...asStored, sysparm_input_display_value: 'false' },
        body,
        idempotent: false,
        ...withSignal(signal),
      });
      return rowOf(answer, table);
    },
    async update(table, sysId, body, ask) {
      await writes.request({
        method: 'PATCH',
        path: `${base}/${encodeURIComponent(table)}/${encodeURIComponent(sysId)}`,
        route: `${base}/{table}/{sys_id}`,
        query: { sysparm_fields: 'sys_id', ...asStored, sysparm_input_display_value: 'false' },
        body,
        idempotent: ask.idempotent,
        ...withSignal(ask.signal),
      });
    },
  };
}

/** Whether the range holds more than was asked for. The number of rows received says nothing: limits apply before access rules. */
export function moreOf(page: RawPage<unknown>): boolean {
  if (page.more !== undefined) return page.more;
  throw new Failure('contract', 'ServiceNow told neither a total count (X-Total-Count) nor a next page (Link)', {
    hint: 'a proxy removes these headers, or the table does not count; without them the end of the data cannot be told',
  });
}

function withSignal(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function clockOf(answer: HttpAnswer): { remoteNow?: Instant } {
  return answer.remoteNow === undefined ? {} : { remoteNow: answer.remoteNow };
}

function countOf(answer: HttpAnswer, behind: number): { total?: number; more?: boolean } {
  const count = answer.headers['x-total-count'];
  if (count !== undefined && /^\d+$/.test(count.trim())) {
    const total = Number(count);
    return { total, more: behind < total };
  }
  const { link } = answer.headers;
  return link === undefined ? {} : { more: /;\s*rel="next"/.test(link) };
}

function resultOf(answer: HttpAnswer): Json | undefined {
  return isObject(answer.body) ? answer.body['result'] : undefined;
}

function rowsOf<T>(answer: HttpAnswer, table: string): readonly T[] {
  const items = answer.items as readonly ({ readonly row: T } | undefined)[];
  const rows: T[] = [];
  for (const item of items) if (item !== undefined) rows.push(item.row);
  if (Array.isArray(resultOf(answer)) && rows.length === items.length) return rows;
  throw new Failure('contract', `ServiceNow answered a list of ${table} with something that is no list of records`);
}

/** `{"result":{"stats":{"count":"72"}}}`; the shape without a group is not documented, so a list of one is taken as well. */
function counted(answer: HttpAnswer, table: string): number {
  const result = resultOf(answer);
  const one = Array.isArray(result) ? (result as readonly Json[])[0] : result;
  const stat = isObject(one) ? one['stats'] : undefined;
  const count = isObject(stat) ? Number(stat['count'] ?? Number.NaN) : Number.NaN;
  if (Number.isInteger(count) && count >= 0) return count;
  throw new Failure('contract', `ServiceNow answered a count of ${table} without a count`);
}

function rowOf(answer: HttpAnswer, table: string): JsonObject {
  const result = resultOf(answer);
  if (isObject(result)) return result;
  throw new Failure('contract', `ServiceNow answered for one ${table} with something that is no record`, { committed: 'maybe' });
}
