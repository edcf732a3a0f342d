import { Failure } from 'golden-thread/kit';
import type { JiraConfig } from './config.js';

/** A kind of ticket that is written: where it is created, as what, and which stream reads it back. */
export interface Target {
  /** `issue` for improvement tickets, `change` for change tickets. */
  readonly resource: 'issue' | 'change';
  readonly about: string;
  readonly project: string;
  /** Name or id. */
  readonly issueType: string;
  readonly stream: string;
}

/** What the configuration allows to be written; nothing without a project. */
export function targetsOf({ project, issueType, ticketStream, change }: JiraConfig): readonly Target[] {
  return [
    ...(project === undefined
      ? []
      : [{ resource: 'issue' as const, about: `Improvement tickets in project ${project}`, project, issueType, stream: ticketStream }]),
    ...(change === undefined ? [] : [{ resource: 'change' as const, about: `Change tickets in project ${change.project}`, ...change }]),
  ];
}

/** The target of a resource; fails with `config` for one that is not configured. */
export function targetNamed(targets: readonly Target[], name: string): Target {
  const found = targets.find(({ resource }) => resource === name);
  if (found !== undefined) return found;
  throw new Failure('config', `Jira has no resource "${name}" to write to`, {
    committed: 'no',
    hint:
      name === 'change'
        ? 'set change of this system: the project and issue type of change tickets'
        : `write to: <system>.${targets.map(({ resource }) => resource).join(' or <system>.')} in the push mapping`,
  });
}
