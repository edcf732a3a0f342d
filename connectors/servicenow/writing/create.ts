import { asFailure, type ConnectorContext, Failure, type IdempotencyKey, type JsonObject } from 'golden-thread/kit';
import { isPlainKey } from '../query.js';
import { findByKey, type Lookup } from './find.js';
import { identityOf, sysIdOf } from './identity.js';

/**
 * Remembered durably once an instance has answered a create with another sys_id than ours: the same create sent twice could then make two
 * records, also after a restart.
 */
const sysIdPolicy = 'client-sys-id';

/** Creates a record under the sys_id of its key and answers the sys_id that it got. Sent twice it makes one record all the same. */
export async function sendOnce(
  parts: { readonly context: Pick<ConnectorContext, 'system' | 'log' | 'credentials'>; readonly lookup: Lookup },
  key: IdempotencyKey,
  ask: { readonly body: JsonObject; readonly resend: boolean; readonly signal: AbortSignal | undefined },
): Promise<string> {
  const { context, lookup } = parts;
  const { api, table } = lookup;
  if (ask.resend && (await context.credentials.get(sysIdPolicy)) === 'ignored')
    throw new Failure('conflict', 'this instance does not honour a sys_id of our choice, so a create must not be sent twice', {
      committed: 'maybe',
      hint: 'look for the record by its correlation_id, and decide by hand',
    });
  try {
    const { sys_id: sysId } = await api.create(table.name, { ...ask.body, ...identityOf(key) }, ['sys_id', 'correlation_id'], ask.signal);
    if (typeof sysId !== 'string' || !isPlainKey(sysId))
      throw new Failure('contract', 'ServiceNow answered a create without the sys_id', { committed: 'maybe' });
    if (sysId.toLowerCase() !== sysIdOf(key)) {
      context.log.warn('the instance chose a sys_id of its own', { system: context.system, key: sysId });
      await context.credentials.put(sysIdPolicy, 'ignored');
    }
    return sysId;
  } catch (error) {
    const failure = asFailure(error, { committed: 'maybe' });
    // A refusal is no proof: some are known to come although the record was made, and that is also how a second create of the same
    // sys_id is answered (with which status is not documented). The record itself tells.
    const refusedOrRepeated =
      failure.kind === 'record' || failure.kind === 'conflict' || (ask.resend && failure.details.status !== undefined);
    if (!refusedOrRepeated) throw failure;
    const found = await findByKey(lookup, key, ask.signal).catch(() => undefined);
    if (found?.is === 'found') return found.ticket.key;
    const committed = found?.is === 'absent' && failure.details.committed === 'no' ? 'no' : 'maybe';
    throw new Failure(failure.kind, failure.message, { ...failure.details, committed });
  }
}
