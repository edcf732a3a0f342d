import { approvalOf, type ImprovementInput, type LifecycleEvent, type Improvement, triggerSuspects } from '../../domain/index.js';
import { improvement as improvementWithId, improvementsWithCaseKeys, inputAsOf, type Tx } from '../../store/index.js';
import { takeEvent } from './take-event.js';
import type { World } from '../world.js';

/**
 * Tells the improvements that an input triggered what its new version changes for them: a record that was withdrawn before anybody decided is one
 * trigger less; one that changed after the approval relied on it makes its link suspect. An input's own record is among the case keys for ever, so that
 * they are found also when it was recategorised.
 */
export async function noteTriggerChange(world: World, t: Tx, input: ImprovementInput): Promise<void> {
  for (const { id } of (await improvementsWithCaseKeys(t, input.caseKeys)).filter(({ triggers }) => triggers.includes(input.id))) {
    const improvement = await improvementWithId(t, id);
    const event = improvement === undefined ? undefined : await eventOf(world, t, improvement, input);
    if (improvement !== undefined && event !== undefined) await takeEvent(world, t, improvement, event);
  }
}

async function eventOf(world: World, t: Tx, improvement: Improvement, input: ImprovementInput): Promise<LifecycleEvent | undefined> {
  const approval = approvalOf(improvement);
  const at = world.clock();
  const before = approval === undefined ? undefined : await inputAsOf(t, input.id, approval.at);
  if (approval === undefined || before === undefined || before.endedAt !== undefined)
    return input.endedAt === undefined
      ? undefined
      : { is: 'trigger-withdrawn', at, trigger: { input: input.id, number: input.number, at: input.endedAt } };
  const suspects = triggerSuspects(improvement, before, input, at);
  return suspects.length === 0 ? undefined : { is: 'links-suspect', at, suspects };
}
