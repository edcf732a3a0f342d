import {
  canonicalJson,
  type ChangeState,
  type Evidence,
  hashJson,
  type Improvement,
  isOpen,
  type LifecycleEvent,
  type LinkedChange,
} from '../../domain/index.js';
import { asFailure, Failure, type Json, type JsonObject, type RecordRef, type SourceRecord } from '../../kit/index.js';
import type { ChangeMapping } from '../../mapping/index.js';
import { improvement as improvementWithId, improvements, recordsWithKeys, sha256 } from '../../store/index.js';
import { apart } from '../apart.js';
import { adoption } from '../push/change-writes.js';
import { changeTarget } from '../push/outgoing.js';
import { hasChangedSince, markSeen } from '../seen.js';
import { systemOf } from '../systems.js';
import { takeEvent } from '../decide/take-event.js';
import type { World } from '../world.js';

/**
 * Reads back the changes that carry one improvement out, those that have a new version: approval, start, end, close code. The record is read once more by
 * id, because its approvals stand in a table of their own.
 */
export async function readBackChanges(world: World, improvement: Improvement): Promise<void> {
  // After closure too: what changes then is reported, never undone.
  if (!isOpen(improvement) && improvement.status !== 'closed') return;
  for (const change of improvement.changes) await readBackChange(world, improvement, change);
}

async function readBackChange(world: World, improvement: Improvement, { ref }: LinkedChange): Promise<void> {
  const [stored] = await recordsWithKeys(world.store.read, [ref]);
  if (stored === undefined || !(await hasChangedSince(world, ref, stored.hash))) return;
  const { sink } = systemOf(world.systems, ref.system).connector;
  const record = (await sink?.read(changeTarget(world, improvement).resource, ref.key, world.signal)) ?? stored.record;
  const event = await changeEvent(world, ref, record);
  await world.store.tx(async (t) => {
    const current = await improvementWithId(t, improvement.id);
    if (current !== undefined) await takeEvent(world, t, current, event);
    await markSeen(t, ref, stored.hash);
  });
}

/**
 * Approved improvements without a change under way take over one that their people have linked to the records behind them meanwhile; approved and
 * implementing ones all that are linked to their own ticket.
 */
export async function adoptLinkedChanges(world: World): Promise<number> {
  let adopted = 0;
  for (const { id } of await improvements(world.store.read, { status: ['approved', 'implementing'] }))
    if (await apart(world, 'adopt', id, () => adoptLinkedChange(world, id))) adopted += 1;
  return adopted;
}

async function adoptLinkedChange(world: World, id: string): Promise<boolean> {
  return world.store.tx(async (t) => {
    const current = await improvementWithId(t, id);
    const events = current === undefined ? [] : await adoption(world, t, current);
    for (const event of events) {
      const now = await improvementWithId(t, id);
      if (now !== undefined) await takeEvent(world, t, now, event);
    }
    return events.length > 0;
  });
}

/** What one version of a change record means, with the snapshot that is kept as evidence once it is completed. */
async function changeEvent(world: World, ref: RecordRef, record: SourceRecord): Promise<LifecycleEvent> {
  const mapping = changeMapping(world, ref);
  const mapped = mapping.map(record, { system: ref.system });
  if (mapped.is !== 'mapped')
    throw new Failure(
      'record',
      `${mapping.name} cannot read ${record.number}: ${mapped.is === 'failed' ? mapped.problems.join('; ') : mapped.because}`,
      {
        system: ref.system,
        key: ref.key,
        place: mapping.file,
        hint: 'add the missing row to the table of this mapping',
      },
    );
  const at = world.clock();
  const state = mapped.value;
  return {
    is: 'change-read',
    at,
    ref,
    number: record.number,
    state,
    ...(isCompleted(state) && { evidence: snapshot(ref, record, await attached(world, ref), at) }),
  };
}

function isCompleted({ phase }: ChangeState): boolean {
  return phase === 'completed' || phase === 'completed-with-issues';
}

/** What people have attached to a completed change, by name and digest: the files stay where they are. What cannot be read is said in their place. */
async function attached(world: World, ref: RecordRef): Promise<Json | undefined> {
  const { connector } = systemOf(world.systems, ref.system);
  if (connector.attachments === undefined) return undefined;
  try {
    const files = await connector.attachments(ref.stream, ref.key, world.signal);
    return files?.map((file) => ({ ...file })) ?? 'not readable by our account';
  } catch (error) {
    const failure = asFailure(error);
    // A remote that is away comes back, and with it the evidence; a right that is missing does not.
    if (failure.kind === 'transient' || failure.kind === 'auth') throw failure;
    world.log.warn('attachments of a change cannot be read', { system: ref.system, key: ref.key, because: failure.message });
    return `not readable: ${failure.message}`;
  }
}

function snapshot(ref: RecordRef, record: SourceRecord, attachments: Json | undefined, at: string): Evidence {
  const content: JsonObject = JSON.parse(
    canonicalJson({
      number: record.number,
      url: record.url,
      updatedAt: record.updatedAt,
      data: record.data,
      ...(attachments !== undefined && { attachments }),
    }),
  ) as JsonObject;
  return { kind: 'change-completion', at, ref, hash: hashJson(content, sha256), content };
}

function changeMapping(world: World, ref: RecordRef): ChangeMapping {
  const { kind } = systemOf(world.systems, ref.system);
  const found = world.mappings.find(
    (mapping): mapping is ChangeMapping => mapping.kind === 'change' && mapping.from === `${kind}.${ref.stream}`,
  );
  if (found !== undefined) return found;
  throw new Failure('config', `no mapping says what the states of ${kind}.${ref.stream} mean`, {
    system: ref.system,
    hint: `add one with "from: ${kind}.${ref.stream}" and "to: change"`,
  });
}
