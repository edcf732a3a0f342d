import { type Answer, isRefusal, ok } from '../answer.js';
import type { Incoming } from '../answer-call.js';
import { type Fault, type Faults, faultProblem } from '../faults.js';
import type { Journal } from '../journal.js';
import { type Json, type JsonObject, isList, isObject, textOf } from '../json.js';
import type { Sim } from '../sim.js';
import { archiveIssue, deleteIssue } from '../store/write.js';
import { setSwitches } from '../switches.js';
import { complain } from './by-name.js';
import { editAsPerson, fileOf, insertIssues, moveAsPerson, moveToProject } from './issues-control.js';
import { rawIssues } from './raw-issues.js';
import type { NewIssue, PersonEdit, PersonMove, ScreenChange, ValidatorChange } from './shapes.js';
import { addPeople, addProject, addValidator, changeScreen } from './world-control.js';

/** Everything that the control interface reaches. */
export interface ControlScope {
  readonly sim: Sim;
  readonly journal: Journal;
  readonly faults: Faults;
}

/** Answers a request below `/_sim/`: 200, or 400 with `{error}` in one sentence. No credentials; loopback only. */
export function answerControl(scope: ControlScope, incoming: Incoming): Answer {
  try {
    const body: unknown = incoming.text === '' ? {} : JSON.parse(incoming.text);
    if (!isObject(body)) return complain('the body is a JSON object');
    return ok(control(scope, incoming, body) as Json);
  } catch (thrown) {
    if (isRefusal(thrown)) return thrown.answer;
    return { status: 400, body: { error: thrown instanceof Error ? thrown.message : String(thrown) } };
  }
}

function control(scope: ControlScope, incoming: Incoming, body: JsonObject): unknown {
  const [, , what = '', id = '', verb = ''] = incoming.path.split('/').map(decodeURIComponent);
  const { sim } = scope;
  switch (`${incoming.method} ${what}${id === '' ? '' : '/{}'}${verb === '' ? '' : `/${verb}`}`) {
    case 'GET clock':
      return clockState(sim);
    case 'POST clock':
      return setClock(sim, body);
    case 'GET journal':
      return { entries: scope.journal.since(Number(incoming.query.get('since') ?? 0)) };
    case 'GET faults':
      return { faults: scope.faults.all() };
    case 'POST faults':
      return addFaults(scope, body);
    case 'DELETE faults':
      scope.faults.clear();
      return { faults: [] };
    case 'GET switches':
      return sim.switches;
    case 'POST switches':
      return changeSwitches(sim, body);
    case 'GET index':
      return { waiting: sim.index.waiting(), rows: sim.index.rows(sim.clock.now()).length };
    case 'DELETE fields/{}':
      sim.world.fields = sim.world.fields.filter((field) => field.id !== id && field.name !== id);
      return {};
    case 'POST validators':
      return addValidator(sim, body as unknown as ValidatorChange);
    case 'POST revoke':
      sim.oauth.revoke();
      return {};
    case 'GET world':
      return sim.world;
    case 'POST people':
      return { people: addPeople(sim, isList(body['people']) ? body['people'] : []) };
    case 'POST projects':
      return addProject(sim, body);
    case 'POST screens':
      return changeScreen(sim, body as unknown as ScreenChange);
    case 'GET issues':
      return { issues: rawIssues(sim, incoming.query) };
    case 'POST issues':
      return {
        issues: insertIssues(
          sim,
          (isList(body['issues']) ? body['issues'] : []) as unknown as readonly NewIssue[],
          textOf(body['by']) ?? '',
        ),
      };
    default:
      return controlIssue(scope, incoming, id, verb, body);
  }
}

function controlIssue({ sim }: ControlScope, incoming: Incoming, id: string, verb: string, body: JsonObject): unknown {
  const path = `${incoming.method} ${incoming.path.replace(`/${encodeURIComponent(id)}`, '/{}').replace('/_sim/', '')}`;
  const by = textOf(body['by']) ?? 'Priya Raman';
  switch (path) {
    case 'PATCH issues/{}':
      editAsPerson(sim, fileOf(sim, id), body as unknown as PersonEdit);
      break;
    case 'DELETE issues/{}':
      deleteIssue(sim, fileOf(sim, id));
      return {};
    case 'POST issues/{}/transition':
      moveAsPerson(sim, fileOf(sim, id), body as unknown as PersonMove);
      break;
    case 'POST issues/{}/archive':
      archiveIssue(sim, fileOf(sim, id), body['archived'] !== false);
      break;
    case 'POST issues/{}/move':
      moveToProject(sim, fileOf(sim, id), textOf(body['project']) ?? '', by);
      break;
    case 'POST issues/{}/hide':
    case 'POST issues/{}/show': {
      const account = textOf(body['accountId']) ?? complain('accountId is missing');
      const { hiddenFrom } = fileOf(sim, id);
      if (verb === 'hide') hiddenFrom.add(account);
      else hiddenFrom.delete(account);
      break;
    }
    default:
      return complain(`there is no control ${incoming.method} ${incoming.path}`);
  }
  return { issue: rawIssues(sim, new URLSearchParams({ ids: String(fileOf(sim, id).issue.id) }))[0] };
}

function clockState(sim: Sim): { readonly now: string; readonly rate: 0 | 1 } {
  return { now: new Date(sim.clock.now()).toISOString(), rate: sim.clock.rate() };
}

function setClock(sim: Sim, body: JsonObject): unknown {
  const { advanceMs, set, rate } = body;
  const at = set === undefined ? undefined : Date.parse(textOf(set) ?? '');
  if (advanceMs !== undefined && typeof advanceMs !== 'number') complain('advanceMs is a number of milliseconds');
  if (at !== undefined && Number.isNaN(at)) complain(`set '${textOf(set) ?? ''}' is no ISO 8601 instant`);
  if (rate !== undefined && rate !== 0 && rate !== 1) complain('rate is 0 (frozen) or 1 (running)');
  if (typeof advanceMs === 'number') sim.clock.advance(advanceMs);
  if (at !== undefined) sim.clock.set(at);
  if (rate === 0 || rate === 1) sim.clock.setRate(rate);
  return clockState(sim);
}

function addFaults(scope: ControlScope, body: JsonObject): unknown {
  const faults = (isList(body['faults']) ? body['faults'] : complain('faults is a list')) as unknown as readonly Fault[];
  const problem = faults.map(faultProblem).find((each) => each !== undefined);
  if (problem !== undefined) complain(problem);
  scope.faults.add(faults);
  return { faults: scope.faults.all() };
}

function changeSwitches(sim: Sim, body: JsonObject): unknown {
  const problem = setSwitches(sim.switches, body);
  if (problem !== undefined) complain(problem);
  sim.index.setResolution(sim.switches.indexResolutionMs);
  return sim.switches;
}
