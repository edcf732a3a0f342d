import { type GraphEdge, type GraphKey, graphOfImprovement, type Improvement } from '../domain/index.js';
import { addEdges, inputsById, type NodeKey, recordNode, type Tx } from '../store/index.js';
import { ticketStream } from './ticket-stream.js';
import type { World } from './world.js';

/** Brings what an improvement is linked to by now, and was not `before`, into the graph. Only ever adds. */
export async function keepGraph(world: World, t: Tx, improvement: Improvement, before?: Improvement): Promise<void> {
  const inputs = await inputsById(t, [...improvement.triggers, ...improvement.joined]);
  const known = new Set(before === undefined ? [] : graphOfImprovement(before, inputs).edges.map(nameOf));
  const at = world.clock();
  for (const edge of graphOfImprovement(improvement, inputs).edges) {
    if (known.has(nameOf(edge))) continue;
    const ends = { from: nodeOf(world, improvement, edge.from), kind: edge.kind, to: nodeOf(world, improvement, edge.to) };
    await addEdges(t, [ends], { at, by: edge.by, because: edge.because });
  }
}

function nameOf({ from, kind, to }: GraphEdge): string {
  return JSON.stringify([from, kind, to]);
}

/** The ticket's node is the record as which it comes back: its stream, not the resource that it was written to. */
function nodeOf(world: World, { ticket }: Improvement, node: GraphKey): NodeKey {
  if (ticket === undefined || node.kind !== `${ticket.system}/${ticket.resource}` || node.key !== ticket.key) return node;
  return recordNode({ system: ticket.system, stream: ticketStream(world, ticket), key: ticket.key });
}
