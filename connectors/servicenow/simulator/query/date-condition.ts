import { fromText, toText, zoneOffset } from '../time.js';
import type { Row } from '../store.js';
import type { Caller, ConditionContext, Test } from './context.js';
import { type Path, compilePath } from './path.js';
import { evaluate } from './script.js';
import type { Condition } from './syntax.js';

const units: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  dayofweek: 86_400_000,
  week: 604_800_000,
  month: 2_592_000_000,
  quarter: 7_776_000_000,
  year: 31_536_000_000,
};

/** Conditions on date-times. Literals are UTC. A value that is no date makes the condition invalid. */
export function dateTest(condition: Condition, path: Path, context: ConditionContext): Test | undefined {
  const { operator, value } = condition;
  const { read } = path;
  const literal = (text: string | undefined): string | undefined => asStamp(text, context.caller);
  const filled = (test: (stamp: string) => boolean): Test => {
    return (row) => {
      const stamp = read(row);
      return stamp !== '' && test(stamp.length === 10 ? `${stamp} 00:00:00` : stamp);
    };
  };
  if (operator === '=' || operator === '!=') {
    if (value === '' || value === 'NULL') return operator === '=' ? (row) => read(row) === '' : (row) => read(row) !== '';
    const stamp = literal(value);
    if (stamp === undefined || !context.dateEquals) return undefined;
    return operator === '=' ? filled((one) => one === stamp) : (row) => read(row) !== stamp;
  }
  if (operator === '>' || operator === '>=' || operator === '<' || operator === '<=') {
    const bound = literal(value);
    if (bound === undefined) return undefined;
    if (operator === '>') return filled((stamp) => stamp > bound);
    if (operator === '>=') return filled((stamp) => stamp >= bound);
    return operator === '<' ? filled((stamp) => stamp < bound) : filled((stamp) => stamp <= bound);
  }
  if (operator === 'BETWEEN') {
    const [low, high] = value.split('@').map(literal);
    return low === undefined || high === undefined ? undefined : filled((stamp) => stamp >= low && stamp <= high);
  }
  if (operator === 'ON' || operator === 'NOTON') {
    const range = dayRange(value, literal);
    if (!range) return undefined;
    const within = filled((stamp) => stamp >= range[0] && stamp <= range[1]);
    return operator === 'ON' ? within : (row) => !within(row);
  }
  if (operator.startsWith('RELATIVE')) return relativeTest(operator, value, context.caller, filled);
  if (operator === 'DATEPART') return datePartTest(value, context.caller, filled);
  if (operator === 'MORETHAN' || operator === 'LESSTHAN') return distanceTest(condition, read, context);
  if (operator === 'SAMEAS' || operator === 'NSAMEAS') return sameUnitTest(condition, read, context);
  return undefined;
}

function asStamp(text: string | undefined, caller: Caller): string | undefined {
  const value = text === undefined ? undefined : evaluate(text, caller);
  const ms = value === undefined ? undefined : fromText(value);
  return ms === undefined ? undefined : toText(ms);
}

/** `Today@<start>@<end>`, or a day alone. */
function dayRange(value: string, literal: (text: string) => string | undefined): readonly [string, string] | undefined {
  const parts = value.split('@');
  const start = literal(parts[1] ?? parts[0] ?? '');
  const end = parts.length >= 3 ? literal(parts[2] ?? '') : start && `${start.slice(0, 10)} 23:59:59`;
  return start === undefined || end === undefined ? undefined : [start, end];
}

function relativeTest(
  operator: string,
  value: string,
  caller: Caller,
  filled: (test: (stamp: string) => boolean) => Test,
): Test | undefined {
  const [, unit = '', direction, amount] = value.split('@');
  const unitMs = units[unit];
  if (unitMs === undefined || !Number.isFinite(Number(amount))) return undefined;
  const at = caller.now + (direction === 'ahead' ? 1 : -1) * Number(amount) * unitMs;
  const bound = toText(at);
  switch (operator) {
    case 'RELATIVEGT':
      return filled((stamp) => stamp > bound);
    case 'RELATIVEGE':
      return filled((stamp) => stamp >= bound);
    case 'RELATIVELT':
      return filled((stamp) => stamp < bound);
    case 'RELATIVELE':
      return filled((stamp) => stamp <= bound);
    default: {
      const low = toText(Math.floor(at / unitMs) * unitMs);
      const high = toText(Math.floor(at / unitMs) * unitMs + unitMs - 1000);
      return filled((stamp) => stamp >= low && stamp <= high);
    }
  }
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** `<label>@javascript:gs.datePart('dayofweek','monday','EE')`, in the caller's zone. */
function datePartTest(value: string, caller: Caller, filled: (test: (stamp: string) => boolean) => Test): Test | undefined {
  const match = /gs\.datePart\('(\w+)',\s*'([^']+)',\s*'(EE|GT|GE|LT|LE)'\)/.exec(value);
  const part = match?.[1] ?? '';
  const wanted = part === 'dayofweek' ? weekdays.indexOf(match?.[2] ?? '') : Number(match?.[2]);
  if (!match || !['dayofweek', 'month', 'quarter', 'year', 'hour'].includes(part) || !(wanted >= 0)) return undefined;
  return filled((stamp) => {
    const ms = fromText(stamp) ?? 0;
    const local = new Date(ms + zoneOffset(caller.zone, ms));
    const parts: Readonly<Record<string, number>> = {
      dayofweek: local.getUTCDay(),
      month: local.getUTCMonth() + 1,
      quarter: Math.floor(local.getUTCMonth() / 3) + 1,
      year: local.getUTCFullYear(),
      hour: local.getUTCHours(),
    };
    const is = parts[part] ?? -1;
    const by = match[3];
    return by === 'EE' ? is === wanted : by === 'GT' ? is > wanted : by === 'GE' ? is >= wanted : by === 'LT' ? is < wanted : is <= wanted;
  });
}

/** `aMORETHANb@hour@after@2`: a is more than two hours after b; LESSTHAN: less than two. */
function distanceTest({ operator, value }: Condition, read: (row: Row) => string, context: ConditionContext): Test | undefined {
  const [field = '', unit = '', direction, amount] = value.split('@');
  const other = compilePath(context.store, context.table, field);
  const unitMs = units[unit];
  if (!other || unitMs === undefined || !Number.isFinite(Number(amount))) return undefined;
  return (row) => {
    const [left, right] = [fromText(read(row)), fromText(other.read(row))];
    if (left === undefined || right === undefined) return false;
    const distance = direction === 'before' ? right - left : left - right;
    return operator === 'MORETHAN' ? distance > Number(amount) * unitMs : distance >= 0 && distance < Number(amount) * unitMs;
  };
}

/** `aSAMEASb@day`: both in the same day (week, month …), counted in UTC. */
function sameUnitTest({ operator, value }: Condition, read: (row: Row) => string, context: ConditionContext): Test | undefined {
  const [field = '', unit = ''] = value.split('@');
  const other = compilePath(context.store, context.table, field);
  const length = { hour: 13, day: 10, month: 7, year: 4 }[unit];
  if (!other || length === undefined) return undefined;
  return (row) => {
    const same = read(row) !== '' && read(row).slice(0, length) === other.read(row).slice(0, length);
    return operator === 'SAMEAS' ? same : !same;
  };
}
