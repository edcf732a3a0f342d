import type { Values } from './records.js';

/** Priority by impact (row) and urgency (column), as the data lookup of a new instance has it. */
const priorities: Readonly<Record<string, string>> = {
  '1,1': '1',
  '1,2': '2',
  '1,3': '3',
  '2,1': '2',
  '2,2': '3',
  '2,3': '4',
  '3,1': '3',
  '3,2': '4',
  '3,3': '5',
};

/** States in which a task is no longer active. */
export const terminalStates: Readonly<Record<string, readonly string[]>> = {
  incident: ['7', '8'],
  problem: ['107'],
  change_request: ['3', '4'],
};

export const priorityOf = (impact: string, urgency: string): string => priorities[`${impact},${urgency}`] ?? '5';

/** What the platform derives for a task where it is not said: activity from the state, incident_state, priority. */
export function deriveTask(table: string, values: Values): Values {
  const terminal = terminalStates[table];
  if (!terminal) return {};
  const { state, incident_state: mirrored, impact, urgency, active, priority } = values;
  const effective = state ?? mirrored;
  return {
    ...(active === undefined && effective !== undefined && { active: String(!terminal.includes(effective)) }),
    ...(table === 'incident' && effective !== undefined && { state: effective, incident_state: effective }),
    ...(priority === undefined && table !== 'change_request' && { priority: priorityOf(impact ?? '3', urgency ?? '3') }),
  };
}
