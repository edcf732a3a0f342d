/** A `sys_rate_limit_rules` row: at most `limit` requests in each window of the virtual clock. */
export interface RateLimitRule {
  readonly limit: number;
  readonly per: 'second' | 'hour';
  /** Only for this user name; else for everybody, each counted alone. */
  readonly user?: string;
}

/**
 * What no source could confirm, or what differs from instance to instance. The defaults are what the documentation says,
 * or else what is hardest for a client. README.md says which is which.
 */
export interface Switches {
  /** The instance gives new records a sys_id of its own, whatever the client sent. */
  readonly ignoreClientSysId: boolean;
  /** `glide.invalid_query.returns_no_rows`: an invalid condition gives no rows instead of being dropped. */
  readonly returnsNoRows: boolean;
  /** Rows come in another order with each request that has no ORDERBY. */
  readonly shuffleUnordered: boolean;
  /** Values in a query are compared with their case. `sys_id` never is. */
  readonly caseSensitive: boolean;
  /** `=` on a date-time compares to the second; else such a condition is invalid. */
  readonly dateEquals: boolean;
  /** `always`: a page has `first`, `prev` (perhaps with a negative offset) and `last`. `applicable`: only what leads somewhere, nothing for a single page. */
  readonly linkHeader: 'always' | 'applicable';
  /** Missing `Accept` or `Content-Type` is refused with 400. */
  readonly strictHeaders: boolean;
  /** Longer request targets are refused with 414; 0 = no limit. */
  readonly maxUrlLength: number;
  /** `sysparm_limit` where none is given. */
  readonly defaultLimit: number;
  /** Text beyond the field's length. */
  readonly overlongText: 'truncate' | 'reject';
  /** A step that the change model does not allow. */
  readonly illegalChangeState: 'forbid' | 'ignore';
  /** A state written to a problem. */
  readonly problemState: 'forbid' | 'ignore';
  /** Until asynchronous business rules touch a task that was written through the API, in virtual milliseconds; null = never. */
  readonly touchBackMs: number | null;
  /** HTTP status of the second insert of one sys_id. */
  readonly duplicateSysIdStatus: number;
  /** HTTP status for a path that is no resource. */
  readonly unknownUriStatus: number;
  /** `sys_journal_field` is readable for admins only. */
  readonly journalAdminOnly: boolean;
  /** `sys_audit_delete` is readable for admins only. */
  readonly auditDeleteAdminOnly: boolean;
  /** Tables whose plugin is not installed: `Invalid table`. */
  readonly absentTables: readonly string[];
  /** By how many virtual milliseconds lists and counts lag behind what was written; single records are always current. */
  readonly replicaLagMs: number;
  /** Query ACLs (`query_range`) let accounts that are no admins compare by range; else such a condition is dropped. */
  readonly rangeQueries: boolean;
  /** Answers of the Table API carry `X-Total-Count`. */
  readonly totalCount: boolean;
  /** The breach of an SLA moves `sys_updated_on` of its row; else only `has_breached` changes. */
  readonly breachMovesStamp: boolean;
  /** Fields that a data policy makes mandatory in new records, by table. */
  readonly dataPolicies: Readonly<Record<string, readonly string[]>>;
  /** Values that a business rule puts in place of what was sent, by table. */
  readonly rewrites: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Name of a business rule that refuses every write, by table. */
  readonly aborts: Readonly<Record<string, string>>;
  /** Whose rows of `sys_user_has_role` somebody who is no admin sees: nobody's, only its own, everybody's. */
  readonly rolesReadable: 'none' | 'own' | 'all';
  /** The Change Management API is there. */
  readonly changeApi: boolean;
  /** It takes over a client's sys_id. */
  readonly changeApiHonoursSysId: boolean;
  /** It takes over `correlation_id` when a standard change is made from a template. */
  readonly changeApiKeepsCorrelation: boolean;
  /** `glide.attachment.extensions`: file types that may be attached; null = all. */
  readonly attachmentExtensions: readonly string[] | null;
  /** `com.glide.attachment.max_size` */
  readonly attachmentMaxBytes: number;
  /** A refresh token is good once: each answer brings the next one. */
  readonly rotateRefreshTokens: boolean;
  /** What `aud` of an assertion must be: the address of /oauth_token.do (documented), or the client id. */
  readonly jwtAudience: 'token-endpoint' | 'client-id';
  /** After so many wrong passwords in a row an account is locked; null = never. */
  readonly lockOutAfter: number | null;
  readonly rateLimit: RateLimitRule | null;
  /** By how much the `Date` header is off the clock that stamps the rows. */
  readonly dateHeaderSkewMs: number;
  /** Real milliseconds that each request takes. */
  readonly latencyMs: number;
  /** `API_INT`: so many requests at a time, so many may wait, more are refused with 429 and no headers. Felt only with a latency. null = no limit. */
  readonly semaphores: { readonly size: number; readonly queue: number } | null;
  /** Requests that send the session cookie back are served one after the other; of more than so many waiting the last is dropped with 202. */
  readonly sessionQueue: number;
}

export const defaultSwitches: Switches = {
  ignoreClientSysId: false,
  returnsNoRows: false,
  shuffleUnordered: false,
  caseSensitive: true,
  dateEquals: true,
  linkHeader: 'always',
  strictHeaders: true,
  maxUrlLength: 2048,
  defaultLimit: 10_000,
  overlongText: 'truncate',
  illegalChangeState: 'forbid',
  problemState: 'forbid',
  touchBackMs: 3_000,
  duplicateSysIdStatus: 403,
  unknownUriStatus: 400,
  journalAdminOnly: false,
  auditDeleteAdminOnly: true,
  absentTables: [],
  replicaLagMs: 0,
  rangeQueries: true,
  totalCount: true,
  breachMovesStamp: false,
  dataPolicies: {},
  rewrites: {},
  aborts: {},
  rolesReadable: 'none',
  changeApi: true,
  changeApiHonoursSysId: false,
  changeApiKeepsCorrelation: true,
  attachmentExtensions: null,
  attachmentMaxBytes: 1024 * 1024 * 1024,
  rotateRefreshTokens: false,
  jwtAudience: 'token-endpoint',
  lockOutAfter: null,
  rateLimit: null,
  dateHeaderSkewMs: 0,
  latencyMs: 0,
  semaphores: { size: 4, queue: 50 },
  sessionQueue: 10,
};
