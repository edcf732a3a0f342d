import { type GraphEdge, type GraphKey, graphOfImprovement, type Improvement, itself } from '../../domain/index.js';
import type { RecordRef } from '../../kit/index.js';
import { addEdges, endEdge, inputsById, type Tx } from '../../store/index.js';
import { ticketStream } from '../read-back/ticket-stream.js';
import type { World } from '../world.js';

/** Brings what an improvement is linked to by now, and was not `before`, into the graph. Only ever adds: a suspicion that was cleared gets an end. */
export async function keepGraph(world: World, t: Tx, improvement: Improvement, before?: Improvement): Promise<void> {
  const inputs = await inputsById(t, [...improvement.triggers, ...improvement.joined]);
  const earlier = before === undefined ? [] : graphOfImprovement(before, inputs).edges;
  const known = new Set(earlier.map(nameOf));
  const at = world.clock();
  const now = graphOfImprovement(improvement, inputs).edges;
  const added = now.filter((edge) => !known.has(nameOf(edge)));
  const standing = new Set(now.map(nameOf));
  for (const { from, kind, to } of earlier.filter((edge) => edge.kind === 'suspects' && !standing.has(nameOf(edge)))) {
    const ended = { from: nodeOf(world, improvement, from), kind, to: nodeOf(world, improvement, to) };
    await endEdge(t, ended, { at, by: itself, because: 'somebody has looked at it' });
  }
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
