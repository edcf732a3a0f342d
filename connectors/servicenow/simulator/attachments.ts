import { createHash } from 'node:crypto';
import { isForbidden, visibleRows } from './access.js';
import type { Account } from './accounts.js';
import type { Instance } from './instance.js';
import { listQuery } from './list-query.js';
import { findRows, plainContext } from './query/run.js';
import { newRow } from './records.js';
import { type HttpReply, failure, json, noRecord, text } from './replies.js';
import type { Row } from './store.js';
import type { ApiOutcome, ApiRequest } from './table-api.js';

const table = 'sys_attachment';

/** `GET /api/now/attachment`, `GET …/{id}`, `GET …/{id}/file`; undefined for another path. Who may not see the record may not see its attachments. */
export function attachmentApi(instance: Instance, request: ApiRequest, account: Account): Omit<ApiOutcome, 'user'> | undefined {
  const match = /^\/api\/now(?:\/v1)?\/attachment(?:\/([^/]+))?(\/file)?\/?$/.exec(request.path);
  if (!match || request.method !== 'GET') return undefined;
  if (isForbidden(instance.access, instance.store, { account, now: instance.clock.now() }, table))
    return { reply: failure(403, 'User Not Authorized', 'Failed API level ACL Validation') };
  const [, id, file] = match;
  if (id === undefined) return { reply: list(instance, request, account) };
  const row = instance.store.get(table, id);
  if (!row || !mayRead(instance, account, row)) return { reply: noRecord() };
  return { reply: file === undefined ? json(200, { result: row }) : content(instance, row) };
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
  const bytes = contents.get(row.sys_id) ?? '';
  return text(200, bytes, {
    'Content-Type': row['content_type'] ?? 'application/octet-stream',
    'Content-Disposition': `attachment; filename*=UTF-8''file`,
  });
}

/** Attaches text to a record, as a person would. `hash`: another digest than the content's, for an instance whose metadata cannot be believed. */
export function attach(
  instance: Instance,
  owner: { readonly table: string; readonly sysId: string },
  file: { readonly name: string; readonly type?: string; readonly content: string; readonly hash?: string; readonly by?: string },
): Row {
  if (!instance.store.get(owner.table, owner.sysId)) throw new Error(`there is no ${owner.table} ${owner.sysId}`);
  const values = {
    table_name: owner.table,
    table_sys_id: owner.sysId,
    file_name: file.name,
    content_type: file.type ?? 'text/plain',
    size_bytes: String(Buffer.byteLength(file.content)),
    hash: file.hash ?? createHash('sha256').update(file.content).digest('hex'),
    state: 'available',
  };
  const row = newRow(instance, table, values, file.by ?? 'change.manager');
  instance.store.put(table, row);
  instance.contents.set(row.sys_id, file.content);
  return row;
}
