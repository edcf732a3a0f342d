import { decideApproval, defaultApprover, requestApproval } from './approvals.js';
import { enterChangeState } from './business-rules.js';
import type { Instance } from './instance.js';
import { type Values, nextVersion } from './records.js';
import type { Row } from './store.js';

/** Where people can take a change, in the order of its life. */
export const changeGoals = ['assess', 'approved', 'rejected', 'scheduled', 'implement', 'review', 'closed', 'canceled'] as const;
export type ChangeGoal = (typeof changeGoals)[number];

export interface ChangeStep {
  readonly to: ChangeGoal;
  /** For `closed`; `successful` without it. */
  readonly close_code?: string;
  readonly close_notes?: string;
  /** User name of who does it; the change manager without it. */
  readonly by?: string;
}

const states: Readonly<Record<ChangeGoal, string>> = {
  assess: '-4',
  approved: '-3',
  rejected: '-5',
  scheduled: '-2',
  implement: '-1',
  review: '0',
  closed: '3',
  canceled: '4',
};
const road: readonly ChangeGoal[] = ['assess', 'approved', 'scheduled', 'implement', 'review', 'closed'];

/** Takes a change where people would take it, through every state in between, each a version of its own. Fails when it is over already, or past the goal. */
export function moveChange(instance: Instance, sysId: string, step: ChangeStep): Row {
  const change = instance.store.get('change_request', sysId);
  if (!change) throw new Error(`there is no change ${sysId}`);
  if (['3', '4'].includes(change['state'] ?? '')) throw new Error(`change ${change['number']} is over already (state ${change['state']})`);
  const by = step.by ?? defaultApprover;
  if (step.to === 'canceled') return enter(instance, change, 'canceled', by, {});
  if (step.to === 'rejected') {
    decideApproval(instance, change, 'rejected', by);
    return enter(instance, change, 'rejected', by, { approval: 'rejected' });
  }
  const done = road.findIndex((goal) => states[goal] === change['state'] && (goal !== 'approved' || change['approval'] === 'approved'));
  const target = road.indexOf(step.to);
  if (done >= target) throw new Error(`change ${change['number']} is at or past ${step.to} (state ${change['state']})`);
  return road.slice(done + 1, target + 1).reduce((row, goal) => take(instance, row, goal, by, step), change);
}

function take(instance: Instance, change: Row, goal: ChangeGoal, by: string, step: ChangeStep): Row {
  if (goal === 'assess') {
    const row = enter(instance, change, goal, by, {});
    requestApproval(instance, row);
    return row;
  }
  if (goal === 'approved') {
    decideApproval(instance, change, 'approved', by);
    return enter(instance, change, goal, by, { approval: 'approved' });
  }
  if (goal !== 'closed') return enter(instance, change, goal, by, {});
  const closeCode = step.close_code ?? 'successful';
  return enter(instance, change, goal, by, { close_code: closeCode, close_notes: step.close_notes ?? `Closed as ${closeCode}` });
}

function enter(instance: Instance, change: Row, goal: ChangeGoal, by: string, extra: Values): Row {
  const row = nextVersion(instance, change, { ...enterChangeState(instance, change, states[goal], by), ...extra }, by);
  instance.store.put('change_request', row);
  return row;
}
