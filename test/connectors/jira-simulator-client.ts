import { type JiraControl, type JiraSimulatorOptions, jiraControl, startJiraSimulator } from '../../connectors/jira/simulator/index.js';

/** What a bare HTTP client makes of an answer. */
export interface SiteAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body, or the text where it is no JSON, or undefined. */
  readonly body: unknown;
}

/** A simulated site whose clock stands at the beginning of 2026, and a bare HTTP client for it: no connector is involved. */
export interface Site {
  readonly url: string;
  readonly control: JiraControl;
  /** Below `/rest/api/3`; signed in as the bot unless `as` is another token or null for nobody. */
  send(method: string, path: string, body?: unknown, as?: Account | null): Promise<SiteAnswer>;
  /** The same, and the body as a `T`; fails unless the status is 2xx. */
  get<T>(path: string, as?: Account | null): Promise<T>;
  /** Keys that a query finds, one page of at most 5,000. */
  find(jql: string, as?: Account | null): Promise<readonly string[]>;
  close(): Promise<void>;
}

export type Account = 'bot' | 'owner' | 'approver' | 'outsider' | 'inactive' | 'automation';

export const start = '2026-01-01T00:00:00.000Z';
export const startMs = Date.parse(start);
export const improvement = { project: { key: 'IMP' }, issuetype: { name: 'Improvement' } };
export const accountIds = {
  bot: '712020:00000000-0000-4000-8000-000000000001',
  owner: '712020:00000000-0000-4000-8000-000000000002',
  approver: '712020:00000000-0000-4000-8000-000000000003',
  outsider: '712020:00000000-0000-4000-8000-000000000004',
  inactive: '712020:00000000-0000-4000-8000-000000000005',
} as const;

/** A document of one paragraph. */
export function paragraph(text: string): object {
  return { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] };
}

export async function startSite(options: JiraSimulatorOptions = {}): Promise<Site> {
  const simulator = await startJiraSimulator({ now: start, ...options });
  const send: Site['send'] = async (method, path, body, as = 'bot') => {
    const credentials = as === null ? {} : { authorization: `Basic ${Buffer.from(`${as}@example.com:${as}-token`).toString('base64')}` };
    const response = await fetch(`${simulator.url}/rest/api/3${path}`, {
      method,
      headers: { ...credentials, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) };
  };
  return {
    url: simulator.url,
    control: jiraControl(simulator.url),
    send,
    get: async <T>(path: string, as: Account | null = 'bot') => {
      const answer = await send('GET', path, undefined, as);
      if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body as T;
    },
    find: async (jql, as = 'bot') => {
      const answer = await send('POST', '/search/jql', { jql, fields: ['summary'], maxResults: 5000 }, as);
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      return (answer.body as SearchPage).issues.map((issue) => issue.key);
    },
    close: () => simulator.close(),
  };
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A page of POST /search/jql. */
export interface SearchPage {
  readonly issues: readonly { readonly id: string; readonly key: string; readonly fields: Readonly<Record<string, unknown>> }[];
  readonly nextPageToken?: string | null;
  readonly isLast: boolean;
}
