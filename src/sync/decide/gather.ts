import { type FiredRule, type Improvement, isOpen, isScopeRule, itself, scopesOf } from '../../domain/index.js';
import { appendJournal, improvementsWithCaseKeys, saveImprovement, type Tx } from '../../store/index.js';
import type { World } from '../world.js';
import { keepGraph } from './keep-graph.js';
import { keyOfScope } from './weigh-scope.js';

/** The open supplier improvement under which a new case belongs: one of its records is a miss of that supplier. */
export async function parentOf(world: World, t: Tx, fired: FiredRule): Promise<string | undefined> {
  const { policy, directory } = world.config;
  if (fired.rule.looksAt === 'supplier') return undefined;
  for (const rule of policy.rules) {
    if (rule.looksAt !== 'supplier' || !isScopeRule(rule)) continue;
    const misses = fired.triggers.filter(({ category }) => rule.categories.includes(category));
    const keys = misses.flatMap((input) => scopesOf('supplier', input, directory)).map((scope) => keyOfScope(rule, scope));
    if (keys.length === 0) continue;
    const open = (await improvementsWithCaseKeys(t, [...new Set(keys)])).find(isOpen);
    if (open !== undefined) return open.id;
  }
  return undefined;
}

/** Makes a supplier's improvement the parent of the open cases that rest on the records it was raised from. A case that has a parent keeps it. */
export async function gather(world: World, t: Tx, parent: Improvement, fired: FiredRule): Promise<void> {
  const gathered = new Set(fired.triggers.map(({ id }) => id));
  const keys = [...new Set(fired.triggers.flatMap(({ caseKeys }) => caseKeys))];
  const at = world.clock();
  for (const child of await improvementsWithCaseKeys(t, keys)) {
    const restsOn = [...child.triggers, ...child.joined].some((id) => gathered.has(id));
    if (!isOpen(child) || child.id === parent.id || child.parent !== undefined || !restsOn) continue;
    const because = `gathered under ${parent.id}: misses of one supplier`;
    const after = { ...child, parent: parent.id };
    await saveImprovement(t, after, { at, by: itself, because });
    await appendJournal(t, [{ at, actor: itself, kind: 'gathered', subject: child.id, because, body: { parent: parent.id } }]);
    await keepGraph(world, t, after, child);
  }
}
