import { type Json, asText, isList, isObject, textOf } from '../json.js';
import type { Sim } from '../sim.js';
import { plainText } from './adf.js';
import { findField } from '../world/fields.js';

/** How a stored value appears in the changelog: `from`/`to` and `fromString`/`toString`. An empty one is null twice. */
export function displayOf(
  sim: Sim,
  fieldId: string,
  value: Json | undefined,
): { readonly id: string | null; readonly text: string | null } {
  const field = findField(sim.world.fields, fieldId);
  if (field?.kind === 'labels') return { id: '', text: isList(value) ? value.map(String).join(' ') : '' };
  if (value === undefined || value === null || field === undefined) return { id: null, text: null };
  const named = (list: readonly { readonly id: string; readonly name: string }[]): { id: string; text: string } => ({
    id: asText(value),
    text: list.find((entry) => entry.id === value)?.name ?? asText(value),
  });
  switch (field.kind) {
    case 'status':
      return named(sim.world.statuses);
    case 'priority':
      return named(sim.world.priorities);
    case 'resolution':
      return named(sim.world.resolutions);
    case 'security':
      return named(sim.world.securityLevels);
    case 'select':
      return named(field.options ?? []);
    case 'issuetype':
      return named(sim.world.projects.flatMap((project) => project.types));
    case 'user':
      return { id: asText(value), text: sim.world.people.find((person) => person.accountId === value)?.displayName ?? asText(value) };
    case 'datetime':
      return { id: asText(value), text: typeof value === 'number' ? new Date(value).toISOString() : asText(value) };
    case 'date':
      return { id: asText(value), text: fieldId === 'duedate' ? `${asText(value)} 00:00:00.0` : asText(value) };
    case 'parent':
      return { id: asText(value), text: sim.shelf.files.get(Number(value))?.issue.key ?? null };
    case 'components': {
      const ids = isList(value) ? value.map(String) : [];
      const all = sim.world.projects.flatMap((project) => project.components);
      return { id: ids.join(','), text: ids.map((id) => all.find((component) => component.id === id)?.name ?? id).join(', ') };
    }
    case 'adf':
      return { id: null, text: isObject(value) ? plainText(value) : asText(value) };
    default:
      return { id: null, text: textOf(value) ?? JSON.stringify(value) };
  }
}
