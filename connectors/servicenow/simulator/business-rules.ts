import { priorityOf, terminalStates } from './derive.js';
import type { Instance } from './instance.js';
import { type Values, userIdOf } from './records.js';
import { type HttpReply, aborted, mandatory } from './replies.js';
import type { Row } from './store.js';
import { fromText, toText } from './time.js';

/** What rules make of a write: the values to store, or the refusal. */
export type Ruled = { readonly values: Values } | { readonly refused: HttpReply };

/** Steps of a normal change. A standard change is approved beforehand and is scheduled at once. */
const steps: Readonly<Record<string, readonly string[]>> = {
  '-5': ['-4', '4'],
  '-4': ['-3', '-5', '4'],
  '-3': ['-2', '-5', '4'],
  '-2': ['-1', '4'],
  '-1': ['0', '4'],
  '0': ['3', '-1', '4'],
  '3': [],
  '4': [],
};

/** Business rules and data policies that run before a write through the API. `before` is undefined for an insert. */
export function applyRules(instance: Instance, table: string, before: Row | undefined, asked: Values, by: string): Ruled {
  const { dataPolicies, rewrites, aborts } = instance.switches;
  const rule = aborts[table];
  if (rule !== undefined) return { refused: aborted(table, rule) };
  const columns = instance.store.dictionary.get(table)?.columns;
  const labels = Object.fromEntries((dataPolicies[table] ?? []).map((name) => [name, columns?.get(name)?.label ?? name]));
  const missing = before === undefined ? missingLabels(asked, labels) : [];
  if (missing.length > 0) return { refused: mandatory(missing) };
  return applyOwnRules(instance, table, before, { ...asked, ...rewrites[table] }, by);
}

function applyOwnRules(instance: Instance, table: string, before: Row | undefined, asked: Values, by: string): Ruled {
  switch (table) {
    case 'incident':
      return ruleIncident(instance, before, asked, by);
    case 'problem':
      return ruleProblem(instance, before, asked);
    case 'change_request':
      return ruleChange(instance, before, asked, by);
    default:
      return { values: asked };
  }
}

function ruleIncident(instance: Instance, before: Row | undefined, asked: Values, by: string): Ruled {
  const old = before?.['state'] ?? '';
  const state = pick(asked, 'state', old) ?? pick(asked, 'incident_state', old) ?? (before ? old : '1');
  const now = toText(instance.clock.now());
  const merged: Values = { ...before, ...asked };
  const values: Record<string, string> = { ...asked, state, incident_state: state, ...prioritise(before, merged) };
  if (state === old) return { values };
  if (state === '6' || state === '7') {
    const missing = missingLabels(merged, { close_code: 'Resolution code', close_notes: 'Resolution notes' });
    if (missing.length > 0) return { refused: mandatory(missing) };
    if (!merged['resolved_at']) {
      const opened = fromText(merged['opened_at'] ?? '') ?? instance.clock.now();
      Object.assign(values, { resolved_at: now, calendar_stc: String(Math.max(0, Math.floor((instance.clock.now() - opened) / 1000))) });
    }
    values['resolved_by'] ??= merged['resolved_by'] || userIdOf(instance, by);
  }
  if (state === '7') Object.assign(values, { closed_at: now, closed_by: userIdOf(instance, by) });
  if (['6', '7'].includes(old) && ['1', '2', '3'].includes(state))
    Object.assign(values, {
      reopen_count: String(Number(before?.['reopen_count'] ?? '0') + 1),
      reopened_time: now,
      resolved_at: '',
      closed_at: '',
    });
  return { values: { ...values, active: String(!terminalStates['incident']?.includes(state)) } };
}

function ruleProblem(instance: Instance, before: Row | undefined, asked: Values): Ruled {
  const { state, problem_state: mirrored, ...rest } = asked;
  const moves =
    before !== undefined &&
    ((state ?? before['state']) !== before['state'] || (mirrored ?? before['problem_state']) !== before['problem_state']);
  if (moves && instance.switches.problemState === 'forbid') return { refused: aborted('problem', 'Problem: check state transition') };
  return { values: { ...rest, ...prioritise(before, { ...before, ...rest }) } };
}

function ruleChange(instance: Instance, before: Row | undefined, asked: Values, by: string): Ruled {
  const { state: wanted, ...rest } = asked;
  const old = before?.['state'] ?? '-5';
  if (before === undefined || wanted === undefined || wanted === old) return { values: rest };
  const merged: Values = { ...before, ...asked };
  if (!isLegal(merged, old, wanted)) {
    if (instance.switches.illegalChangeState === 'ignore') return { values: rest };
    return { refused: aborted('change_request', 'Change Model: Check State Transition') };
  }
  if (wanted !== '4' && !merged['assignment_group']) return { refused: mandatory(['Assignment group']) };
  if (wanted === '3') {
    const missing = missingLabels(merged, { close_code: 'Close code', close_notes: 'Close notes' });
    if (missing.length > 0) return { refused: mandatory(missing) };
  }
  return { values: { ...rest, ...enterChangeState(instance, before, wanted, by) } };
}

/** What entering a state sets besides: activity, actual dates, closure, the request for approval. */
export function enterChangeState(instance: Instance, before: Row, state: string, by: string): Values {
  const now = toText(instance.clock.now());
  const terminal = terminalStates['change_request']?.includes(state) === true;
  return {
    state,
    active: String(!terminal),
    ...(state === '-4' && { approval: 'requested' }),
    ...(state === '-1' && !before['work_start'] && { work_start: now }),
    ...(state === '0' && { work_end: now }),
    ...(terminal && { closed_at: now, closed_by: userIdOf(instance, by) }),
  };
}

/** The states that a change may be moved to now. */
export function nextStates(change: Row): readonly string[] {
  const from = change['state'] ?? '-5';
  return Object.keys(steps).filter((to) => to !== from && isLegal(change, from, to));
}

function isLegal(change: Values, from: string, to: string): boolean {
  if (change['type'] === 'standard' && from === '-5' && to === '-2') return true;
  if (to === '-2' && change['approval'] !== 'approved' && change['type'] !== 'standard') return false;
  return steps[from]?.includes(to) === true;
}

const pick = (asked: Values, field: string, old: string): string | undefined => (asked[field] !== old ? asked[field] : undefined);

function prioritise(before: Row | undefined, merged: Values): Values {
  const { impact = '3', urgency = '3' } = merged;
  const same = before !== undefined && (before['impact'] ?? '3') === impact && (before['urgency'] ?? '3') === urgency;
  return same ? {} : { priority: priorityOf(impact, urgency) };
}

const missingLabels = (values: Values, labels: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(labels)
    .filter(([field]) => !values[field])
    .map(([, label]) => label);
