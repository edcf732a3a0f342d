import type { Json, JsonObject } from 'golden-thread/kit';
import { listOf, objectOf, textOf } from './oscal-values.js';

/** A document, one of its results, or anything else with uuids in it. */
export type OscalPart = JsonObject;

export interface OscalDocument {
  readonly root: OscalPart;
  /** What holds findings, observations, risks: the results, or the plan itself. */
  readonly parts: readonly OscalPart[];
}

/** Looks objects up by kind (`risks`) and uuid, first in one part, then in the others. */
export type Resolve = (kind: string, uuid: string, nearest: OscalPart) => JsonObject | undefined;

/** An index over the document. OSCAL's uuids are hexadecimal, so their case does not count. */
export function resolverOf({ root, parts }: OscalDocument): Resolve {
  const byPart = new Map(parts.map((part) => [part, indexOf(part)]));
  const definitions = indexOf({ components: componentsOf(root) });
  return (kind, uuid, nearest) => {
    const name = `${kind} ${uuid.toLowerCase()}`;
    const near = byPart.get(nearest)?.get(name);
    if (near !== undefined) return near;
    for (const index of byPart.values()) {
      const found = index.get(name);
      if (found !== undefined) return found;
    }
    return definitions.get(name);
  };
}

function indexOf(part: OscalPart): ReadonlyMap<string, JsonObject> {
  const index = new Map<string, JsonObject>();
  const add = (kind: string, list: Json | undefined): void => {
    for (const one of listOf(list)) {
      const uuid = textOf(one['uuid']);
      if (uuid !== undefined) index.set(`${kind} ${uuid.toLowerCase()}`, one);
    }
  };
  for (const kind of ['findings', 'observations', 'risks', 'components']) add(kind, part[kind]);
  add('components', componentsOf(part));
  return index;
}

function componentsOf(part: OscalPart): Json {
  const local = objectOf(part['local-definitions']);
  return [...listOf(local?.['components']), ...listOf(local?.['inventory-items'])];
}
