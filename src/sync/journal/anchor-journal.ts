import { asFailure } from '../../kit/index.js';
import { anchoredSetting, getSetting, journalAnchor, putSetting } from '../../store/index.js';
import type { World } from '../world.js';
import { anchorDetails, anchorMessage, appendAnchor } from './anchor-file.js';

const trouble = 'trouble/journal-anchor';

/**
 * Takes the head of the journal outside, into the log and the anchor file, whenever it has moved since the last time. An anchor file that cannot be written is
 * a trouble that `status` shows, and is tried again in the next round; it keeps nothing else from its work.
 */
export async function anchorJournal(world: World): Promise<void> {
  const { store, config, log } = world;
  const anchor = await journalAnchor(store.read);
  if (anchor === undefined || (await getSetting(store.read, anchoredSetting)) === anchor.seq) return;
  const details = anchorDetails(anchor, store.installationId);
  log.info(anchorMessage, details);
  let problem: string | undefined;
  try {
    if (config.anchorFile !== undefined) appendAnchor(config.anchorFile, details);
  } catch (error) {
    const { message, details: more } = asFailure(error);
    problem = `${more.place ?? ''}: ${message}`;
    log.error(message, { place: more.place ?? '', hint: more.hint ?? '' });
  }
  const shown = await getSetting(store.read, trouble);
  await store.tx(async (t) => {
    if (problem === undefined) await putSetting(t, anchoredSetting, anchor.seq);
    if (problem !== undefined) await putSetting(t, trouble, { at: world.clock(), problem });
    else if (shown !== undefined && shown !== null) await putSetting(t, trouble, null);
  });
}
