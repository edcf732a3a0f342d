import type { Instance } from './instance.js';
import { type HttpReply, rateLimited } from './replies.js';

/** `sys_rate_limit_rules.sys_id` of the one rule. */
export const rateRuleId = 'a3c1f0d25310220076fcddeeff7b12f1';

/** Counts a request against the rule; the refusal when the window of the virtual clock is full. */
export function countRequest({ switches, rates, clock }: Instance, user: string): HttpReply | undefined {
  const rule = switches.rateLimit;
  if (rule === null || (rule.user !== undefined && rule.user !== user)) return undefined;
  const lengthMs = rule.per === 'hour' ? 3_600_000 : 1000;
  const window = Math.floor(clock.now() / lengthMs);
  const before = rates.get(user);
  const count = before?.window === window ? before.count + 1 : 1;
  rates.set(user, { window, count });
  if (count <= rule.limit) return undefined;
  const endsAt = (window + 1) * lengthMs;
  return rateLimited({
    limit: rule.limit,
    per: rule.per,
    retryAfterSeconds: Math.max(1, Math.ceil((endsAt - clock.now()) / 1000)),
    resetUnixSeconds: Math.ceil(endsAt / 1000),
    ruleId: rateRuleId,
  });
}
