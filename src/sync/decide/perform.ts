import { type ImprovementInput, type Intake, itself, type ScopeIntake } from '../../domain/index.js';
import { appendJournal, type Tx } from '../../store/index.js';
import type { World } from '../world.js';
import { type Decided, nothing } from './decided.js';
import type { Joins } from './joins.js';
import { raiseImprovement } from './raise-improvement.js';

/** Carries out what was found about one input. */
export async function perform(world: World, t: Tx, input: ImprovementInput, intake: Intake, joins: Joins): Promise<Decided> {
  switch (intake.do) {
    case 'raise':
      return { ...nothing, raised: [(await raiseImprovement(world, t, intake.fired)).id] };
    case 'recurs-after':
      return { ...nothing, raised: [(await raiseImprovement(world, t, intake.fired, { recursAfter: intake.improvementId })).id] };
    case 'join-as-trigger':
    case 'join-silently':
    case 'effect-data':
      await joins.join(input, intake.improvementId, intake.do);
      return { ...nothing, joined: 1 };
    case 'suppressed':
      await noteSuppressed(world, t, intake.improvementId, { input: input.id, until: intake.until });
      return { ...nothing, suppressed: 1 };
    case 'nothing':
      return nothing;
  }
}

/** Carries out what was found about a scope. */
export async function performInScope(world: World, t: Tx, intake: ScopeIntake, joins: Joins): Promise<Decided> {
  switch (intake.do) {
    case 'raise': {
      const { fired, recursAfter } = intake;
      await joins.flush(); // what it gathers may have been joined in this batch
      const raised = await raiseImprovement(world, t, fired, recursAfter === undefined ? {} : { recursAfter });
      return { ...nothing, raised: [raised.id] };
    }
    case 'join':
      for (const input of intake.inputs) await joins.join(input, intake.improvementId, intake.how);
      return { ...nothing, joined: intake.inputs.length };
    case 'suppressed':
      await noteSuppressed(world, t, intake.improvementId, { until: intake.until });
      return { ...nothing, suppressed: 1 };
    case 'nothing':
      return nothing;
  }
}

async function noteSuppressed(
  world: World,
  t: Tx,
  subject: string,
  body: { readonly input?: string; readonly until: string },
): Promise<void> {
  await appendJournal(t, [
    {
      at: world.clock(),
      actor: itself,
      kind: 'input-suppressed',
      subject,
      because: `its case was decided already; it is suppressed until ${body.until}`,
      body,
    },
  ]);
}
