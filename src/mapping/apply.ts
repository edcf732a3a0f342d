import { inBrackets, isBlank, runFormula, type CompiledField, type Complain } from './field.js';
import { show, type Value } from './formula/index.js';
import { followLinks } from './link.js';
import type { MapContext, Mappable, Mapped, MappingParts } from './mapping.js';
import type { Target, TargetField } from './target.js';

type Fill = (value: Record<string, Value>, data: Value, complain: Complain) => void;

/**
 * The function that takes one record through a mapping. A field that does not fit is a problem of that record, told with field, formula and what
 * the formula read; all problems of a record are told at once.
 */
export function applier(parts: MappingParts, target: Target | undefined): (record: Mappable, context: MapContext) => Mapped<Value> {
  const { when, links, content } = parts;
  const fills = [...parts.fields.map((field) => fillerOf(field, target)), ...usual(parts.fields, target)];
  return (record, context) => {
    const problems: string[] = [];
    const complain: Complain = (sentence) => problems.push(sentence);
    const data = record.data as Value;
    if (when !== undefined) {
      const answer = runFormula(when, data, complain);
      if (problems.length > 0) return { is: 'failed', problems };
      if (answer !== true) return { is: 'dropped', because: `when is ${show(answer)}${inBrackets(when, data)}` };
    }
    const value: Record<string, Value> = {};
    for (const fill of fills) fill(value, data, complain);
    const found = links.length === 0 ? [] : followLinks(links, content.from, data, context, complain);
    return problems.length > 0 ? { is: 'failed', problems } : { is: 'mapped', value, links: found };
  };
}

function fillerOf(field: CompiledField, target: Target | undefined): Fill {
  const { name, evaluate, formulas } = field;
  const spec = target?.[name];
  if (spec === undefined) {
    return (value, data, complain) => {
      const made = evaluate(data, complain);
      if (made !== undefined) value[name] = made;
    };
  }
  const [first] = formulas;
  const described = (data: Value): string => (first === undefined ? '' : inBrackets(first, data));
  return (value, data, complain) => {
    let told = false;
    const made = evaluate(data, (sentence) => {
      told = true;
      complain(sentence);
    });
    if (told) return;
    if (isBlank(made)) fillBlank(value, name, spec, made, () => complain(`${name}: is empty, expected ${spec.expects}${described(data)}`));
    else if (spec.fits(made)) value[name] = made;
    else complain(`${name}: expected ${spec.expects}, got ${show(made)}${described(data)}`);
  };
}

function fillBlank(value: Record<string, Value>, name: string, spec: TargetField, made: Value, complain: () => void): void {
  if (spec.required) complain();
  else if (made === null && spec.keepsNull === true) value[name] = null;
  else if (spec.otherwise !== undefined) value[name] = spec.otherwise;
}

/** Fields that the mapping does not name but that its target always has. */
function usual(fields: readonly CompiledField[], target: Target | undefined): readonly Fill[] {
  return Object.entries(target ?? {}).flatMap(([name, { otherwise }]): Fill[] => {
    if (otherwise === undefined || fields.some((field) => field.name === name)) return [];
    return [(value) => void (value[name] = otherwise)];
  });
}
