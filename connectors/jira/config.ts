import { networkSettings, secret, z } from 'golden-thread/kit';
import { dataCenterSettings, deploymentProblem, PasswordAuth } from './data-center/settings.js';
import { jqlProblem } from './jql.js';
import { isOAuth, oauthSettings } from './sign-in/oauth.js';

const base = z
  .url({ protocol: /^https?$/, error: 'an http or https address' })
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  }, 'an address without user, query or fragment')
  .transform((text) => text.replace(/\/+$/, ''));

const streamName = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens');

const query = z.string().superRefine((jql, context) => {
  const problem = jqlProblem(jql);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: `this JQL cannot be used: ${problem}` });
});

const projectKey = z.string().regex(/^[A-Z][A-Z0-9_]+$/, 'a project key such as IMP');

export type JiraStream = z.infer<typeof JiraStream>;
const JiraStream = z.strictObject({
  /** Without ORDER BY. */
  jql: query,
  about: z.string().min(1).optional(),
});

/** `config:` of a Jira system in golden-thread.yaml. */
export type JiraConfig = z.infer<typeof JiraConfig>;
export const JiraConfig = z
  .strictObject({
    ...dataCenterSettings,
    /** `https://example.atlassian.net`, or for scoped tokens the gateway: `https://api.atlassian.com/ex/jira/<cloud id>`. */
    site: base,
    /** Where people open an issue, when it is not `site` (gateway addresses). */
    browseUrl: base.optional(),
    auth: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('basic'), email: z.email(), apiToken: secret() }),
      z.strictObject({ type: z.literal('bearer'), token: secret() }),
      PasswordAuth,
      ...oauthSettings,
    ]),
    /** By convention `audit-finding` and `improvement`; any name will do. */
    streams: z.record(streamName, JiraStream).default({}),
    /** Our name for a custom field -> its name or id in Jira. */
    customFields: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'letters, digits and underscores'), z.string().min(1)).default({}),
    /** Key of the project in which improvement tickets are created. Without it nothing is written. */
    project: projectKey.optional(),
    /** Name or id of the issue type of improvement tickets. */
    issueType: z.string().min(1).default('Task'),
    /** The stream that reads the improvement tickets back. */
    ticketStream: streamName.default('improvement'),
    /** Change tickets, as the alternative to change requests of ServiceNow. */
    change: z
      .strictObject({
        project: projectKey,
        /** Name or id. */
        issueType: z.string().min(1).default('Change'),
        /** The stream that reads them back. */
        stream: streamName.default('change'),
      })
      .optional(),
    /** Account id of who is assigned a ticket whose owner cannot be. Without it such a ticket is unassigned. */
    fallbackAssignee: z.string().min(1).optional(),
    /**
     * Name or id of the link type by which a ticket is linked to another issue of this Jira, where the relationship itself names none. Without it
     * such links are web links, like those to other systems.
     */
    issueLinkType: z.string().min(1).optional(),
    /** Before the first 40 characters of the idempotency key, as a label. No blanks. */
    labelPrefix: z
      .string()
      .regex(/^[^\s"\\]{1,60}$/, 'up to 60 characters without blanks or quotes')
      .default('gt-'),
    /** Origins that may become links in a ticket's description, besides the site itself: `https://example.service-now.com`. */
    linkOrigins: z.array(base).default([]),
    pageSize: z.int().min(1).max(5000).default(100),
    /** How long Jira's search index may need until a change can be found. */
    settleMinutes: z.number().min(0).max(120).default(5),
    concurrency: z.int().min(1).max(10).default(2),
    /** How many issue numbers in a row must be missing before probing for a lost create stops. */
    probeStretch: z.int().min(1).max(200).default(25),
    ...networkSettings,
  })
  .superRefine((config, context) => {
    const problem = deploymentProblem(config);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: [...problem.path], message: problem.message });
  })
  .refine((config) => config.project === undefined || config.streams[config.ticketStream] !== undefined, {
    path: ['ticketStream'],
    error: 'names no stream: tickets are read back through one of the streams',
  })
  .refine((config) => config.change === undefined || config.streams[config.change.stream] !== undefined, {
    path: ['change', 'stream'],
    error: 'names no stream: change tickets are read back through one of the streams',
  })
  .refine(({ auth, site }) => !isOAuth(auth) || !new URL(site).hostname.endsWith('.atlassian.net'), {
    path: ['site'],
    error: 'OAuth works through the gateway: https://api.atlassian.com/ex/jira/<cloud id>, with browseUrl for people',
  })
  .refine((config) => config.browseUrl !== undefined || !/\/ex\/jira\//.test(config.site), {
    path: ['browseUrl'],
    error: 'needed with a gateway address: the address at which people open Jira, such as https://example.atlassian.net',
  });

/** Where people see an issue. */
export function issueUrl(config: JiraConfig, key: string): string {
  return `${config.browseUrl ?? config.site}/browse/${encodeURIComponent(key)}`;
}
