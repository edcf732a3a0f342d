import {
  improvementByTicket,
  improvementsByChange,
  putSetting,
  recordsChangedSince,
  getSetting,
  settingsUnder,
  type Tx,
} from '../../store/index.js';
import type { World } from '../world.js';

const due = 'read-back-due/';
const through = 'read-back-through';
const batch = 1000;

/** Notes, in the caller's transaction, that an improvement's ticket and changes have to be read back: something about them is new. */
export async function noteReadBack(t: Tx, improvement: string): Promise<void> {
  await putSetting(t, `${due}${improvement}`, true);
}

/** Notes that it was read back. */
export async function clearReadBack(t: Tx, improvement: string): Promise<void> {
  await putSetting(t, `${due}${improvement}`, null);
}

/** The improvements that have to be read back; one that fails stays among them. */
export async function dueReadBacks(world: World): Promise<readonly string[]> {
  const found = await settingsUnder(world.store.read, due);
  return found.flatMap(({ name, value }) => (value === true ? [name.slice(due.length)] : []));
}

/** Goes through the records that got a new version since the last time, and notes the improvements whose ticket or change they are. */
export async function noteChangedRecords(world: World): Promise<void> {
  const streams = [...world.systems.byId.values()].flatMap(({ id, connector }) =>
    (connector.sink?.resources ?? []).map(({ stream }) => ({ system: id, stream })),
  );
  for (let more = true; more && !world.signal.aborted;) {
    more = await world.store.tx(async (t) => {
      const from = Number((await getSetting(t, through)) ?? 0);
      const changes = await recordsChangedSince(t, streams, from, batch);
      for (const ref of changes.refs) {
        const found = [await improvementByTicket(t, ref.system, ref.key), ...(await improvementsByChange(t, ref))];
        for (const improvement of found) if (improvement !== undefined) await noteReadBack(t, improvement.id);
      }
      if (changes.seq !== from) await putSetting(t, through, changes.seq);
      return changes.more;
    });
  }
}
