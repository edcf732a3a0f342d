import type {
  ClockState,
  NewIssue,
  PersonEdit,
  PersonMove,
  RawIssue,
  ScreenChange,
  ValidatorChange,
  WorldState,
} from './control/shapes.js';
import type { Fault, FaultCount } from './faults.js';
import type { JournalEntry } from './journal.js';
import type { Switches } from './switches.js';
import type { IssueType, Person, Project } from './world/types.js';

/** Everything that can be done to a simulator from outside. Each call fails with the simulator's own sentence when it is refused. */
export interface JiraControl {
  clock(): Promise<ClockState>;
  advance(ms: number): Promise<ClockState>;
  /** ISO 8601. */
  setClock(at: string): Promise<ClockState>;
  setRate(rate: 0 | 1): Promise<ClockState>;
  /** Requests to the site behind entry `n`. */
  journal(since?: number): Promise<readonly JournalEntry[]>;
  addFaults(...faults: readonly Fault[]): Promise<readonly FaultCount[]>;
  faults(): Promise<readonly FaultCount[]>;
  clearFaults(): Promise<void>;
  switches(change?: Partial<Switches>): Promise<Switches>;
  world(): Promise<WorldState>;
  /** Inserts issues, all or none, in order. `by` defaults to the service owner. */
  insert(issues: readonly NewIssue[], by?: string): Promise<readonly { readonly id: string; readonly key: string }[]>;
  edit(idOrKey: string, edit: PersonEdit): Promise<RawIssue>;
  transition(idOrKey: string, move: PersonMove): Promise<RawIssue>;
  remove(idOrKey: string): Promise<void>;
  /** Takes a field from the site, by id or name; its values are not shown any more. */
  removeField(idOrName: string): Promise<void>;
  validator(change: ValidatorChange): Promise<unknown>;
  /** Ends all OAuth access tokens. */
  revokeTokens(): Promise<void>;
  archive(idOrKey: string, archived?: boolean): Promise<RawIssue>;
  move(idOrKey: string, project: string, by?: string): Promise<RawIssue>;
  hide(idOrKey: string, accountId: string): Promise<void>;
  show(idOrKey: string, accountId: string): Promise<void>;
  /** All issues, whoever may see them, or those of a project, a label, some ids or keys; `deleted` for deleted ones too. */
  issues(ask?: {
    readonly project?: string;
    readonly label?: string;
    readonly ids?: readonly string[];
    readonly deleted?: boolean;
  }): Promise<readonly RawIssue[]>;
  /** Adds people, or changes those with the same account id, e-mail or name. */
  people(...people: readonly Partial<Person>[]): Promise<readonly Person[]>;
  /** Adds a project set up like another one (default IMP). */
  addProject(project: {
    readonly key: string;
    readonly name?: string;
    readonly like?: string;
    readonly components?: readonly string[];
  }): Promise<Project>;
  screens(change: ScreenChange): Promise<IssueType>;
}

/** The control of the simulator at `url`, as `startJiraSimulator` or the process's first line gives it. */
export function jiraControl(url: string): JiraControl {
  const send = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/_sim/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as T & { readonly error?: string };
    if (!response.ok) throw new Error(`simulator: ${answer.error}`);
    return answer;
  };
  const issuePath = (idOrKey: string, verb?: string): string =>
    `issues/${encodeURIComponent(idOrKey)}${verb === undefined ? '' : `/${verb}`}`;
  const owner = 'owner@example.com';
  return {
    clock: () => send('GET', 'clock'),
    advance: (advanceMs) => send('POST', 'clock', { advanceMs }),
    setClock: (set) => send('POST', 'clock', { set }),
    setRate: (rate) => send('POST', 'clock', { rate }),
    journal: async (since = 0) => (await send<{ entries: readonly JournalEntry[] }>('GET', `journal?since=${since}`)).entries,
    addFaults: async (...faults) => (await send<{ faults: readonly FaultCount[] }>('POST', 'faults', { faults })).faults,
    faults: async () => (await send<{ faults: readonly FaultCount[] }>('GET', 'faults')).faults,
    clearFaults: async () => void (await send('DELETE', 'faults')),
    switches: (change) => (change === undefined ? send('GET', 'switches') : send('POST', 'switches', change)),
    world: () => send('GET', 'world'),
    insert: async (issues, by = owner) =>
      (await send<{ issues: readonly { readonly id: string; readonly key: string }[] }>('POST', 'issues', { issues, by })).issues,
    edit: async (idOrKey, edit) => (await send<{ issue: RawIssue }>('PATCH', issuePath(idOrKey), edit)).issue,
    transition: async (idOrKey, move) => (await send<{ issue: RawIssue }>('POST', issuePath(idOrKey, 'transition'), move)).issue,
    removeField: async (idOrName) => void (await send('DELETE', `fields/${encodeURIComponent(idOrName)}`)),
    validator: (change) => send('POST', 'validators', change),
    revokeTokens: async () => void (await send('POST', 'revoke', {})),
    archive: async (idOrKey, archived = true) =>
      (await send<{ issue: RawIssue }>('POST', issuePath(idOrKey, 'archive'), { archived })).issue,
    remove: async (idOrKey) => void (await send('DELETE', issuePath(idOrKey))),
    move: async (idOrKey, project, by = owner) =>
      (await send<{ issue: RawIssue }>('POST', issuePath(idOrKey, 'move'), { project, by })).issue,
    hide: async (idOrKey, accountId) => void (await send('POST', issuePath(idOrKey, 'hide'), { accountId })),
    show: async (idOrKey, accountId) => void (await send('POST', issuePath(idOrKey, 'show'), { accountId })),
    issues: async ({ project, label, ids, deleted } = {}) => {
      const query = new URLSearchParams({
        ...(project !== undefined && { project }),
        ...(label !== undefined && { label }),
        ...(ids !== undefined && { ids: ids.join(',') }),
        ...(deleted === true && { deleted: 'true' }),
      });
      return (await send<{ issues: readonly RawIssue[] }>('GET', `issues?${query.toString()}`)).issues;
    },
    people: async (...people) => (await send<{ people: readonly Person[] }>('POST', 'people', { people })).people,
    addProject: (project) => send('POST', 'projects', project),
    screens: (change) => send('POST', 'screens', change),
  };
}
