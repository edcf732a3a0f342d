import { secret, z } from 'golden-thread/kit';

/** How the account of a Data Center signs in besides a personal access token (`type: bearer`). */
export const PasswordAuth = z.strictObject({ type: z.literal('password'), username: z.string().min(1), password: secret() });

/** Settings that only Data Center has. */
export const dataCenterSettings = {
  /** Where Jira runs. */
  deployment: z.enum(['cloud', 'data-center']).default('cloud'),
  /**
   * Data Center: how instants are written in a query. `epoch`: milliseconds since 1970, which no time zone touches. `account-zone`: as a date in the time
   * zone of the account's profile, for a Jira that does not take the number.
   */
  queryDates: z.enum(['epoch', 'account-zone']).default('epoch'),
  /** Data Center: usernames of accounts that are not people. What they do in a ticket decides nothing. */
  automationUsers: z.array(z.string().min(1)).default([]),
  /** Data Center: custom text fields whose renderer is the default text renderer, by our name, Jira's name or id. They hold no markup. */
  plainTextFields: z.array(z.string().min(1)).default([]),
};

/** What does not go together, or nothing. */
export function deploymentProblem(config: {
  readonly deployment: string;
  readonly auth: { readonly type: string };
}): { readonly path: readonly string[]; readonly message: string } | undefined {
  const { deployment, auth } = config;
  if (deployment === 'data-center' && auth.type !== 'bearer' && auth.type !== 'password')
    return {
      path: ['auth'],
      message: 'Data Center takes { type: bearer, token } (a personal access token) or { type: password, username, password }',
    };
  if (deployment === 'cloud' && auth.type === 'password')
    return { path: ['auth'], message: 'Jira Cloud takes no passwords; set deployment: data-center, or use an API token' };
  return undefined;
}
