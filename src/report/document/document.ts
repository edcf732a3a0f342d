import type { Instant, JsonObject } from '../../kit/index.js';

/** How something stands. Never shown by colour alone: the text says it too. */
export type Mark = 'good' | 'bad' | 'warn' | 'none';

/**
 * One value of a table or of a list of facts, by its type: each format writes it in its own way. Texts may come from strangers; every renderer escapes them.
 * Undefined is shown as an empty place.
 */
export type Cell =
  | string
  | number
  | undefined
  /** A calendar day, `YYYY-MM-DD`. */
  | { readonly date: string }
  /** A point in time; shown to the minute, in UTC. */
  | { readonly instant: Instant }
  /** A link where `href` is http or https, plain text otherwise. */
  | { readonly link: string; readonly href: string }
  | { readonly mark: Mark; readonly text: string }
  | { readonly lines: readonly Cell[] };

export interface Column {
  readonly title: string;
  /** Numbers stand to the right. Default: text. */
  readonly align?: 'text' | 'number';
  /** Share of the width on paper, relative to the other columns. Default 1. */
  readonly width?: number;
}

/** A table. The first column names its row. */
export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** What is said instead when there is no row. */
  readonly empty?: string;
}

export interface Heading {
  readonly kind: 'heading';
  /** 1 is the document's title, which is not a block. */
  readonly level: 2 | 3;
  readonly text: string;
}

export interface Paragraph {
  readonly kind: 'paragraph';
  readonly text: string;
  /** `note`: beside the matter; `bad`: something is wrong. */
  readonly tone?: 'note' | 'bad';
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Cell[];
}

/** Names with their values. */
export interface Facts {
  readonly kind: 'facts';
  readonly items: readonly { readonly name: string; readonly value: Cell }[];
}

/** A picture. Whoever cannot see it reads `alt`, and the numbers behind it where it has any. */
export interface Figure {
  readonly kind: 'figure';
  readonly caption: string;
  readonly alt: string;
  /** A whole SVG element, drawn by us: nothing in it comes from strangers unescaped. */
  readonly svg: string;
  readonly numbers?: Table;
}

export type Block = Heading | Paragraph | List | Facts | Table | Figure;

/** What a report was made from, so that somebody else can make it again, and what everybody who reads it must know. */
export interface About {
  readonly organisation: string;
  /** When it was made. */
  readonly at: Instant;
  /** It shows what was known at this instant, instead of now. */
  readonly asOf?: Instant;
  /** Days, both included, in the organisation's time zone. */
  readonly period?: { readonly from: string; readonly to: string };
  readonly timeZone: string;
  /** Gates that policy switches off, by name. */
  readonly gatesOff: readonly string[];
  /** Gaps among what the report shows. */
  readonly gaps: number;
  /** SHA-256 of the policy and of the directory that it was made with. */
  readonly policyHash: string;
  readonly directoryHash: string;
  /** The journal's last entry. */
  readonly journal: { readonly seq: number; readonly hash: string };
  readonly product: string;
  /** What a reader must know besides. */
  readonly notes?: readonly string[];
}

/** A report, before it has a format. */
export interface ReportDocument {
  /** Stable name of the kind of report: `register`, `thread`, `management-review`, … */
  readonly name: string;
  readonly title: string;
  readonly about: About;
  readonly blocks: readonly Block[];
  /** The table that a spreadsheet gets. Without one, it gets all tables, value by value. */
  readonly main?: Table;
  /** What JSON holds beside `about`: keys are stable. */
  readonly data: JsonObject;
}

/** A heading of the second level, or of the third. */
export function heading(text: string, level: 2 | 3 = 2): Heading {
  return { kind: 'heading', level, text };
}

/** A paragraph. */
export function paragraph(text: string, tone?: Paragraph['tone']): Paragraph {
  return { kind: 'paragraph', text, ...(tone !== undefined && { tone }) };
}

/** All tables of a document in their order, those behind pictures included. */
export function tablesOf(document: ReportDocument): readonly Table[] {
  return document.blocks.flatMap((block) =>
    block.kind === 'table' ? [block] : block.kind === 'figure' && block.numbers !== undefined ? [block.numbers] : [],
  );
}
