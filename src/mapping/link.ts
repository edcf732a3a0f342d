import type { LinkDraft } from '../domain/inputs/input.js';
import { runFormula } from './field.js';
import { isEmpty, show, type Value } from './formula/index.js';
import type { CompiledLink, MapContext } from './mapping.js';

/** The links that a record of `from` shows. A key that is empty is no link; a list of keys is several. */
export function followLinks(
  links: readonly CompiledLink[],
  from: string,
  data: Value,
  context: MapContext,
  problems: string[],
): readonly LinkDraft[] {
  const found: LinkDraft[] = [];
  for (const link of links) {
    if (link.when !== undefined && runFormula(link.when, data, problems) !== true) continue;
    const keys = runFormula(link.key, data, problems);
    if (isEmpty(keys)) continue;
    const system = systemOf(link.to[0], from, context);
    if (system === undefined) {
      problems.push(
        `links: which system is ${link.to.join('.')}? -> there is none or several of that kind; name it as golden-thread.yaml does`,
      );
      continue;
    }
    for (const key of Array.isArray(keys) ? keys : [keys]) {
      if (isEmpty(key)) continue;
      if (typeof key === 'string' || typeof key === 'number')
        found.push({ as: link.as, to: { system, stream: link.to[1], key: String(key) } });
      else problems.push(`links: the key of ${link.as} must be a text, got ${show(key)} [${link.key.text}]`);
    }
  }
  return found;
}

/** The record's own system where it is of that kind; else the system of that name; else the only one of that kind. */
function systemOf(name: string, from: string, { system, systems }: MapContext): string | undefined {
  if (from.startsWith(`${name}.`)) return system;
  if (systems === undefined || systems.has(name)) return name;
  const ofKind = [...systems].filter(([, kind]) => kind === name);
  return ofKind.length === 1 ? ofKind[0]?.[0] : undefined;
}
