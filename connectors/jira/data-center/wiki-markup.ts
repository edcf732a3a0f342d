import type { Json } from 'golden-thread/kit';
import type { Markup } from '../markup.js';
import { fromWiki } from './wiki-read.js';
import { toWiki } from './wiki-write.js';

/** Wiki text (REST v2 of Data Center takes and gives nothing else). */
export const wikiMarkup: Markup = Object.freeze({
  write: (text: string, origins: ReadonlySet<string>, last?: string) => toWiki(text, { origins, ...(last !== undefined && { last }) }),
  read: (raw: Json | undefined) => (typeof raw === 'string' ? fromWiki(raw) : ''),
});
