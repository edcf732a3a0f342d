import { inBrackets, isBlank, runFormula, type CompiledField } from './field.js';
import { show, type Value } from './formula/index.js';
import { followLinks } from './link.js';
import type { MapContext, Mappable, Mapped, MappingParts } from './mapping.js';
import type { Target, TargetField } from './target.js';

type Fill = (value: Record<string, Value>, data: Value, problems: string[]) => void;

/**
 * The function that takes one record through a mapping. A field that does not fit is a problem of that record, told with field, formula and what
 * the formula read; all problems of a record are told at once.
 */
export function applier(parts: MappingParts, target: Target | undefined): (record: Mappable, context: MapContext) => Mapped<Value> {
  const { when, links, content } = parts;
  const fills = [...parts.fields.map((field) => fillerOf(field, target)), ...usual(parts.fields, target)];
  return (record, context) => {
    const problems: string[] = [];
    const data = record.data as Value;
    if (when !== undefined) {
      const answer = runFormula(when, data, problems);
      if (problems.length > 0) return { is: 'failed', problems };
      if (answer !== true) return { is: 'dropped', because: `when is ${show(answer)}${inBrackets(when, data)}` };
    }
    const value: Record<string, Value> = {};
    for (const fill of fills) fill(value, data, problems);
    const found = links.length === 0 ? [] : followLinks(links, content.from, data, context, problems);
    return problems.length > 0 ? { is: 'failed', problems } : { is: 'mapped', value, links: found };
  };
}

function fillerOf(field: CompiledField, target: Target | undefined): Fill {
  const { name, evaluate, formulas } = field;
  const spec = target?.[name];
  if (spec === undefined) {
    return (value, data, problems) => {
      const made = evaluate(data, problems);
      if (made !== undefined) value[name] = made;
    };
  }
  const [first] = formulas;
  const described = (data: Value): string => (first === undefined ? '' : inBrackets(first, data));
  return (value, data, problems) => {
    const before = problems.length;
    const made = evaluate(data, problems);
    if (problems.length > before) return;
    if (isBlank(made)) {
      if (spec.required) problems.push(`${name}: is empty, expected ${spec.expects}${described(data)}`);
      else fillBlank(value, name, spec, made);
    } else if (spec.fits(made)) value[name] = made;
    else problems.push(`${name}: expected ${spec.expects}, got ${show(made)}${described(data)}`);
  };
}

function fillBlank(value: Record<string, Value>, name: string, spec: TargetField, made: Value): void {
  if (made === null && spec.keepsNull === true) value[name] = null;
  else if (spec.otherwise !== undefined) value[name] = spec.otherwise;
}

/** Fields that the mapping does not name but that its target always has. */
function usual(fields: readonly CompiledField[], target: Target | undefined): readonly Fill[] {
  return Object.entries(target ?? {}).flatMap(([name, { otherwise }]): Fill[] => {
    if (otherwise === undefined || fields.some((field) => field.name === name)) return [];
    return [(value) => void (value[name] = otherwise)];
  });
}
