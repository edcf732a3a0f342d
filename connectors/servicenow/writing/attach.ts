import { createHash } from 'node:crypto';
import { type Attachment, Failure, type FileToAttach, type HttpClient, isFailure, withDetails } from 'golden-thread/kit';
import { attachmentsOf } from '../attachments.js';

const path = '/api/now/attachment/file';

/**
 * Puts a file at a record once (Attachment API, `POST /api/now/attachment/file`). The API knows no key of ours and takes the same file any number of
 * times, so the files that are there are listed first, and the name tells. What was sent is read back whole: the SHA-256 of the content must be that of
 * what was sent.
 */
export async function attachOnce(
  { reads, writes }: { readonly reads: HttpClient; readonly writes: HttpClient },
  target: { readonly table: string; readonly sysId: string },
  file: FileToAttach,
  signal: AbortSignal | undefined,
): Promise<Attachment> {
  const there = await find(reads, target.sysId, file, signal).catch((error: unknown) => {
    throw isFailure(error) ? withDetails(error, { committed: 'no' }) : error;
  });
  if (there !== undefined) return there;
  await writes.request({
    method: 'POST',
    path,
    route: path,
    query: { table_name: target.table, table_sys_id: target.sysId, file_name: file.name },
    headers: { 'content-type': file.mediaType },
    bytes: file.bytes,
    idempotent: false,
    ...(signal && { signal }),
  });
  const made = await find(reads, target.sysId, file, signal).catch((error: unknown) => {
    throw isFailure(error) ? withDetails(error, { committed: 'maybe' }) : error;
  });
  if (made === undefined)
    throw new Failure('conflict', 'the file was accepted and is not at the record', {
      committed: 'maybe',
      hint: 'a virus scan or a business rule may have removed it: see sys_attachment',
    });
  if (made.sha256 !== undefined && made.sha256 !== createHash('sha256').update(file.bytes).digest('hex'))
    throw new Failure('record', `${file.name} does not hold what was sent`, {
      committed: 'maybe',
      hint: 'see what rewrites attachments on this instance',
    });
  return made;
}

async function find(
  reads: HttpClient,
  sysId: string,
  { marker }: FileToAttach,
  signal: AbortSignal | undefined,
): Promise<Attachment | undefined> {
  const all = await attachmentsOf(reads, sysId, signal, (name) => name.includes(marker));
  if (all === undefined)
    throw new Failure('record', 'attachments cannot be looked up, so none is made', {
      hint: 'let the writing account read sys_attachment of the records that it writes',
    });
  return all[0];
}
