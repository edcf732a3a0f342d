import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { Failure } from '../../kit/index.js';
import { text } from './organisation/incidents.js';

/** One version of one incident, at the instant at which it was stored. */
export interface LogEvent {
  readonly at: string;
  readonly row: Readonly<Record<string, string>>;
}

const states: Readonly<Record<string, string>> = {
  New: '1',
  Active: '2',
  'Awaiting User Info': '3',
  'Awaiting Problem': '3',
  'Awaiting Vendor': '3',
  'Awaiting Evidence': '3',
  Resolved: '6',
  Closed: '7',
};

/**
 * Reads an incident event log as ServiceNow's audit tables give it (one line per stored version; the columns of UCI data set 498), oldest event first.
 * The log names no services, so the demo's mapping takes category, subcategory and symptom as the case.
 */
export function readEventLog(file: string): readonly LogEvent[] {
  const lines = readText(file)
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const head = (lines[0] ?? '').split(',');
  const missing = ['number', 'incident_state', 'opened_at', 'sys_updated_at', 'category', 'subcategory'].filter(
    (column) => !head.includes(column),
  );
  if (missing.length > 0)
    throw new Failure('config', `the log has no column ${missing.join(', ')}`, {
      place: `${file}:1`,
      hint: 'give an incident event log with a header line',
    });
  const events = lines.slice(1).map((line) => {
    const cells = line.split(',');
    const cell = (name: string): string => {
      const value = (cells[head.indexOf(name)] ?? '').trim();
      return value === '?' ? '' : value;
    };
    const at = instantOf(cell('sys_updated_at'));
    return { at, row: rowOf(cell, at) };
  });
  return events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function rowOf(cell: (name: string) => string, at: string): Readonly<Record<string, string>> {
  const number = cell('number');
  const state = states[cell('incident_state')] ?? '2';
  const over = state === '6' || state === '7';
  return {
    sys_id: createHash('sha256').update(number).digest('hex').slice(0, 32),
    number,
    short_description: [cell('category'), cell('subcategory'), cell('u_symptom')].filter((part) => part !== '').join(', '),
    opened_at: text(new Date(instantOf(cell('opened_at')))),
    sys_created_on: text(new Date(instantOf(cell('opened_at')))),
    sys_updated_on: text(new Date(at)),
    category: cell('category'),
    subcategory: cell('subcategory'),
    u_symptom: cell('u_symptom'),
    impact: cell('impact').slice(0, 1),
    urgency: cell('urgency').slice(0, 1),
    priority: cell('priority').slice(0, 1),
    state,
    reopen_count: cell('reopen_count'),
    reassignment_count: cell('reassignment_count'),
    ...(over && { close_code: cell('closed_code') || 'Solution provided', close_notes: 'as logged' }),
  };
}

/** `29/2/2016 06:26`, taken as UTC. */
function instantOf(stamp: string): string {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/.exec(stamp);
  if (match === null) return '1970-01-01T00:00:00.000Z';
  const [, day = '', month = '', year = '', hour = '', minute = ''] = match;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${hour.padStart(2, '0')}:${minute}:00.000Z`;
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw new Failure('config', `the log cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`, {
      place: file,
      hint: 'give a CSV file, or one compressed by gzip',
    });
  }
}
