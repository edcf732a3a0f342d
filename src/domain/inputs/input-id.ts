import type { RecordRef } from '../../kit/index.js';
import { recordKey } from './case.js';

/** The id of the input that a mapping makes of a record: the same for ever, and readable by people. No mapping's name holds a `#`. */
export function inputIdOf(trigger: RecordRef, mapping: string): string {
  return `${mapping}#${recordKey(trigger)}`;
}

/** An input's id taken apart: the mapping's name and the node id of the record. What is no id of an input gives names that nothing has. */
export function parseInputId(id: string): { readonly mapping: string; readonly record: string } {
  const at = id.indexOf('#');
  return at < 0 ? { mapping: '', record: id } : { mapping: id.slice(0, at), record: id.slice(at + 1) };
}
