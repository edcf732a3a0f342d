/** What is sent back. `drop` and `hang` are what a network does. */
export type Reply =
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly bytes?: Buffer;
    }
  | { readonly kind: 'drop' }
  | { readonly kind: 'hang' };

/** An answer that arrives. */
export type HttpReply = Extract<Reply, { kind: 'http' }>;

/** A JSON answer with its media type as instances spell it. */
export const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpReply =>
  text(status, JSON.stringify(body), headers);

/** An answer with this very text; JSON unless `headers` say otherwise. */
export const text = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpReply => ({
  kind: 'http',
  status,
  headers: { 'Content-Type': 'application/json;charset=UTF-8', ...headers },
  body,
});

/** The Table API's own envelope. */
export const failure = (
  status: number,
  message: string,
  detail: string | null,
  headers: Readonly<Record<string, string>> = {},
): HttpReply => json(status, { error: { message, detail }, status: 'failure' }, headers);

/** Not there, or not for this caller: the instance does not tell which. */
export const noRecord = (): HttpReply => failure(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");
/** 400, not 404: the path is a resource, the table is not. */
export const invalidTable = (table: string): HttpReply => failure(400, `Invalid table ${table}`, null);
/** Wrong password, unknown token and expired token look the same. */
export const unauthenticated = (): HttpReply =>
  failure(401, 'User is not authenticated', 'Required to provide Auth information', { 'WWW-Authenticate': 'BASIC realm="Service-now"' });
/** The account's roles do not allow the write. */
export const aclRefused = (operation: 'Insert' | 'Update' | 'Delete'): HttpReply =>
  failure(403, 'Operation Failed', `ACL Exception ${operation} Failed due to security constraints`);
/** A data policy names what is missing by its label. */
export const mandatory = (labels: readonly string[]): HttpReply =>
  failure(403, 'Operation Failed', `Data Policy Exception: The following fields are mandatory: ${labels.join(', ')}`);
/** A business rule called `setAbortAction`. */
export const aborted = (table: string, rule: string): HttpReply =>
  failure(403, 'Operation Failed', `Operation against file '${table}' was aborted by Business Rule '${rule}'. Business Rule Stack:${rule}`);
/** The database's own text; which status and envelope it comes in is unverified. */
export const duplicateKey = (status: number, sysId: string): HttpReply =>
  failure(status, 'Operation Failed', `Unique Key violation detected by database (Duplicate entry '${sysId}' for key 'PRIMARY')`);
/** The path is no resource at all. */
export const unknownUri = (status: number): HttpReply => failure(status, 'Requested URI does not represent any resource', null);
/** Beyond `glide.rest.max_content_length`. */
export const payloadTooLarge = (length: number, limit: number): HttpReply =>
  failure(
    413,
    'Exception while reading request',
    `Rejected large REST payload with content-length = ${length} bytes. Max allowed: ${limit} bytes.`,
  );

/** Where a rule stands when it refuses. */
export interface RateState {
  readonly limit: number;
  readonly per: 'second' | 'hour';
  readonly retryAfterSeconds: number;
  readonly resetUnixSeconds: number;
  readonly ruleId: string;
}

/** The answer of `sys_rate_limit_rules`. */
export const rateLimited = ({ limit, per, retryAfterSeconds, resetUnixSeconds, ruleId }: RateState): HttpReply =>
  failure(429, 'Rate limit exceeded', `Rate limit of ${limit} requests per ${per} for Table API exceeded`, {
    'Retry-After': String(retryAfterSeconds),
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Reset': String(resetUnixSeconds),
    'X-RateLimit-Rule': ruleId,
  });
