import { z } from 'zod';
import type { Json } from '../kit/index.js';

/** What a mapping's `to:` can be besides a resource of a system. */
export const kinds = ['improvement-input', 'change', 'decision', 'register-entry'] as const;

const streamName = z
  .string()
  .regex(
    /^(improvement|[a-z][a-z0-9-]*\.[a-z][a-z0-9_-]*)$/,
    'expected a connector and its stream, such as servicenow.incident, or improvement',
  );
const resource = z.string().regex(/^(improvement-input|change|decision|register-entry|[a-z][a-z0-9-]*\.[a-z][a-z0-9_-]*)$/, {
  error: `expected ${kinds.join(', ')}, or a connector and what it writes, such as jira.issue`,
});
const formula = z.string().regex(/^=/, 'expected a formula, which starts with =');

const literal: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(literal), z.record(z.string(), literal)]),
);

/** A link that the record shows: this record --as--> that record. */
const Link = z.strictObject({
  as: z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'expected lower-case words joined by hyphens, such as caused-by'),
  to: z.string().regex(/^[a-z0-9][a-z0-9-]*\.[a-z][a-z0-9_-]*$/, 'expected a system and its stream, such as servicenow.change_request'),
  key: formula,
  when: formula.optional(),
});

/** A mapping file as written. */
export type MappingFile = z.infer<typeof MappingFile>;
export const MappingFile = z.strictObject({
  from: streamName,
  to: resource,
  description: z.string().min(1, 'expected a sentence: what this mapping is for'),
  when: formula.optional(),
  tables: z.record(z.string(), z.record(z.string(), literal)).default({}),
  fields: z.record(z.string(), literal),
  links: z.array(Link).default([]),
});
