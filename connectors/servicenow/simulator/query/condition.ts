import type { Row } from '../store.js';
import type { ConditionContext, Test } from './context.js';
import { dateTest } from './date-condition.js';
import { type Path, compilePath, displayOf } from './path.js';
import { evaluate } from './script.js';
import type { Condition } from './syntax.js';

/** `DYNAMIC` value of the platform's "Me". */
const me = '90d1921e5f510100a9ad2572f2b477fe';
const numbers = new Set(['integer', 'decimal', 'percent_complete']);

/** What a condition asks of a row; undefined when field, operator and value do not go together, and the instance would drop it. */
export function compileCondition(condition: Condition, context: ConditionContext): Test | undefined {
  const path = compilePath(context.store, context.table, condition.field);
  if (!path) return undefined;
  const common = commonTest(condition, path, context);
  if (common !== undefined) return common;
  const { type } = path.column;
  if (type === 'glide_date_time' || type === 'glide_date' || type === 'glide_duration') return dateTest(condition, path, context);
  const value = evaluate(condition.value, context.caller);
  if (value === undefined) return undefined;
  if (numbers.has(type)) return numberTest({ ...condition, value }, path.read) ?? textTest({ ...condition, value }, path.read, context);
  if (type === 'reference' || type === 'domain_id') return referenceTest({ ...condition, value }, path, context);
  if (type === 'boolean') return booleanTest({ ...condition, value }, path.read);
  return textTest({ ...condition, value }, path.read, type === 'GUID' ? { ...context, caseSensitive: false } : context);
}

/** Operators that mean the same for every type. */
function commonTest({ operator, value }: Condition, { read, column, name }: Path, context: ConditionContext): Test | undefined {
  switch (operator) {
    case 'ISEMPTY':
      return (row) => read(row) === '';
    case 'ISNOTEMPTY':
      return (row) => read(row) !== '';
    case 'ANYTHING':
      return () => true;
    case 'EMPTYSTRING':
      return (row) => read(row) === '';
    case 'INSTANCEOF':
      return name.endsWith('sys_class_name')
        ? (row) => (context.store.dictionary.get(read(row))?.chain ?? [read(row)]).includes(value)
        : undefined;
    case 'DYNAMIC':
      return value === me && column.reference === 'sys_user' ? (row) => read(row) === context.caller.userId : undefined;
    case 'SAMEAS':
    case 'NSAMEAS': {
      if (value.includes('@')) return undefined;
      const other = compilePath(context.store, context.table, value);
      if (!other) return undefined;
      return operator === 'SAMEAS' ? (row) => read(row) === other.read(row) : (row) => read(row) !== other.read(row);
    }
    case 'GT_FIELD':
    case 'LT_FIELD':
    case 'GT_OR_EQUALS_FIELD':
    case 'LT_OR_EQUALS_FIELD': {
      const other = compilePath(context.store, context.table, value);
      if (!other) return undefined;
      const compare = numbers.has(column.type) ? (a: string, b: string) => Number(a) - Number(b) : compareText;
      return (row) => {
        const left = read(row);
        const right = other.read(row);
        if (left === '' || right === '') return false;
        const order = compare(left, right);
        return operator.includes('EQUALS') && order === 0 ? true : operator.startsWith('GT') ? order > 0 : order < 0;
      };
    }
    default:
      return undefined;
  }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function numberTest({ operator, value }: Condition, read: (row: Row) => string): Test | undefined {
  const [low, high] = value.split('@').map(Number);
  const numeric = (test: (number: number) => boolean): Test | undefined =>
    value === '' || Number.isNaN(low)
      ? undefined
      : (row) => {
          const text = read(row);
          return text !== '' && test(Number(text));
        };
  const bound = low ?? 0;
  switch (operator) {
    case '=':
      return value === '' || value === 'NULL' ? (row) => read(row) === '' : numeric((number) => number === bound);
    case '!=':
      return Number.isNaN(low) || value === '' ? (row) => read(row) !== '' : (row) => read(row) === '' || Number(read(row)) !== bound;
    case '>':
      return numeric((number) => number > bound);
    case '>=':
      return numeric((number) => number >= bound);
    case '<':
      return numeric((number) => number < bound);
    case '<=':
      return numeric((number) => number <= bound);
    case 'BETWEEN':
      return high === undefined || Number.isNaN(high) ? undefined : numeric((number) => number >= bound && number <= high);
    case 'IN':
    case 'NOT IN':
    case 'LIKE':
    case 'NOT LIKE':
    case 'STARTSWITH':
    case 'ENDSWITH':
      return undefined;
    default:
      return undefined;
  }
}

function booleanTest({ operator, value }: Condition, read: (row: Row) => string): Test | undefined {
  const wanted = value === 'true' || value === '1' ? 'true' : 'false';
  if (operator === '=') return wanted === 'true' ? (row) => read(row) === 'true' : (row) => read(row) !== 'true';
  // "False, empty, or NULL": `!=` on a boolean matches what was never set.
  if (operator === '!=') return (row) => read(row) !== wanted;
  if (operator === 'IN') return (row) => value.split(',').includes(read(row) || 'false');
  return undefined;
}

function referenceTest(condition: Condition, path: Path, context: ConditionContext): Test | undefined {
  const { operator, value } = condition;
  if (['=', '!=', 'IN', 'NOT IN'].includes(operator)) return textTest(condition, path.read, { ...context, caseSensitive: false });
  if (value === '') return undefined;
  const { reference = '' } = path.column;
  return textTest(condition, (row) => displayOf(context.store, reference, path.read(row)), context);
}

/** Text comparison, as the database does it: what is empty is matched by the negative operators. */
export function textTest(condition: Condition, readRaw: (row: Row) => string, { caseSensitive }: ConditionContext): Test | undefined {
  const fold = caseSensitive ? (text: string): string => text : (text: string): string => text.toLowerCase();
  const read = caseSensitive ? readRaw : (row: Row): string => readRaw(row).toLowerCase();
  const value = fold(condition.value);
  switch (condition.operator) {
    case '=':
      return condition.value === 'NULL' ? (row) => read(row) === '' : (row) => read(row) === value;
    case '!=':
      return condition.value === 'NULL' ? (row) => read(row) !== '' : (row) => read(row) !== value;
    case 'STARTSWITH':
      return (row) => read(row).startsWith(value);
    case 'ENDSWITH':
    case '%':
      return (row) => read(row).endsWith(value);
    case 'LIKE':
    case '*':
      return (row) => read(row).includes(value);
    case 'NOT LIKE':
    case '!*':
      return (row) => !read(row).includes(value);
    case 'IN':
    case 'NOT IN': {
      const values = new Set(value.split(',').map((one) => one.trim()));
      return condition.operator === 'IN' ? (row) => values.has(read(row)) : (row) => !values.has(read(row));
    }
    case '>':
      return (row) => read(row) > value;
    case '>=':
      return (row) => read(row) >= value;
    case '<':
      return (row) => read(row) !== '' && read(row) < value;
    case '<=':
      return (row) => read(row) !== '' && read(row) <= value;
    case 'BETWEEN': {
      const [low = '', high] = value.split('@');
      return high === undefined ? undefined : (row) => read(row) >= low && read(row) <= high;
    }
    default:
      return undefined;
  }
}
