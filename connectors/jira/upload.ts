import { createHash } from 'node:crypto';
import type { FileToAttach, z } from 'golden-thread/kit';

/** The body of a form with one file, as Jira takes it: part `file`. The boundary is a hash of the content, so that it cannot stand inside. */
export function formOf({ name, mediaType, bytes }: FileToAttach): { readonly type: string; readonly bytes: Uint8Array } {
  const boundary = `golden-thread-${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`;
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name.replace(/[^\w.-]/g, '_')}"\r\ncontent-type: ${mediaType}\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

/** What Jira wants to see beside a form: it takes one without this for a forged one (XSRF). */
export const uploadHeaders = { 'x-atlassian-token': 'no-check' } as const;

/** What a client that uploads is asked for. */
export interface Upload<T> {
  /** Id of the issue. */
  readonly issue: string;
  readonly file: FileToAttach;
  readonly answer: z.ZodType<T>;
  readonly signal?: AbortSignal;
}
