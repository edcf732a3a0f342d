import { inputIdOf } from '../../domain/inputs/input-id.js';
import type { ImprovementInput } from '../../domain/inputs/input.js';
import type { Instant } from '../../kit/index.js';
import { addressFrom } from './address.js';
import { readInputDocument } from './input-document.js';

/** An input's row as {@link inputColumns} selects it. */
export interface InputRow {
  readonly version: number;
  readonly system: string;
  readonly stream: string;
  readonly key: string;
  readonly number: string;
  /** See `addressFrom`. */
  readonly address: string;
  readonly made_by: string;
  readonly record_hash: string;
  readonly ended_at: Instant | null;
  readonly data: string;
}

/** What makes an {@link InputRow}: input_version `v`, record_version `rv`, stream `s`, node `n`, name `m`. */
export const inputColumns = `v.id as version, s.system, s.stream, n.key, rv.number, (select form from address where id = rv.address) as address,
  m.text as made_by, rv.hash as record_hash, v.ended_at, v.data`;

/** The input that a row holds. */
export function toInput(row: InputRow): ImprovementInput {
  const at = row.made_by.lastIndexOf('@');
  const mapping = row.made_by.slice(0, at);
  const trigger = { system: row.system, stream: row.stream, key: row.key };
  return {
    ...readInputDocument(row.data, trigger),
    id: inputIdOf(trigger, mapping),
    trigger,
    number: row.number,
    url: addressFrom(row.address, row.key, row.number),
    madeBy: { mapping, mappingHash: row.made_by.slice(at + 1), recordHash: row.record_hash },
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
  };
}
