import {
  type ConnectorContext,
  Failure,
  type Found,
  type IdempotencyKey,
  isFailure,
  type Json,
  type JsonObject,
  textIn,
} from 'golden-thread/kit';
import { isObject } from '../meaning.js';
import { isPlainKey } from '../query.js';
import type { TableApi } from '../table.js';
import type { ChangeApi } from './change-api.js';
import { identityOf, sysIdOf } from './identity.js';

/** What a standard change needs of the sink. */
export interface StandardParts {
  readonly credentials: ConnectorContext['credentials'];
  readonly writing: TableApi;
  readonly changes: ChangeApi;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A request that was sent may still be carried out for so long: the load balancer cuts connections after about five minutes. */
const mayStillArriveMs = 6 * 60_000;
/** Whether the instance takes `correlation_id` over when it makes a standard change: `yes`, `no`, or not known yet. */
const keepsPlace = 'standard-change-keeps-correlation';
const sentPlace = (key: IdempotencyKey): string => `standard-change-sent-${sysIdOf(key)}`;

/**
 * Creates a change from a template. The API for that is not known to take a client's sys_id, so a change is found again by `correlation_id` alone.
 * That it was sent is noted durably before; one whose answer was lost is sent again only when it had time to arrive, was not found, and this
 * instance is known to keep the `correlation_id`: otherwise it is for a person, for it could double.
 */
export async function sendStandard(
  parts: StandardParts,
  key: IdempotencyKey,
  ask: { readonly template: Json; readonly body: JsonObject; readonly resend: boolean; readonly signal: AbortSignal | undefined },
): Promise<string> {
  const { credentials, changes, writing, now } = parts;
  const known = await credentials.get(keepsPlace);
  if (ask.resend && known !== 'yes')
    throw new Failure(
      'conflict',
      'it is not known whether this instance keeps the correlation_id of standard changes, so this one is not sent twice',
      {
        committed: 'maybe',
        hint: 'look for the change by its title, and decide by hand',
      },
    );
  const template = templateIn(ask.template);
  await credentials.put(sentPlace(key), new Date(now()).toISOString());
  const { sys_id: _ours, ...identity } = identityOf(key);
  const { sysId, ignored } = await changes
    .createStandard(template, { ...ask.body, ...identity }, ask.signal)
    .catch(async (error: unknown) => {
      if (isFailure(error) && error.details.committed === 'no') await credentials.put(sentPlace(key), '');
      throw error;
    });
  const kept = ignored.includes('correlation_id') ? 'no' : 'yes';
  if (kept === 'no')
    await writing.update('change_request', sysId, identity, { idempotent: true, ...(ask.signal && { signal: ask.signal }) });
  if (known !== kept) await credentials.put(keepsPlace, kept);
  await credentials.put(sentPlace(key), '');
  return sysId;
}

/** `absent` becomes `unknown` as long as a standard change that was sent may still arrive. */
export async function unlessUnderWay(parts: StandardParts, key: IdempotencyKey, found: Found): Promise<Found> {
  if (found.is !== 'absent') return found;
  const sent = Date.parse((await parts.credentials.get(sentPlace(key))) ?? '');
  const restMs = Number.isNaN(sent) ? 0 : sent + mayStillArriveMs - parts.now();
  return restMs > 0 ? { is: 'unknown', againAfterMs: Math.min(restMs, mayStillArriveMs) } : found;
}

function templateIn(value: Json): string {
  const id = isObject(value) ? textIn(value, 'id') : value;
  if (typeof id === 'string' && isPlainKey(id)) return id;
  throw new Failure('config', 'standard_template is not the sys_id of a standard change template', {
    committed: 'no',
    hint: 'open the template and take its sys_id; GET /api/sn_chg_rest/change/standard/template lists them',
  });
}
