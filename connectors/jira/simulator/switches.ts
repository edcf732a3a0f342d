import { type JsonObject, asText, isList } from './json.js';

/**
 * Behaviours of Jira that are unverified, or that a test wants to choose. Every default is either the documented behaviour
 * or, where nothing is documented, the one that is harder on a client (see README.md for each).
 */
export interface Switches {
  /** How long a write stays out of the search index: a fixed number of milliseconds, or a range from which each write draws. Default 0. */
  indexLagMs: number | readonly [number, number];
  /** A change that search has shown may vanish from it again for some queries, until it is twice its lag (at least `flickerMs`) old. Default false. */
  nonMonotonic: boolean;
  /** How long a change may flicker where `nonMonotonic` is on. Default 60000. */
  flickerMs: number;
  /** `offset`: a token is a start offset into the live result. `snapshot`: the result as it stood when the first page was asked. Default offset. */
  tokenSemantics: 'offset' | 'snapshot';
  /** What the last page says about the token. Default absent. */
  lastToken: 'absent' | 'null';
  /** Unknown field, value, function, operator or unreadable date in a search: 200 with no issues, or 400 with the reason. Default empty. */
  unknownJql: 'empty' | 'error';
  /** Probability that a page holds fewer issues than asked although there are more. Default 0. */
  shortPages: number;
  /** Upper bound for a page that asks for more than id and key. Default 5000, the documented maximum. */
  pageCapWithFields: number;
  /** Whether issues that the caller may not see are taken out after the page was cut, so that a page can be empty without being the last. Default false. */
  filterAfterPage: boolean;
  /** Whether search answers from the index or renders the stored issue that the index found. Default index: the older version is what a reader must cope with. */
  searchRenders: 'index' | 'store';
  /** To how many milliseconds the index rounds `updated` and `created` down. Default 1. */
  indexResolutionMs: number;
  /** Default true. */
  labelsCaseSensitive: boolean;
  /** Wrong credentials: 401, or answered as an anonymous caller. Default 401. */
  wrongCredentials: '401' | 'anonymous';
  /** Body of a 401. Default json. */
  unauthorizedBody: 'json' | 'html';
  /** 20 writes per 2 s and 100 per 30 s of virtual time on one issue. Default false: with a frozen clock it would never let go. */
  perIssueWriteLimit: boolean;
  /** Most requests to one method and path within one second of the site's clock; more are answered 429 with Retry-After 1. Default 0: no limit. */
  requestsPerSecond: number;
  /** Virtual milliseconds that every committed write takes. Default 0: writes share a stamp until the clock is moved. */
  msPerWrite: number;
  /** Whether these move the issue's `updated`. Defaults: remote link false, property false, link false, comment true. */
  remoteLinkTouchesUpdated: boolean;
  propertyTouchesUpdated: boolean;
  linkTouchesUpdated: boolean;
  commentTouchesUpdated: boolean;
  /** Whether the site takes attachments at all, and up to which size (Cloud's default is 1 GB, Data Center's 10 MB). */
  attachments: boolean;
  attachmentMaxBytes: number;
  /** Unit of `created` in POST /changelog/bulkfetch. Default ms. */
  bulkChangelogUnit: 'ms' | 's';
  /** `expand=transitions.fields` leaves `resolution` out. Default false. */
  transitionFieldsHideResolution: boolean;
  /** Most issues in one POST /issue/bulkfetch. Default 100. */
  bulkfetchLimit: number;
  /** Whether answers name the account that they were made for (`X-AACCOUNTID`, URL-encoded). Default true. */
  accountHeader: boolean;
  /** Archived issues by id: answered with `archiveddate`, or 404 as if they were gone. Search never shows them. Default shown. */
  archivedById: 'shown' | 'hidden';
  /** Data Center: most issues of one search (`jira.search.views.default.max`). Default 1000. */
  searchMaximum: number;
  /** Data Center: most entries of an expanded changelog; all by default, as documented. */
  changelogMaximum: number;
  /** Data Center: how often an account may go on once its requests are used up. Default 1. */
  rateIntervalSeconds: number;
  /** Data Center: the version that it calls itself. Default 9.12.4. */
  serverVersion: string;
  /** Whether an unquoted number in a query is milliseconds since 1970. Default true. */
  epochDates: boolean;
  /** Added to the `Date` header, for a remote whose edge and application disagree. Default 0. */
  dateSkewMs: number;
}

/** The defaults stated beside each switch. */
export function defaultSwitches(): Switches {
  return {
    indexLagMs: 0,
    nonMonotonic: false,
    flickerMs: 60_000,
    tokenSemantics: 'offset',
    lastToken: 'absent',
    unknownJql: 'empty',
    shortPages: 0,
    pageCapWithFields: 5000,
    filterAfterPage: false,
    searchRenders: 'index',
    indexResolutionMs: 1,
    labelsCaseSensitive: true,
    wrongCredentials: '401',
    unauthorizedBody: 'json',
    perIssueWriteLimit: false,
    requestsPerSecond: 0,
    msPerWrite: 0,
    remoteLinkTouchesUpdated: false,
    propertyTouchesUpdated: false,
    linkTouchesUpdated: false,
    commentTouchesUpdated: true,
    attachments: true,
    attachmentMaxBytes: 10_485_760,
    bulkChangelogUnit: 'ms',
    transitionFieldsHideResolution: false,
    bulkfetchLimit: 100,
    accountHeader: true,
    archivedById: 'shown',
    searchMaximum: 1000,
    changelogMaximum: 1_000_000,
    rateIntervalSeconds: 1,
    serverVersion: '9.12.4',
    epochDates: true,
    dateSkewMs: 0,
  };
}

const choices: Readonly<Partial<Record<keyof Switches, readonly string[]>>> = {
  tokenSemantics: ['offset', 'snapshot'],
  lastToken: ['absent', 'null'],
  unknownJql: ['empty', 'error'],
  searchRenders: ['index', 'store'],
  wrongCredentials: ['401', 'anonymous'],
  unauthorizedBody: ['json', 'html'],
  bulkChangelogUnit: ['ms', 's'],
  archivedById: ['shown', 'hidden'],
};

/** Sets the switches that `wanted` names. Answers what is wrong with it, and then has set nothing. */
export function setSwitches(switches: Switches, wanted: JsonObject): string | undefined {
  const current: Record<string, unknown> = { ...switches };
  for (const [name, value] of Object.entries(wanted)) {
    if (!(name in current)) return `no switch is called '${name}'; there are: ${Object.keys(current).join(', ')}`;
    const allowed = choices[name as keyof Switches];
    if (allowed !== undefined && !allowed.includes(asText(value))) return `switch '${name}' is one of ${allowed.join(', ')}`;
    const isRange = name === 'indexLagMs' && isList(value) && value.length === 2 && value.every((part) => typeof part === 'number');
    const wantsNumber = typeof current[name] === 'number' || name === 'indexLagMs';
    if (wantsNumber && typeof value !== 'number' && !isRange) return `switch '${name}' is a number`;
    if (typeof current[name] === 'boolean' && typeof value !== 'boolean') return `switch '${name}' is true or false`;
  }
  Object.assign(switches, wanted);
  return undefined;
}
