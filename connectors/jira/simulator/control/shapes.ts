import type { Json, JsonObject } from '../json.js';
import type { IssueType, Named, Person, Project } from '../world/types.js';

/** Now on the virtual clock, and whether it runs. */
export interface ClockState {
  /** ISO 8601. */
  readonly now: string;
  readonly rate: 0 | 1;
}

/**
 * An issue as a person fills it in: people, fields, options, priorities and components by id or by name, documents as text or ADF.
 * Screens and required fields are not enforced.
 */
export interface NewIssue {
  /** Project key. */
  readonly project: string;
  /** Name or id; the project's first type when left out. */
  readonly type?: string;
  readonly summary?: string;
  readonly description?: string | JsonObject;
  /** Name or id; the workflow's first status when left out. */
  readonly status?: string;
  /** More fields by id or name: `{"Severity": "Major", "labels": ["a"]}`. */
  readonly fields?: JsonObject;
  readonly properties?: JsonObject;
  /** ISO 8601; the virtual now when left out. */
  readonly created?: string;
  readonly updated?: string;
  /** When search sees it, instead of the index lag of the switches. */
  readonly visibleInMs?: number;
}

/** How a person edits an issue. `by` is an account id, e-mail or display name. */
export interface PersonEdit {
  readonly fields?: JsonObject;
  readonly by: string;
  /** Text or ADF. */
  readonly comment?: string | JsonObject;
  readonly visibleInMs?: number;
}

/** How a person moves an issue along its workflow. */
export interface PersonMove {
  /** Status name or id. */
  readonly to: string;
  readonly by: string;
  readonly fields?: JsonObject;
  readonly comment?: string | JsonObject;
  /** Whether the workflow and required fields are ignored. */
  readonly force?: boolean;
}

/** One issue with everything there is about it: for assertions, whoever may see it. */
export interface RawIssue {
  readonly id: string;
  readonly key: string;
  readonly project: string;
  readonly type: string;
  readonly status: string;
  readonly summary: string;
  /** ISO 8601. */
  readonly created: string;
  readonly updated: string;
  readonly deletedAt?: string;
  readonly hiddenFrom: readonly string[];
  readonly formerKeys: readonly string[];
  /** As stored, by field id. */
  readonly values: JsonObject;
  /** As GET shows them to our bot's eyes in UTC, by field id. */
  readonly fields: JsonObject;
  readonly labels: readonly string[];
  readonly properties: JsonObject;
  readonly remoteLinks: readonly Json[];
  readonly links: readonly Json[];
  readonly comments: readonly Json[];
  readonly attachments: readonly { readonly name: string; readonly base64: string }[];
  readonly changelog: readonly Json[];
}

/** The site's configuration, tokens included. */
export interface WorldState {
  readonly people: readonly Person[];
  readonly projects: readonly Project[];
  readonly statuses: readonly (Named & { readonly category: string })[];
  readonly fields: readonly { readonly id: string; readonly name: string; readonly kind: string }[];
}

/** A change of one type's screens; what is left out stays. */
export interface ScreenChange {
  readonly project: string;
  readonly type: string;
  readonly create?: IssueType['createScreen'];
  readonly edit?: IssueType['editScreen'];
  readonly required?: IssueType['required'];
}

/** A validator on the transitions of this name: without a value in the field they are refused with the message. */
export interface ValidatorChange {
  readonly project: string;
  readonly type: string;
  readonly transition: string;
  /** Field id. */
  readonly field: string;
  readonly message: string;
}
