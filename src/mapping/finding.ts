import type { Mapping } from './mapping.js';

/** One thing that lint found: an error refuses the mapping, a warning is for a person to judge. */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly mapping: string;
  /** `file:line:col` */
  readonly place: string;
  readonly what: string;
  readonly hint: string;
}

/** A finding at a path of the mapping file; `place` where it can be told more exactly. */
export function finding(
  mapping: Mapping,
  level: Finding['level'],
  path: readonly (string | number)[],
  what: string,
  hint: string,
  place?: string,
): Finding {
  return { level, mapping: mapping.name, place: place ?? mapping.parts.source.placeOf(path), what, hint };
}
