import { itself } from '../domain/index.js';
import type { Json } from '../kit/index.js';
import { appendJournal, canonicalJson, getSetting, putSetting, sha256 } from '../store/index.js';
import type { World } from './world.js';

/**
 * Notes in the journal, by hash, which policy and which directory decisions are taken by from now on, whenever they are others than before. Which mapping
 * made an input stands with the input; who was entitled, and by which rule, must be provable too.
 */
export async function noteRules(world: World): Promise<void> {
  const { policy, directory } = world.config;
  const now = { policy: hashOf(policy), directory: hashOf(directory) };
  const before = (await getSetting(world.store.read, 'rules')) as Partial<typeof now> | undefined;
  if (before?.policy === now.policy && before.directory === now.directory) return;
  const at = world.clock();
  await world.store.tx(async (t) => {
    await putSetting(t, 'rules', now);
    await appendJournal(t, [{ at, actor: itself, kind: 'rules-changed', subject: 'installation', body: now }]);
  });
}

function hashOf(rules: unknown): string {
  return sha256(canonicalJson(JSON.parse(JSON.stringify(rules)) as Json));
}
