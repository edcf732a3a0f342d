import type { Instant } from '../kit/index.js';
import { appendJournal, getRelease, type Release, release as storeRelease, type Store } from '../store/index.js';

/** Lets the installation write. The first release counts; a later one changes nothing and says so by `isNew: false`. */
export async function release(
  store: Store,
  given: { readonly by: string; readonly at: Instant; readonly raiseFrom: Instant },
): Promise<{ readonly release: Release; readonly isNew: boolean }> {
  return store.tx(async (t) => {
    const known = await getRelease(t);
    if (known !== undefined) return { release: known, isNew: false };
    const { by, at, raiseFrom } = given;
    const made = await storeRelease(t, { by, at, raiseFrom });
    await appendJournal(t, [
      {
        at,
        actor: by,
        kind: 'released',
        subject: 'installation',
        because: `released; what occurs from ${raiseFrom} on raises improvements`,
        body: { raiseFrom },
      },
    ]);
    return { release: made, isNew: true };
  });
}
