import type { RecordRef } from '../kit/index.js';
import { getSetting, putSetting, type Tx } from '../store/index.js';
import type { World } from './world.js';

const nameOf = ({ system, stream, key }: RecordRef): string => `seen/${system}/${stream}/${key}`;

/** Whether a record has another version than the one that was read back last. */
export async function hasChangedSince(world: World, ref: RecordRef, hash: string): Promise<boolean> {
  return (await getSetting(world.store.read, nameOf(ref))) !== hash;
}

/** Notes which version was read back, in the transaction that took what it said. */
export async function markSeen(t: Tx, ref: RecordRef, hash: string): Promise<void> {
  await putSetting(t, nameOf(ref), hash);
}
