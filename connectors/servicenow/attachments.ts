import { type Attachment, type HttpClient, isFailure, type JsonObject, Failure } from 'golden-thread/kit';
import { columnText } from './column-text.js';
import { isObject } from './meaning.js';
import { condition, isPlainKey } from './query.js';
import { cleanText, parseInstant } from './value.js';

const base = '/api/now/v1/attachment';
/** Contents larger than this are listed without a digest of ours. */
const mostBytes = 25 * 1024 * 1024;
/** Files of one record whose content is read. */
const mostRead = 50;
const mostListed = 500;

/**
 * The files at one record (Attachment API), oldest first. Each content is read once, streamed, for its SHA-256: the `hash` in the metadata is what the
 * instance says, not what the file is. `wanted`: only files with such a name. Undefined where the account may not read attachments.
 */
export async function attachmentsOf(
  http: HttpClient,
  sysId: string,
  signal: AbortSignal | undefined,
  wanted: (name: string) => boolean = () => true,
): Promise<readonly Attachment[] | undefined> {
  if (!isPlainKey(sysId)) throw new Failure('record', `${JSON.stringify(sysId.slice(0, 60))} is not a sys_id`);
  let rows: readonly JsonObject[];
  try {
    rows = await list(http, sysId, signal);
  } catch (error) {
    if (isFailure(error) && error.kind === 'config') return undefined;
    throw error;
  }
  const attachments: Attachment[] = [];
  for (const row of rows.filter((one) => wanted(columnText(one, 'file_name'))))
    attachments.push(await read(http, row, attachments.length < mostRead, signal));
  return attachments;
}

async function list(http: HttpClient, sysId: string, signal: AbortSignal | undefined): Promise<readonly JsonObject[]> {
  const answer = await http.request({
    method: 'GET',
    path: base,
    route: base,
    query: { sysparm_query: `${condition('table_sys_id', '=', sysId)}^ORDERBYsys_created_on^ORDERBYsys_id`, sysparm_limit: mostListed },
    ...(signal && { signal }),
  });
  const result = isObject(answer.body) ? answer.body['result'] : undefined;
  if (!Array.isArray(result)) throw new Failure('contract', 'ServiceNow answered a list of attachments with something that is no list');
  // The condition is dropped where it is not understood; then the files belong to other records.
  return result.filter((row): row is JsonObject => isObject(row) && row['table_sys_id'] === sysId && isPlainKey(columnText(row, 'sys_id')));
}

async function read(http: HttpClient, row: JsonObject, withContent: boolean, signal: AbortSignal | undefined): Promise<Attachment> {
  const id = columnText(row, 'sys_id');
  const size = Number(columnText(row, 'size_bytes'));
  const plain = {
    id,
    name: cleanText(columnText(row, 'file_name')),
    type: cleanText(columnText(row, 'content_type')),
    bytes: Number.isSafeInteger(size) ? size : 0,
    at: parseInstant(columnText(row, 'sys_created_on')) ?? '',
    by: cleanText(columnText(row, 'sys_created_by')),
  };
  if (!withContent) return { ...plain, problem: `not read: the record has more than ${mostRead} files` };
  if (plain.bytes > mostBytes) return { ...plain, problem: `not read: larger than ${mostBytes / 1024 / 1024} MiB` };
  try {
    const { digest } = await http.request({
      method: 'GET',
      path: `${base}/${encodeURIComponent(id)}/file`,
      route: `${base}/{sys_id}/file`,
      digestUpTo: mostBytes,
      ...(signal && { signal }),
    });
    if (digest === undefined) return { ...plain, problem: 'not read: the instance answered without a content' };
    const said = columnText(row, 'hash');
    const differs = /^[0-9a-f]{64}$/i.test(said) && said.toLowerCase() !== digest.sha256;
    return { ...plain, sha256: digest.sha256, ...(differs && { problem: `the instance says that its SHA-256 is ${said.toLowerCase()}` }) };
  } catch (error) {
    if (isFailure(error) && (error.kind === 'config' || error.kind === 'record'))
      return { ...plain, problem: `not read: ${error.message}` };
    throw error;
  }
}
