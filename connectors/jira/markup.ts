import type { Json, JsonObject } from 'golden-thread/kit';
import { canonical, fromAdf, isAdf } from './adf-read.js';
import { richTextLimit, toAdf } from './adf-write.js';

/** How a Jira holds rich text: Cloud as documents, Data Center as wiki text. Either way it is the same plain text to the product. */
export interface Markup {
  /**
   * Plain text as Jira takes it, safe and below its limit; addresses become links where their origin is allowed.
   * `last` is a paragraph of its own at the end, kept whole whatever is cut before it.
   */
  write(text: string, origins: ReadonlySet<string>, last?: string): Json;
  /** What Jira holds, as plain text; of nothing the empty text. */
  read(raw: Json | undefined): string;
}

/** Kept free for the last paragraph, as JSON. */
const roomForLast = 1000;

/** Atlassian documents (REST v3). */
export const adfMarkup: Markup = Object.freeze({
  write(text: string, origins: ReadonlySet<string>, last?: string) {
    if (last === undefined) return toAdf(text, origins);
    const document = toAdf(text, origins, richTextLimit - roomForLast);
    const content = document['content'];
    return {
      ...document,
      content: [...(Array.isArray(content) ? (content as readonly JsonObject[]).filter(notEmpty) : []), ...paragraphOf(last)],
    };
  },
  read: (raw: Json | undefined) => (isAdf(raw) ? fromAdf(raw) : typeof raw === 'string' ? canonical(raw) : ''),
});

function notEmpty(node: JsonObject): boolean {
  return !Array.isArray(node['content']) || node['content'].length > 0;
}

function paragraphOf(line: string): JsonObject[] {
  return line === '' ? [] : [{ type: 'paragraph', content: [{ type: 'text', text: line }] }];
}
