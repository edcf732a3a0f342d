import { Failure } from '../../kit/index.js';
import { spend } from './budget.js';
import { isNumber, toText, truth } from './operators.js';
import { listOf, textOf, timeOf } from './own-functions.js';
import { lookUp } from './path.js';
import type { FunctionSpec, Parameter } from './signature.js';
import { show, type Value, type ValueList } from './value.js';

const text: Parameter = { takes: 's' };
const textOrContext: Parameter = { takes: 's', orContext: true };
const numberOrContext: Parameter = { takes: 'n', orContext: true };
const anyOrContext: Parameter = { takes: 'x', orContext: true };
const numbers: Parameter = { takes: 'list of n' };

/** A function of one text; nothing gives nothing. */
function ofText(run: (value: string) => Value): FunctionSpec {
  return { parameters: [textOrContext], run: (value) => (typeof value === 'string' ? run(value) : undefined) };
}

function ofNumber(run: (value: number) => number): FunctionSpec {
  return { parameters: [numberOrContext], run: (value) => (typeof value === 'number' ? run(value) : undefined) };
}

function ofNumbers(run: (values: readonly number[]) => number | undefined): FunctionSpec {
  return {
    parameters: [numbers],
    run: (values) => (Array.isArray(values) ? run(values.filter((each) => typeof each === 'number')) : undefined),
  };
}

/**
 * The functions that formulas may call. Those that JSONata has mean what JSONata says (docs.jsonata.org); `$time`, `$list` and `$text` are
 * ours, and so are `$table` and `$key`, which are compiled where they stand because they need to see their arguments unevaluated.
 */
export const functions: ReadonlyMap<string, FunctionSpec> = new Map<string, FunctionSpec>([
  ['exists', { parameters: [{ takes: 'x' }], run: (value) => value !== undefined }],
  ['not', { parameters: [anyOrContext], run: (value) => (value === undefined ? undefined : !truth(value)) }],
  ['boolean', { parameters: [anyOrContext], run: (value) => (value === undefined ? undefined : truth(value)) }],
  ['string', { parameters: [anyOrContext, { takes: 'b', optional: true }], run: (value, indented) => toText(value, indented === true) }],
  ['number', { parameters: [{ takes: 'nsb', orContext: true }], run: toNumber }],
  ['length', ofText((value) => (hasSurrogates(value) ? Array.from(value).length : value.length))],
  ['substring', { parameters: [textOrContext, { takes: 'n' }, { takes: 'n', optional: true }], run: substring }],
  ['substringBefore', { parameters: [textOrContext, text], run: (value, mark) => partOf(value, mark, (whole, at) => whole.slice(0, at)) }],
  [
    'substringAfter',
    { parameters: [textOrContext, text], run: (value, mark) => partOf(value, mark, (whole, at, size) => whole.slice(at + size)) },
  ],
  ['uppercase', ofText((value) => value.toUpperCase())],
  ['lowercase', ofText((value) => value.toLowerCase())],
  ['trim', ofText((value) => value.replace(/[ \t\n\r]+/g, ' ').replace(/^ | $/g, ''))],
  [
    'contains',
    { parameters: [textOrContext, text], run: (value, part) => (isText(value) && isText(part) ? value.includes(part) : undefined) },
  ],
  ['join', { parameters: [{ takes: 'list of s' }, { takes: 's', optional: true }], run: join }],
  ['split', { parameters: [textOrContext, text, { takes: 'n', optional: true }], run: split }],
  ['count', { parameters: [{ takes: 'list' }], run: (values) => (Array.isArray(values) ? values.length : 0) }],
  ['sum', ofNumbers((values) => values.reduce((total, each) => total + each, 0))],
  ['min', ofNumbers((values) => (values.length === 0 ? undefined : values.reduce((least, each) => Math.min(least, each), Infinity)))],
  ['max', ofNumbers((values) => (values.length === 0 ? undefined : values.reduce((most, each) => Math.max(most, each), -Infinity)))],
  ['round', { parameters: [numberOrContext, { takes: 'n', optional: true }], run: round }],
  ['floor', ofNumber(Math.floor)],
  ['ceil', ofNumber(Math.ceil)],
  ['abs', ofNumber(Math.abs)],
  ['lookup', { parameters: [anyOrContext, text], run: (value, key) => (isText(key) ? lookUp(value, key) : undefined) }],
  ['time', { parameters: [{ takes: 'x' }], run: timeOf }],
  ['list', { parameters: [{ takes: 'x' }], run: listOf }],
  ['text', { parameters: [{ takes: 'x' }], run: textOf }],
]);

function isText(value: Value): value is string {
  return typeof value === 'string';
}

/** JSONata counts characters, not UTF-16 units. */
function hasSurrogates(value: string): boolean {
  return /[\ud800-\udfff]/.test(value);
}

const decimal = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/;
const prefixed = /^0([xX][0-9A-Fa-f]+|[oO][0-7]+|[bB][01]+)$/;

function toNumber(value: Value): Value {
  if (value === undefined || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = isText(value) && (decimal.test(value) || prefixed.test(value)) ? Number(value) : Number.NaN;
  if (!Number.isFinite(number)) throw new Failure('record', `${show(value)} is not a number`);
  return number;
}

function substring(value: Value, start: Value, length: Value): Value {
  if (!isText(value)) return undefined;
  if (typeof length === 'number' && length <= 0) return '';
  // As JSONata: a length counted from a start that is missing reaches nowhere.
  if (typeof start !== 'number') return typeof length === 'number' ? '' : value;
  const characters = hasSurrogates(value) ? Array.from(value) : undefined;
  const size = characters === undefined ? value.length : characters.length;
  const first = size + start < 0 ? 0 : start;
  const end = typeof length !== 'number' ? undefined : first >= 0 ? first + length : size + first + length;
  return characters === undefined ? value.slice(first, end) : characters.slice(first, end).join('');
}

function partOf(value: Value, mark: Value, part: (whole: string, at: number, size: number) => string): Value {
  if (!isText(value)) return undefined;
  // Without a mark JSONata looks for the word "undefined"; finding nothing to split at is the honest reading of it.
  if (!isText(mark)) return value;
  const at = value.indexOf(mark);
  return at < 0 ? value : part(value, at, mark.length);
}

function join(values: Value, separator: Value): Value {
  if (!Array.isArray(values)) return undefined;
  const joined = values.join(isText(separator) ? separator : '');
  spend(joined.length >> 6);
  return joined;
}

function split(value: Value, separator: Value, limit: Value): Value {
  if (!isText(value)) return undefined;
  if (typeof limit === 'number' && limit < 0) throw new Failure('record', `the limit of $split must not be negative, got ${limit}`);
  if (typeof limit === 'number' && !(limit > 0)) return [];
  if (!isText(separator)) throw new Failure('record', '$split needs a text to split at');
  const parts: ValueList = value.split(separator, typeof limit === 'number' ? limit : undefined);
  spend(parts.length >> 3);
  return parts;
}

/** Half to even, as JSONata; decimal places are moved in the number's own decimal notation, where no binary error creeps in. */
function round(value: Value, places: Value): Value {
  if (!isNumber(value)) return undefined;
  const shift = typeof places === 'number' ? places : 0;
  const moved = shift === 0 ? value : movePoint(value, shift);
  const nearest = Math.round(moved);
  const halfToOdd = Math.abs(nearest - moved) === 0.5 && Math.abs(nearest % 2) === 1;
  const even = halfToOdd ? nearest - 1 : nearest;
  const back = shift === 0 ? even : movePoint(even, -shift);
  return back === 0 ? 0 : back;
}

function movePoint(value: number, places: number): number {
  const [digits = '0', exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}
