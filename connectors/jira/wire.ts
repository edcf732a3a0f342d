import { type Json, type JsonObject, z } from 'golden-thread/kit';

/** The part of Jira's answers that the connector relies on. Everything else is let through unseen. */

const json = z.custom<Json>((value) => value !== undefined);
const object = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

/** Answers of which nothing is needed. */
export const anything = z.unknown();

/** Issues stay unchecked here: one that cannot be read is set aside alone. */
export const SearchAnswer = z.object({ issues: z.array(json).default([]), nextPageToken: z.string().nullish() });
export const BulkFetchAnswer = z.object({ issues: z.array(json).default([]) });
export const IssueAnswer = object;
export const CreatedAnswer = z.object({ id: z.string().regex(/^\d+$/), key: z.string() });

export const Myself = z.object({
  accountId: z.string().min(1),
  displayName: z.string().optional(),
  accountType: z.string().optional(),
  timeZone: z.string().optional(),
});
export const User = z.object({ accountId: z.string(), displayName: z.string().optional(), accountType: z.string().optional() });

export const FieldSchema = z.object({
  type: z.string(),
  items: z.string().optional(),
  system: z.string().optional(),
  custom: z.string().optional(),
});
export const Fields = z.array(
  z.object({ id: z.string(), name: z.string(), custom: z.boolean().default(false), schema: FieldSchema.optional() }),
);

export const AssignableUsers = z.array(z.object({ accountId: z.string().optional() }));
export const LinkTypes = z.object({
  issueLinkTypes: z.array(z.object({ id: z.string(), name: z.string(), inward: z.string(), outward: z.string() })),
});

export const ParsedJql = z.object({ queries: z.array(z.object({ errors: z.array(z.string()).default([]) })) });
export const Count = z.object({ count: z.int().min(0) });
export const Permissions = z.object({ permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })) });

const Status = z.object({
  id: z.string(),
  name: z.string(),
  statusCategory: z.object({ key: z.string() }).optional(),
});
export type Status = z.infer<typeof Status>;
export const Statuses = z.array(Status);

/** The statuses that the workflow of each issue type of a project has. */
export const TypeStatuses = z.array(z.object({ id: z.string(), name: z.string(), statuses: z.array(Status) }));

export const IssueTypes = z.object({
  total: z.int().optional(),
  issueTypes: z.array(z.object({ id: z.string(), name: z.string() })),
});

const AllowedValue = z.object({ id: z.string().optional(), name: z.string().optional(), value: z.string().optional() });
export type ScreenField = z.infer<typeof ScreenField>;
const ScreenField = z.object({
  fieldId: z.string(),
  name: z.string(),
  required: z.boolean().default(false),
  hasDefaultValue: z.boolean().default(false),
  schema: FieldSchema.optional(),
  allowedValues: z.array(AllowedValue).optional(),
});
export const ScreenFields = z
  .object({ total: z.int().optional(), fields: z.array(ScreenField).optional(), results: z.array(ScreenField).optional() })
  .transform(({ total, fields, results }) => ({ total, fields: fields ?? results ?? [] }));

const Transition = z.object({
  id: z.string(),
  name: z.string().default(''),
  to: Status,
  isAvailable: z.boolean().default(true),
  fields: z
    .record(
      z.string(),
      z.object({ required: z.boolean().default(false), hasDefaultValue: z.boolean().default(false), name: z.string().optional() }),
    )
    .optional(),
});
export type Transition = z.infer<typeof Transition>;
export const Transitions = z.object({ transitions: z.array(Transition) });

const Comment = z.object({
  id: z.string(),
  author: z.object({ accountId: z.string().optional() }).optional(),
  body: json.optional(),
});
export type Comment = z.infer<typeof Comment>;
export const OneComment = Comment;
export const Comments = z.object({ startAt: z.int().default(0), total: z.int().default(0), comments: z.array(Comment) });

const RemoteLinkRecord = z.object({
  globalId: z.string().optional(),
  relationship: z.string().nullish(),
  object: z.object({ url: z.string(), title: z.string() }),
});
/** An array, or with `globalId` the single record: both have been seen. */
export const RemoteLinks = z.union([z.array(RemoteLinkRecord), RemoteLinkRecord.transform((one) => [one])]);

/** An item names a property `toString`, which every object inherits: only own properties count. */
const ChangeItem = object.transform((item) => ({
  field: ownText(item, 'field') ?? '',
  fieldId: ownText(item, 'fieldId'),
  from: ownText(item, 'from'),
  fromText: ownText(item, 'fromString'),
  to: ownText(item, 'to'),
  toText: ownText(item, 'toString'),
}));
export type ChangeItem = z.infer<typeof ChangeItem>;

const History = z.object({
  id: z.string(),
  author: z.object({ accountId: z.string().optional(), displayName: z.string().optional(), accountType: z.string().optional() }).nullish(),
  created: z.union([z.string(), z.number()]),
  items: z.array(ChangeItem).default([]),
});
export type History = z.infer<typeof History>;
export const Changelog = z.object({
  startAt: z.int().default(0),
  total: z.int().optional(),
  isLast: z.boolean().optional(),
  values: z.array(History),
});

function ownText(item: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}
