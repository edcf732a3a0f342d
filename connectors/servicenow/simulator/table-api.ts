import type { IncomingHttpHeaders } from 'node:http';
import { type Asker, hiddenFields, isForbidden, visibleRows } from './access.js';
import type { Account } from './accounts.js';
import { authenticate, issueToken } from './auth.js';
import { beyondTables } from './beyond-tables.js';
import type { TableDefinition } from './dictionary/dictionary.js';
import type { Instance } from './instance.js';
import type { Committed } from './journal.js';
import { listQuery } from './list-query.js';
import { linkHeader } from './paging.js';
import { findRows } from './query/run.js';
import { userIdOf } from './records.js';
import { type HttpReply, failure, invalidTable, noRecord, text, unauthenticated, unknownUri } from './replies.js';
import { roleRows } from './role-rows.js';
import { countRequest } from './rate-limit.js';
import { type Shape, compileShape } from './shape.js';
import { comparing, stats } from './stats.js';
import type { Row, Store, Table } from './store.js';
import { type WriteAsk, type Written, deleteRecord, insertRecord, updateRecord } from './write.js';

/** A request as it came in. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** With the question mark, as sent. */
  readonly search: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as it came, for files. */
  readonly bytes: Buffer;
  /** `http://host:port` as the client wrote it: links begin with it. */
  readonly baseUrl: string;
  /** Common name of a verified client certificate. */
  readonly certificate?: string;
}

export interface ApiOutcome {
  readonly reply: HttpReply;
  readonly user?: string;
  readonly committed?: Committed;
  readonly ignored?: readonly string[];
}

/** Everything about one authenticated request for one table. */
interface Call {
  readonly instance: Instance;
  readonly store: Store;
  readonly request: ApiRequest;
  readonly account: Account;
  readonly zone: string;
  readonly table: Table;
  readonly version: string | undefined;
}

const statsPath = /^\/api\/now(?:\/v1)?\/stats\/([^/]+)\/?$/;
const tablePath = /^\/api\/now(?:\/(v1|v2))?\/table\/([^/]+)(?:\/([^/]+))?\/?$/;

/** Answers as the instance's REST layer does. */
export function answer(instance: Instance, request: ApiRequest): ApiOutcome {
  const { switches } = instance;
  const target = request.path + request.search;
  if (switches.maxUrlLength > 0 && target.length > switches.maxUrlLength)
    return { reply: text(414, '<html><head><title>414 Request-URI Too Large</title></head></html>', { 'Content-Type': 'text/html' }) };
  if (request.path === '/oauth_token.do')
    return { reply: issueToken(instance, new URLSearchParams(request.body), `${request.baseUrl}/oauth_token.do`) };
  const counted = statsPath.exec(request.path);
  const match = counted ? ['', undefined, counted[1]] : tablePath.exec(request.path);
  const account = authenticate(instance, request);
  if (!account) return { reply: unauthenticated() };
  const user = account.user_name;
  const limited = countRequest(instance, user);
  if (limited) return { reply: limited, user };
  if (!match) return { user, ...(beyondTables(instance, request, account) ?? { reply: unknownUri(switches.unknownUriStatus) }) };
  const badHeader = checkHeaders(request, switches.strictHeaders);
  if (badHeader) return { reply: badHeader, user };
  const [, version, name = '', id] = match;
  // Lists and counts may be answered by a replica; what is read or written singly is current.
  const store = (id === undefined || counted) && ['GET', 'HEAD'].includes(request.method) ? instance.replica() : instance.store;
  const table = switches.absentTables.includes(name) ? undefined : store.table(name);
  if (!table) return { reply: invalidTable(name), user };
  if (isForbidden(instance.access, instance.store, { account, now: instance.clock.now() }, name) || isForAdmins(instance, account, name))
    return { reply: failure(403, 'User Not Authorized', 'Failed API level ACL Validation'), user };
  const zone = account.time_zone ?? 'UTC';
  if (counted) {
    const { reply, ignored } = stats(instance, store, table, request.query, { account, zone });
    return { reply, user, ...(ignored.length > 0 && { ignored }) };
  }
  const call: Call = { instance, store, request, account, zone, table, version };
  return { user, ...(id === undefined ? onTable(call) : onRecord(call, id)) };
}

function isForAdmins({ switches }: Instance, { roles }: Account, table: string): boolean {
  if (roles.includes('admin')) return false;
  return (table === 'sys_journal_field' && switches.journalAdminOnly) || (table === 'sys_audit_delete' && switches.auditDeleteAdminOnly);
}

function checkHeaders({ method, headers }: ApiRequest, strict: boolean): HttpReply | undefined {
  const { accept, 'content-type': type } = headers;
  const writes = !['GET', 'HEAD'].includes(method);
  if (strict && (accept === undefined || (writes && type === undefined)))
    return failure(400, 'Invalid header', `${accept === undefined ? 'Accept' : 'Content-Type'} header is required`);
  if (accept !== undefined && !/application\/json|\*\/\*|application\/\*/.test(accept))
    return failure(406, 'Invalid accept', `Accept header ${accept} is not supported`);
  if (writes && type !== undefined && !type.startsWith('application/json'))
    return failure(415, 'Unsupported media type', `Media type ${type} is not supported`);
  return undefined;
}

function onTable(call: Call): Omit<ApiOutcome, 'user'> {
  const { method } = call.request;
  if (method === 'GET' || method === 'HEAD') return list(call);
  if (method !== 'POST') return { reply: failure(405, 'Method not supported', null) };
  const body = parseBody(call.request.body);
  if (!body) return { reply: badBody() };
  const written = insertRecord(call.instance, writeAsk(call), body);
  return told(call, written, 201);
}

function onRecord(call: Call, id: string): Omit<ApiOutcome, 'user'> {
  const { method } = call.request;
  const row = seen(call, call.table.rows.get(id.toLowerCase()));
  if (!row) return { reply: noRecord() };
  if (method === 'GET' || method === 'HEAD') return { reply: result(shaped(call, call.table.definition)(row)) };
  const target: Call = { ...call, table: call.instance.store.table(definitionOf(call, row).name) ?? call.table };
  if (method === 'DELETE') {
    const outcome = deleteRecord(call.instance, writeAsk(target), row);
    return 'refused' in outcome ? { reply: outcome.refused } : { reply: text(204, ''), ...outcome };
  }
  if (method !== 'PATCH' && method !== 'PUT') return { reply: failure(405, 'Method not supported', null) };
  const body = parseBody(call.request.body);
  if (!body) return { reply: badBody() };
  return told(target, updateRecord(call.instance, writeAsk(target), row, body), 200);
}

function list(call: Call): Omit<ApiOutcome, 'user'> {
  const { instance, request, account, table, zone } = call;
  const { query } = request;
  const limit = positive(query.get('sysparm_limit')) ?? instance.switches.defaultLimit;
  const offset = Number(query.get('sysparm_offset') ?? '0');
  if (!(offset >= 0)) return { reply: failure(400, 'Invalid query parameter', 'sysparm_offset must not be negative') };
  const now = instance.clock.now();
  const caller = { userId: userIdOf(instance, account.user_name), userName: account.user_name, zone, now };
  const { store } = call;
  const { switches } = instance;
  const found = findRows(
    table,
    listQuery(query, table.definition),
    { offset, limit },
    { store, table: table.definition, caller, ...comparing(switches, account) },
    { returnsNoRows: switches.returnsNoRows, ...(switches.shuffleUnordered && { shuffle: () => instance.random.next() }) },
  );
  const allowed = table.definition.name === 'sys_user_has_role' ? roleRows(instance, account, found.rows) : found.rows;
  const rows = visibleRows(instance.access, store, askerOf(call), table.definition.name, allowed);
  const shape = shaped(call, table.definition);
  const link =
    query.get('sysparm_suppress_pagination_header') === 'true'
      ? undefined
      : linkHeader(request.baseUrl + request.path + request.search, { offset, limit, total: found.total }, switches.linkHeader);
  const headers = {
    ...(link !== undefined && { Link: link }),
    ...(query.get('sysparm_no_count') !== 'true' && switches.totalCount && { 'X-Total-Count': String(found.total) }),
  };
  const ignored = found.ignored.length > 0 ? { ignored: found.ignored } : {};
  if (found.total === 0 && call.version === 'v1')
    return { reply: { ...noRecord(), headers: { ...noRecord().headers, ...headers } }, ...ignored };
  return { reply: result(`[${rows.map(shape).join(',')}]`, 200, headers), ...ignored };
}

function told(call: Call, written: Written, status: number): Omit<ApiOutcome, 'user'> {
  if ('refused' in written) return { reply: written.refused };
  const { row, committed } = written;
  const { baseUrl, headers } = call.request;
  const name = call.table.definition.name;
  const location: Record<string, string> = status === 201 ? { Location: `${baseUrl}/api/now/table/${name}/${row.sys_id}` } : {};
  const body =
    headers['x-no-response-body'] === 'true'
      ? text(status, '', location)
      : result(shaped(call, call.table.definition)(row), status, location);
  return { reply: body, ...(committed && { committed }) };
}

const result = (content: string, status = 200, headers: Readonly<Record<string, string>> = {}): HttpReply =>
  text(status, `{"result":${content}}`, headers);

function shaped({ instance, store, request, account, zone }: Call, definition: TableDefinition): Shape {
  const { query, baseUrl } = request;
  const display = query.get('sysparm_display_value');
  const fields = query.get('sysparm_fields');
  return compileShape(store, definition, {
    display: display === 'true' || display === 'all' ? display : 'false',
    excludeLinks: query.get('sysparm_exclude_reference_link') === 'true',
    fields: fields ? fields.split(',').map((field) => field.trim()) : undefined,
    hidden: hiddenFields(instance.access, instance.store, { account, now: instance.clock.now() }, definition.name),
    baseUrl,
    zone,
    dateFormat: account.date_format ?? 'yyyy-MM-dd',
    now: instance.clock.now(),
  });
}

function seen(call: Call, row: Row | undefined): Row | undefined {
  const { instance, table } = call;
  return row && visibleRows(instance.access, instance.store, askerOf(call), table.definition.name, [row])[0];
}

const askerOf = ({ instance, account }: Call): Asker => ({ account, now: instance.clock.now() });

const definitionOf = ({ instance, table }: Call, row: Row): TableDefinition =>
  instance.store.dictionary.get(row['sys_class_name'] ?? '') ?? table.definition;

const writeAsk = ({ request, account, zone, table }: Call): WriteAsk => ({
  table: table.definition,
  account,
  zone,
  displayValues: request.query.get('sysparm_input_display_value') === 'true',
});

/** Of several records only the first is taken. Undefined when it is no JSON object. */
function parseBody(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === 'object' && first !== null ? { ...first } : undefined;
  } catch {
    return undefined;
  }
}

const badBody = (): HttpReply => failure(400, 'Exception while reading request', 'The payload is not valid JSON');

const positive = (value: string | null): number | undefined => {
  const number = Number(value);
  return value !== null && Number.isInteger(number) && number > 0 ? number : undefined;
};
