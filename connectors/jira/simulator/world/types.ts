/** Somebody, or something, with an account on the site. */
export interface Person {
  readonly accountId: string;
  readonly displayName: string;
  /** Used to sign in; never shown to others, as the profile's privacy default has it. */
  readonly email: string;
  /** The API token; also accepted as a bearer token. */
  readonly token: string;
  readonly active: boolean;
  readonly accountType: 'atlassian' | 'app';
  /** IANA name. */
  readonly timeZone: string;
  /** Permission keys that the person lacks everywhere: `EDIT_ISSUES`. */
  readonly deny: readonly string[];
  /** Project keys that the person may not browse. */
  readonly blind: readonly string[];
}

/** How a field's values look and behave. */
export type FieldKind =
  | 'summary'
  | 'text'
  | 'adf'
  | 'labels'
  | 'priority'
  | 'user'
  | 'select'
  | 'number'
  | 'date'
  | 'parent'
  | 'components'
  | 'resolution'
  | 'security'
  | 'project'
  | 'issuetype'
  | 'status'
  | 'stamp'
  | 'datetime'
  | 'sla'
  | 'given'
  | 'links'
  | 'attachments'
  | 'comments';

/** An allowed value with an id: option, priority, component. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** One field of the site. */
export interface Field {
  /** `summary`, `customfield_10050`. */
  readonly id: string;
  readonly name: string;
  readonly kind: FieldKind;
  readonly options?: readonly Named[];
  /** Of fields that an app brings: what `/field` says about it beside its id. `given` values are kept and shown as they came. */
  readonly schema?: { readonly type: string; readonly items?: string; readonly custom: string };
  readonly sla?: Sla;
}

/** A service level target: runs from creation, and again after a reopening. Durations in milliseconds of every hour of the day. */
export interface Sla {
  readonly projects: readonly string[];
  readonly goalMs: number;
  /** By priority id. */
  readonly goalByPriority?: Readonly<Record<string, number>>;
  /** It stops in a status of these categories. */
  readonly stops: readonly Status['category'][];
  /** It pauses in these statuses. */
  readonly pauses: readonly string[];
}

/** One status of the site; projects share statuses by id. */
export interface Status extends Named {
  readonly category: 'new' | 'indeterminate' | 'done';
}

/** One edge of a workflow. */
export interface Transition extends Named {
  /** Status ids that it leaves from. */
  readonly from: readonly string[];
  readonly to: string;
  /** Field id -> required, for the fields on its screen; none when it has no screen. */
  readonly screen?: Readonly<Record<string, boolean>>;
  /** Refuses the step while the field is empty; the client learns of it by the refusal alone. */
  readonly validator?: { readonly field: string; readonly message: string };
  /** Resolution id that a post function sets when the screen did not. */
  readonly resolves?: string;
}

/** One issue type of one project, with its screens and workflow. */
export interface IssueType extends Named {
  readonly initialStatus: string;
  /** Status ids in use. */
  readonly statuses: readonly string[];
  readonly transitions: readonly Transition[];
  readonly createScreen: readonly string[];
  readonly editScreen: readonly string[];
  /** Fields that the field configuration requires. */
  readonly required: readonly string[];
}

export interface Project extends Named {
  readonly key: string;
  /** Default software. */
  readonly kind?: 'software' | 'service_desk';
  readonly lead: string;
  readonly types: readonly IssueType[];
  readonly components: readonly Named[];
}

/** A kind of link between issues, named in both directions. */
export interface LinkType extends Named {
  readonly inward: string;
  readonly outward: string;
}

/** Who sees an issue of this security level. */
export interface SecurityLevel extends Named {
  readonly members: readonly string[];
}

/** The site's configuration. Lists are replaced, never changed in place. */
export interface World {
  people: readonly Person[];
  fields: readonly Field[];
  statuses: readonly Status[];
  priorities: readonly Named[];
  resolutions: readonly Named[];
  linkTypes: readonly LinkType[];
  securityLevels: readonly SecurityLevel[];
  projects: readonly Project[];
}
