import type { ChangeState } from '../domain/improvement.js';
import type { InputDraft, LinkDraft } from '../domain/inputs/input.js';
import type { RegisterEntry } from '../domain/import/register-entry.js';
import type { SourceRecord } from '../kit/index.js';
import type { CompiledField } from './field.js';
import type { Node, Run, Tables } from './formula/index.js';
import type { FormulaFile } from './formula-file.js';
import type { MappingFile } from './mapping-schema.js';
import type { TicketDraft, TicketFields } from './target.js';

/** What a mapping is applied to: a record, or for `from: improvement` the improvement's view as `data`. */
export type Mappable = Pick<SourceRecord, 'data'> & Partial<SourceRecord>;

/** Where the record comes from, so that links can be told which system they lead to. */
export interface MapContext {
  /** Id of the record's own system. */
  readonly system: string;
  /** Every configured system: id -> connector (`servicenow-prod` -> `servicenow`). */
  readonly systems?: ReadonlyMap<string, string>;
}

/** What became of one record. Nothing is ever dropped without a reason. */
export type Mapped<T> =
  | { readonly is: 'mapped'; readonly value: T; readonly links: readonly LinkDraft[] }
  /** `when` is not true: the record is no input, or no longer one. */
  | { readonly is: 'dropped'; readonly because: string }
  /** One sentence per field: field, formula, what it read, what is wrong. The record is set aside, the others flow. */
  | { readonly is: 'failed'; readonly problems: readonly string[] };

interface MappingOf<Kind extends string, To extends string, Made> {
  readonly kind: Kind;
  /** `servicenow/incident`: its place below the mappings folder. */
  readonly name: string;
  readonly file: string;
  /** `servicenow.incident`, or `improvement`. */
  readonly from: string;
  readonly to: To;
  readonly description: string;
  /** SHA-256 of the canonical content without its description: the same for every spelling, order and comment. */
  readonly hash: string;
  /** Source fields that it reads, as paths (`business_service.name`), sorted: what a connector asks its system for. */
  readonly reads: readonly string[];
  /** Pure, synchronous and bounded; never throws for what a record holds. */
  map(record: Mappable, context: MapContext): Mapped<Made>;
  /** For lint and `try`. */
  readonly parts: MappingParts;
}

export type InputMapping = MappingOf<'improvement-input', 'improvement-input', InputDraft>;
export type ChangeMapping = MappingOf<'change', 'change', ChangeState>;
export type DecisionMapping = MappingOf<'decision', 'decision', TicketDraft>;
/** A row of a register that was kept before: read once, by `import register`, and never pulled. */
export type RegisterMapping = MappingOf<'register-entry', 'register-entry', RegisterEntry>;
/** From an improvement to the fields of a ticket: `to` is `jira.issue` or `servicenow.change_request`. */
export type PushMapping = MappingOf<'push', string, TicketFields>;

/** A mapping, ready to run. `kind` tells what `map` makes. */
export type Mapping = InputMapping | ChangeMapping | DecisionMapping | RegisterMapping | PushMapping;

/** The compiled pieces of a mapping, as lint and `try` look at them. */
export interface MappingParts {
  readonly source: FormulaFile;
  readonly content: MappingFile;
  readonly tables: Tables;
  readonly when: CompiledFormula | undefined;
  readonly fields: readonly CompiledField[];
  readonly links: readonly CompiledLink[];
}

/** A formula where it stands in the file. */
export interface CompiledFormula {
  readonly path: readonly (string | number)[];
  /** With its `=`. */
  readonly text: string;
  readonly node: Node;
  readonly run: Run;
}

export interface CompiledLink {
  readonly as: string;
  /** System or connector, and stream. */
  readonly to: readonly [system: string, stream: string];
  readonly key: CompiledFormula;
  readonly when: CompiledFormula | undefined;
}
