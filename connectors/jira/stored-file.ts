import { type Attachment, z } from 'golden-thread/kit';
import { instantOf } from './plain.js';
import { oneLine } from './text.js';

/** A file as the field `attachment` and the answer to an upload show it. `content` is where people get it. */
export const StoredFile = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  filename: z.string(),
  size: z.number().default(0),
  mimeType: z.string().default(''),
  created: z.union([z.string(), z.number()]).default(''),
  author: z.object({ accountId: z.string().optional(), displayName: z.string().optional() }).nullish(),
  content: z.string().optional(),
});
export type StoredFile = z.infer<typeof StoredFile>;

/** The same in our words, on one line each. By the account's id: a name that is changed later would make another file of it. `at` is empty where Jira does not tell. */
export function toldOf({ id, filename, size, mimeType, created, author }: StoredFile): Attachment {
  return {
    id,
    name: oneLine(filename),
    type: oneLine(mimeType),
    bytes: size,
    at: created === '' ? '' : (instantOf(created) ?? ''),
    by: oneLine(author?.accountId ?? author?.displayName ?? ''),
  };
}
