import { refuse } from '../answer.js';
import { documentOf, isDocument } from '../fields/adf.js';
import type { Parsed } from '../fields/parse.js';
import type { Json } from '../json.js';
import type { Sim } from '../sim.js';

/** `jira.text.field.character.limit` as it is installed. */
const limit = 32_767;
const tooLong = 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.';

/** A text field takes wiki text and nothing else. */
export function parseWiki(raw: Json): Parsed {
  if (typeof raw !== 'string') return { problem: 'Operation value must be a string' };
  if (raw.length > limit) return { problem: tooLong };
  return { value: raw === '' ? undefined : raw };
}

/** The body of a comment. */
export function readWikiComment(raw: Json | undefined): string {
  if (typeof raw !== 'string' || raw.trim() === '') return refuse(400, [], { comment: 'Comment body can not be empty!' });
  return raw.length > limit ? refuse(400, [], { comment: tooLong }) : raw;
}

/** Rich text that a person types, as this deployment stores it. */
export function richText(sim: Pick<Sim, 'deployment'>, raw: Json): Json {
  return typeof raw === 'string' && sim.deployment === 'cloud' && !isDocument(raw) ? documentOf(raw) : raw;
}
