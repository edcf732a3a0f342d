import { createHash } from 'node:crypto';
import { hashJson } from '../domain/canonical.js';
import { Failure, type Json } from '../kit/index.js';
import { didYouMean } from '../yaml/index.js';
import { applier } from './apply.js';
import { checkFile } from './check-file.js';
import { checkStatic, formulasOf } from './check-static.js';
import { compileField, compileFormula, spell, type Refuse } from './field.js';
import { askedFor, readsOf, type Tables } from './formula/index.js';
import type { FormulaFile } from './formula-file.js';
import type { CompiledLink, MapContext, Mappable, Mapped, Mapping, MappingParts } from './mapping.js';
import { MappingFile } from './mapping-schema.js';
import { targets, type Target } from './target.js';

/** Checks and compiles one parsed mapping file: the mapping, or every problem with its place. */
export function compileMapping(name: string, source: FormulaFile): Mapping | readonly Failure[] {
  const checked = checkFile(source, MappingFile);
  if (!checked.ok) return checked.problems.map((problem) => withNearestKind(source, problem));
  const content = checked.value;
  const problems: Failure[] = [];
  const refuse: Refuse = (path, { at, what, hint }) =>
    problems.push(new Failure('config', `${spell(path)}: ${what}`, { place: source.placeIn(path, at), hint }));
  const push = content.from === 'improvement';
  if (push !== content.to.includes('.')) {
    const what = push ? `an improvement cannot be mapped to ${content.to}` : `${content.from} cannot be mapped to ${content.to}`;
    const hint = push
      ? 'name what is to be written: jira.issue, servicenow.change_request'
      : 'map records to improvement-input, change, decision or register-entry; tickets are made from: improvement';
    problems.push(new Failure('config', `to: ${what}`, { place: source.placeOf(['to']), hint }));
  }
  const tables: Tables = new Map(Object.entries(content.tables).map(([table, rows]) => [table, new Map(Object.entries(rows))]));
  const parts: MappingParts = {
    source,
    content,
    tables,
    when: content.when === undefined ? undefined : compileFormula(['when'], content.when, tables, refuse),
    fields: Object.entries(content.fields).map(([field, written]) => compileField(field, written, tables, refuse, push)),
    links: content.links.flatMap((link, index) => compileLink(link, index, tables, refuse)),
  };
  problems.push(...checkStatic(parts));
  return problems.length > 0 ? problems : assemble(name, parts);
}

/** A misspelt `to:` is answered with the kind that was meant. */
function withNearestKind(source: FormulaFile, problem: Failure): Failure {
  const to = (source.value as { readonly to?: unknown } | null)?.to;
  if (!problem.message.startsWith('to:') || typeof to !== 'string') return problem;
  const near = didYouMean(to, [...Object.keys(targets), 'jira.issue', 'servicenow.change_request']);
  return near === undefined ? problem : new Failure('config', problem.message, { ...problem.details, hint: `did you mean ${near}?` });
}

function compileLink(link: MappingFile['links'][number], index: number, tables: Tables, refuse: Refuse): readonly CompiledLink[] {
  const key = compileFormula(['links', index, 'key'], link.key, tables, refuse);
  const when = link.when === undefined ? undefined : compileFormula(['links', index, 'when'], link.when, tables, refuse);
  const dot = link.to.indexOf('.');
  return key === undefined ? [] : [{ as: link.as, to: [link.to.slice(0, dot), link.to.slice(dot + 1)], key, when }];
}

function assemble(name: string, parts: MappingParts): Mapping {
  const { source, content } = parts;
  const { from, to, description } = content;
  const reads = [...new Set(formulasOf(parts).flatMap((formula) => readsOf(formula.node).paths.map(askedFor)))].toSorted();
  const { description: _prose, ...meaning } = content;
  const shared = { name, file: source.file, from, description, reads, hash: hashJson(meaning as unknown as Json, sha256), parts };
  const target: Target | undefined = Object.hasOwn(targets, to) ? targets[to as keyof typeof targets] : undefined;
  // The target's checks have seen every field, so that what comes out is what the kind promises.
  const run = applier(parts, target) as (record: Mappable, context: MapContext) => Mapped<never>;
  switch (to) {
    case 'improvement-input':
      return { ...shared, kind: to, to, map: run };
    case 'change':
      return { ...shared, kind: to, to, map: run };
    case 'decision':
      return { ...shared, kind: to, to, map: run };
    case 'register-entry':
      return { ...shared, kind: to, to, map: run };
    default:
      return { ...shared, kind: 'push', to, map: run };
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
