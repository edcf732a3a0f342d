import { canonicalJson, hashJson, type Evidence, type LifecycleEvent, type TicketEntry } from '../../domain/index.js';
import { asFailure, type JsonObject, type RecordRef, type SourceRecord } from '../../kit/index.js';
import { sha256 } from '../../store/index.js';
import { isChart } from '../push/chart-writes.js';
import { systemOf } from '../systems.js';
import type { World } from '../world.js';

/**
 * The documents that an entry's ticket names as evidence of completion, by address, as of that entry. The hash is that of what was named, not of what
 * the address shows: it lies with others and may change.
 */
export function linkedEvidence(ref: RecordRef, { number }: Pick<SourceRecord, 'number'>, entry: TicketEntry): readonly LifecycleEvent[] {
  if (entry.ours === true) return [];
  return (entry.reading.evidence ?? []).flatMap(({ title, url }): readonly LifecycleEvent[] =>
    url === undefined ? [] : [{ is: 'evidence-added', at: entry.at, evidence: documentOf(ref, entry.at, { title, url, namedIn: number }) }],
  );
}

/** The files that people put at a ticket, each as of when it was attached, with the SHA-256 of its content. One whose content could not be read proves nothing. */
export async function attachedEvidence(world: World, ref: RecordRef): Promise<readonly LifecycleEvent[]> {
  const { connector } = systemOf(world.systems, ref.system);
  if (connector.attachments === undefined) return [];
  try {
    const files = (await connector.attachments(ref.stream, ref.key, world.signal)) ?? [];
    for (const { id, problem } of files)
      if (problem !== undefined)
        world.log.warn('a file at a ticket cannot be taken as it is', { system: ref.system, key: ref.key, file: id, because: problem });
    return files.flatMap(({ id, name, type, bytes, at, by, sha256: digest }): readonly LifecycleEvent[] =>
      digest === undefined || isChart(name)
        ? []
        : [
            {
              is: 'evidence-added',
              at,
              evidence: documentOf(ref, at, { id, name, type, bytes, by, attachedAt: at, sha256: digest }),
            },
          ],
    );
  } catch (error) {
    const failure = asFailure(error);
    // A remote that is away comes back, and with it the evidence; a right that is missing does not.
    if (failure.kind === 'transient' || failure.kind === 'auth') throw failure;
    world.log.warn('attachments of a ticket cannot be read', { system: ref.system, key: ref.key, because: failure.message });
    return [];
  }
}

function documentOf(ref: RecordRef, at: string, fields: JsonObject): Evidence {
  const content = JSON.parse(canonicalJson(fields)) as JsonObject;
  return { kind: 'document', at, ref, hash: hashJson(content, sha256), content };
}
