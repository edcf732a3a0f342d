import { createHash } from 'node:crypto';
import { isForbidden, visibleRows } from './access.js';
import type { Account } from './accounts.js';
import type { Instance } from './instance.js';
import { listQuery } from './list-query.js';
import { findRows, plainContext } from './query/run.js';
import { newRow } from './records.js';
import { type HttpReply, aclRefused, failure, json, noRecord, text } from './replies.js';
import type { Row } from './store.js';
import type { ApiOutcome, ApiRequest } from './table-api.js';

const table = 'sys_attachment';

/** `GET /api/now/attachment`, `GET …/{id}`, `GET …/{id}/file`, `POST …/file`; undefined for another path. Who may not see the record may not see its attachments. */
export function attachmentApi(instance: Instance, request: ApiRequest, account: Account): Omit<ApiOutcome, 'user'> | undefined {
  const match = /^\/api\/now(?:\/v1)?\/attachment(?:\/([^/]+))?(\/file)?\/?$/.exec(request.path);
  if (request.path === '/api/now/attachment/file' && request.method === 'POST') return upload(instance, request, account);
  if (!match || request.method !== 'GET') return undefined;
  if (isForbidden(instance.access, instance.store, { account, now: instance.clock.now() }, table))
    return { reply: failure(403, 'User Not Authorized', 'Failed API level ACL Validation') };
  const [, id, file] = match;
  if (id === undefined) return { reply: list(instance, request, account) };
  const row = instance.store.get(table, id);
  if (!row || !mayRead(instance, account, row)) return { reply: noRecord() };
  return { reply: file === undefined ? json(200, { result: row }) : content(instance, row) };
}

/**
 * The body as it is becomes a file at the record that the query names; the same again becomes another one. Who may not write the record may not attach.
 * Which envelope a refusal of `glide.attachment.extensions` and of `com.glide.attachment.max_size` comes in is unverified.
 */
function upload(instance: Instance, request: ApiRequest, account: Account): Omit<ApiOutcome, 'user'> {
  const [owner, sysId, name] = ['table_name', 'table_sys_id', 'file_name'].map((one) => request.query.get(one) ?? '');
  if (!owner || !sysId || !name)
    return { reply: failure(400, 'Missing required parameter', 'table_name, table_sys_id and file_name are required') };
  const record = instance.store.get(owner, sysId);
  if (!record) return { reply: failure(404, 'Record not found', `${owner} ${sysId}`) };
  const { roles } = account;
  if (roles.includes('snc_read_only') || !(roles.includes('itil') || roles.includes('admin'))) return { reply: aclRefused('Insert') };
  const asker = { account, now: instance.clock.now() };
  if (isForbidden(instance.access, instance.store, asker, table)) return { reply: aclRefused('Insert') };
  const { attachmentExtensions, attachmentMaxBytes } = instance.switches;
  const extension = name.split('.').at(-1)?.toLowerCase() ?? '';
  if (attachmentExtensions !== null && !attachmentExtensions.includes(extension))
    return { reply: failure(400, 'Invalid file type', `File type is not allowed or file is empty: ${extension}`) };
  if (request.bytes.length > attachmentMaxBytes)
    return { reply: failure(413, 'File too large', `Max allowed: ${attachmentMaxBytes} bytes`) };
  const type = String(request.headers['content-type'] ?? 'application/octet-stream');
  const row = attach(instance, { table: owner, sysId }, { name, type, content: request.bytes, by: account.user_name });
  return { reply: json(201, { result: row }), committed: { table, sys_id: row.sys_id, op: 'insert' } };
}

function list(instance: Instance, request: ApiRequest, account: Account): HttpReply {
  const rows = instance.store.table(table);
  if (!rows) return json(200, { result: [] });
  const limit = Number(request.query.get('sysparm_limit') ?? '1000');
  const offset = Number(request.query.get('sysparm_offset') ?? '0');
  const found = findRows(
    rows,
    listQuery(request.query, rows.definition),
    { offset, limit },
    plainContext(instance.store, rows, instance.clock.now()),
    {
      returnsNoRows: false,
    },
  );
  return json(200, { result: found.rows.filter((row) => mayRead(instance, account, row)) }, { 'X-Total-Count': String(found.total) });
}

function mayRead(instance: Instance, account: Account, row: Row): boolean {
  const owner = instance.store.get(row['table_name'] ?? '', row['table_sys_id'] ?? '');
  if (!owner) return false;
  const name = row['table_name'] ?? '';
  return visibleRows(instance.access, instance.store, { account, now: instance.clock.now() }, name, [owner]).length === 1;
}

function content({ contents }: Instance, row: Row): HttpReply {
  const bytes = contents.get(row.sys_id) ?? Buffer.alloc(0);
  const reply = text(200, bytes.toString('utf8'), {
    'Content-Type': row['content_type'] ?? 'application/octet-stream',
    'Content-Disposition': `attachment; filename*=UTF-8''file`,
  });
  return { ...reply, bytes };
}

/** Attaches a file to a record, as a person would. `hash`: another digest than the content's, for an instance whose metadata cannot be believed. */
export function attach(
  instance: Instance,
  owner: { readonly table: string; readonly sysId: string },
  file: {
    readonly name: string;
    readonly type?: string;
    readonly content: string | Uint8Array;
    readonly hash?: string;
    readonly by?: string;
  },
): Row {
  if (!instance.store.get(owner.table, owner.sysId)) throw new Error(`there is no ${owner.table} ${owner.sysId}`);
  const content = Buffer.from(file.content as string);
  const values = {
    table_name: owner.table,
    table_sys_id: owner.sysId,
    file_name: file.name,
    content_type: file.type ?? 'text/plain',
    size_bytes: String(content.length),
    hash: file.hash ?? createHash('sha256').update(content).digest('hex'),
    state: 'available',
  };
  const row = newRow(instance, table, values, file.by ?? 'change.manager');
  instance.store.put(table, row);
  instance.contents.set(row.sys_id, content);
  return row;
}

/** The files at a record with their contents in base64, whoever may see them. */
export function filesAt(
  { store, contents }: Instance,
  owner: { readonly table: string; readonly sysId: string },
): readonly { readonly name: string; readonly base64: string }[] {
  const rows = [...(store.table(table)?.rows.values() ?? [])];
  return rows
    .filter((row) => row['table_name'] === owner.table && row['table_sys_id'] === owner.sysId)
    .map((row) => ({ name: row['file_name'] ?? '', base64: (contents.get(row.sys_id) ?? Buffer.alloc(0)).toString('base64') }));
}
