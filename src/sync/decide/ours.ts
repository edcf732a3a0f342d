import { type ImprovementInput, refText } from '../../domain/index.js';
import type { RecordRef } from '../../kit/index.js';
import { improvementByTicket, improvementsByChange, latestRecord, outboxList, type Tx } from '../../store/index.js';
import type { World } from '../world.js';

/** How records that we created or linked are told apart: they are evidence, never a trigger. */
export interface Ours {
  /** `system/stream` of everything that we write: only there can be something of ours. */
  readonly streams: ReadonlySet<string>;
  /** The beginnings of the idempotency keys of creates whose answer is still out: the record that they made carries its key. */
  readonly underWay: readonly string[];
}

/** Both connectors carry at least this much of the key: ServiceNow in the sys_id, Jira in the label. */
const carried = 32;

/** What is needed to recognise what is ours, for one batch of inputs. */
export async function whatIsOurs(world: World, t: Tx): Promise<Ours> {
  const streams = [...world.systems.byId.values()].flatMap(({ id, connector }) =>
    (connector.sink?.resources ?? []).map(({ stream }) => `${id}/${stream}`),
  );
  const open = await outboxList(t, { states: ['sending', 'in-doubt', 'parked'] });
  return {
    streams: new Set(streams),
    underWay: open.filter(({ operation }) => operation === 'create').map(({ id }) => id.slice(0, carried)),
  };
}

/** Those among these inputs whose record is ours, as `refText`; also one whose creation has not been confirmed to us yet. */
export async function oursAmong(t: Tx, inputs: readonly ImprovementInput[], ours: Ours): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const { trigger } of inputs)
    if (ours.streams.has(`${trigger.system}/${trigger.stream}`) && (await isOurs(t, trigger, ours))) found.add(refText(trigger));
  return found;
}

async function isOurs(t: Tx, ref: RecordRef, { underWay }: Ours): Promise<boolean> {
  if ((await improvementByTicket(t, ref.system, ref.key)) !== undefined || (await improvementsByChange(t, ref)).length > 0) return true;
  if (underWay.length === 0) return false;
  if (underWay.includes(ref.key)) return true;
  const text = JSON.stringify((await latestRecord(t, ref))?.record.data ?? {});
  return underWay.some((key) => text.includes(key));
}
