import { type GraphEdge, type GraphKey, graphOfImprovement, type Improvement } from '../../domain/index.js';
import type { RecordRef } from '../../kit/index.js';
import { addEdges, inputsById, type Tx } from '../../store/index.js';
import { ticketStream } from '../read-back/ticket-stream.js';
import type { World } from '../world.js';

/** Brings what an improvement is linked to by now, and was not `before`, into the graph. Only ever adds. */
export async function keepGraph(world: World, t: Tx, improvement: Improvement, before?: Improvement): Promise<void> {
  const inputs = await inputsById(t, [...improvement.triggers, ...improvement.joined]);
  const known = new Set(before === undefined ? [] : graphOfImprovement(before, inputs).edges.map(nameOf));
  const at = world.clock();
  const added = graphOfImprovement(improvement, inputs).edges.filter((edge) => !known.has(nameOf(edge)));
  await addEdges(
    t,
    added.map(({ from, kind, to, by, because }) => ({
      from: nodeOf(world, improvement, from),
      kind,
      to: nodeOf(world, improvement, to),
      at,
      by,
      because,
    })),
  );
}

/** How the store names the node of a record. */
export function recordNode({ system, stream, key }: RecordRef): string {
  return `record:${system}/${stream}/${key}`;
}

function nameOf({ from, kind, to }: GraphEdge): string {
  return JSON.stringify([from, kind, to]);
}

/** The ticket's node is the record as which it comes back: its stream, not the resource that it was written to. */
function nodeOf(world: World, { ticket }: Improvement, { kind, key }: GraphKey): string {
  if (ticket !== undefined && kind === `${ticket.system}/${ticket.resource}` && key === ticket.key)
    return recordNode({ system: ticket.system, stream: ticketStream(world, ticket), key });
  return kind.includes('/') ? `record:${kind}/${key}` : `${kind}:${key}`;
}
