import { type Improvement, type ImprovementInput, itself, joinAsTrigger, joinSilently, refText, sameCase } from '../../domain/index.js';
import { appendJournal, improvement as improvementWithId, inputsById, saveImprovement, type Tx } from '../../store/index.js';
import { weekOf } from '../calendar.js';
import { keepGraph } from './keep-graph.js';
import { decideStatusComment } from '../push/ticket-writes.js';
import type { World } from '../world.js';

/** How an input comes to an open improvement. */
export type Joining = 'join-as-trigger' | 'join-silently' | 'effect-data';

/** What joins during one batch, kept together: an improvement that a burst joins gets one new version, not one for each record. */
export interface Joins {
  /** These improvements of an input's case as they stand with what has joined in this batch. */
  asJoined(known: readonly Improvement[], input: { readonly caseKeys: readonly string[] }): readonly Improvement[];
  join(input: ImprovementInput, improvementId: string, how: Joining): Promise<void>;
  /** Stores all of it. Nothing may be decided about these improvements before. */
  flush(): Promise<void>;
}

interface Joined {
  readonly before: Improvement;
  readonly after: Improvement;
  readonly triggers: readonly ImprovementInput[];
  readonly inputs: readonly { readonly input: ImprovementInput; readonly how: Joining }[];
}

/** Collects joins for one batch in its transaction. */
export function collectJoins(world: World, t: Tx): Joins {
  const pending = new Map<string, Joined>();
  return {
    asJoined: (known, input) => {
      const ids = new Set(known.map(({ id }) => id));
      // An improvement's keys grow with what joins it, so one that the store did not find by them may be of this case by now.
      const grown = [...pending.values()].flatMap(({ after }) => (!ids.has(after.id) && sameCase(after, input) ? [after] : []));
      return [...known.map((improvement) => pending.get(improvement.id)?.after ?? improvement), ...grown];
    },
    join: async (input, id, how) => {
      const joined = pending.get(id) ?? (await start(t, id));
      if (joined === undefined) return;
      const { after, triggers, inputs } = joined;
      const next =
        how === 'join-as-trigger'
          ? joinAsTrigger(after, input, triggers, world.config.policy, world.config.directory)
          : joinSilently(after, input);
      if (next === after) return;
      pending.set(id, {
        ...joined,
        after: next,
        triggers: how === 'join-as-trigger' ? [...triggers, input] : triggers,
        inputs: [...inputs, { input, how }],
      });
    },
    flush: async () => {
      for (const joined of pending.values()) await keep(world, t, joined);
      pending.clear();
    },
  };
}

async function start(t: Tx, id: string): Promise<Joined | undefined> {
  const before = await improvementWithId(t, id);
  return before === undefined ? undefined : { before, after: before, triggers: await inputsById(t, before.triggers), inputs: [] };
}

async function keep(world: World, t: Tx, { before, after, inputs }: Joined): Promise<void> {
  const at = world.clock();
  const numbers = inputs.map(({ input }) => input.number);
  const because = `joined by ${numbers.slice(0, 5).join(', ')}${numbers.length > 5 ? `, … (${numbers.length})` : ''}`;
  await saveImprovement(t, after, { at, by: itself, because });
  const joined = inputs.map(({ input, how }) => ({ input: input.id, record: refText(input.trigger), how }));
  await appendJournal(t, [{ at, actor: itself, kind: 'inputs-joined', subject: after.id, because, body: { joined } }]);
  await keepGraph(world, t, after, before);
  // Further triggers are told at most once a week: the first of a week decides the comment, later ones find it decided.
  if (inputs.some(({ how }) => how === 'join-as-trigger')) await decideStatusComment(world, t, after, `triggers:${weekOf(at)}`);
}
