import { fromText, fromZoneText, toText, toZoneText } from '../time.js';
import type { Caller } from './context.js';

const call = /^javascript:\s*gs\.(\w+)\(([^)]*)\);?$/;
const dayMs = 86_400_000;

/**
 * The value of a condition: literal text, or one call of the few `gs` functions that integrations use.
 * Undefined for any other script: the instance would run it, the simulator counts the condition as invalid.
 * Dates come back as UTC text; "today" is the caller's day.
 */
export function evaluate(value: string, caller: Caller): string | undefined {
  if (!value.startsWith('javascript:')) return value;
  const match = call.exec(value);
  const args = (match?.[2] ?? '').split(',').map((part) => part.trim().replaceAll(/^['"]|['"]$/g, ''));
  const count = Number(args[0]);
  const today = toZoneText(caller.now, caller.zone).slice(0, 10);
  const startOf = (daysBack: number): number => {
    const noon = (fromText(today) ?? 0) + dayMs / 2 - daysBack * dayMs;
    return fromZoneText(`${toText(noon).slice(0, 10)} 00:00:00`, caller.zone) ?? noon;
  };
  switch (match?.[1]) {
    case 'getUserID':
      return caller.userId;
    case 'getUserName':
      return caller.userName;
    case 'now':
      return today;
    case 'nowDateTime':
      return toZoneText(caller.now, caller.zone);
    case 'beginningOfToday':
      return toText(startOf(0));
    case 'endOfToday':
      return toText(startOf(-1) - 1000);
    case 'daysAgo':
      return Number.isFinite(count) ? toText(caller.now - count * dayMs) : undefined;
    case 'daysAgoStart':
      return Number.isFinite(count) ? toText(startOf(count)) : undefined;
    case 'daysAgoEnd':
      return Number.isFinite(count) ? toText(startOf(count - 1) - 1000) : undefined;
    case 'hoursAgo':
    case 'hoursAgoStart':
    case 'hoursAgoEnd':
      return ago(match[1].slice(8), count, 3_600_000, caller);
    case 'minutesAgo':
    case 'minutesAgoStart':
    case 'minutesAgoEnd':
      return ago(match[1].slice(10), count, 60_000, caller);
    case 'dateGenerate': {
      const time = /^\d{2}:\d{2}:\d{2}$/.test(args[1] ?? '') ? args[1] : args[1] === 'end' ? '23:59:59' : '00:00:00';
      const ms = fromZoneText(`${args[0]} ${time}`, caller.zone);
      return ms === undefined ? undefined : toText(ms);
    }
    default:
      return undefined;
  }
}

function ago(edge: string, count: number, unitMs: number, caller: Caller): string | undefined {
  if (!Number.isFinite(count)) return undefined;
  const at = caller.now - count * unitMs;
  if (edge === '') return toText(at);
  const start = Math.floor(at / unitMs) * unitMs;
  return toText(edge === 'Start' ? start : start + unitMs - 1000);
}
