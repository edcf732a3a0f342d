import { type Json, type JsonObject, isList, isObject, textOf } from '../json.js';
import type { Sim } from '../sim.js';
import { findPerson } from '../world/people.js';
import type { IssueType, Person, Project } from '../world/types.js';
import { complain, projectNamed, typeNamed } from './by-name.js';
import type { ScreenChange, ValidatorChange } from './shapes.js';

/** Adds people, or changes those with the same account id, e-mail or name; what is left out stays or gets a default. */
export function addPeople(sim: Sim, wanted: readonly Json[]): readonly Person[] {
  return wanted.map((each) => {
    const given = isObject(each) ? each : complain('a person is an object');
    const known = findPerson(sim.world.people, textOf(given['accountId']) ?? textOf(given['email']) ?? textOf(given['displayName']) ?? '');
    const person = { ...(known ?? newPerson(sim, given)), ...given } as unknown as Person;
    sim.world.people = [...sim.world.people.filter((other) => other !== known), person];
    return person;
  });
}

function newPerson(sim: Sim, given: JsonObject): Person {
  const number = String(sim.world.people.length + 1).padStart(12, '0');
  const displayName = textOf(given['displayName']) ?? complain('a new person needs a displayName');
  const email = `${displayName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@example.com`;
  return {
    accountId: `712020:00000000-0000-4000-8000-${number}`,
    displayName,
    email,
    token: `${email.split('@')[0] ?? ''}-token`,
    active: true,
    accountType: 'atlassian',
    timeZone: 'UTC',
    deny: [],
    blind: [],
  };
}

/** Adds a project that is set up like another one: `{key, name, like, components?}`. */
export function addProject(sim: Sim, body: JsonObject): Project {
  const key = textOf(body['key']) ?? complain('key is missing');
  if (sim.world.projects.some((project) => project.key === key)) complain(`project ${key} exists`);
  const like = projectNamed(sim, textOf(body['like']) ?? 'IMP');
  const id = 10_000 + sim.world.projects.length;
  const names = isList(body['components']) ? body['components'].map(String) : like.components.map((component) => component.name);
  const project: Project = {
    ...like,
    id: String(id),
    key,
    name: textOf(body['name']) ?? key,
    components: names.map((name, index) => ({ id: String(id * 100 + index), name })),
  };
  sim.world.projects = [...sim.world.projects, project];
  return project;
}

/** Changes the screens of one type of one project. */
export function changeScreen(sim: Sim, change: ScreenChange): IssueType {
  const project = projectNamed(sim, change.project);
  const type = typeNamed(project, change.type);
  const next: IssueType = {
    ...type,
    createScreen: change.create ?? type.createScreen,
    editScreen: change.edit ?? type.editScreen,
    required: change.required ?? type.required,
  };
  const types = project.types.map((each) => (each === type ? next : each));
  sim.world.projects = sim.world.projects.map((each) => (each === project ? { ...project, types } : each));
  return next;
}

/** Puts a validator on the transitions of one name of one type of one project. */
export function addValidator(sim: Sim, { project: key, type: name, transition, field, message }: ValidatorChange): IssueType {
  const project = projectNamed(sim, key);
  const type = typeNamed(project, name);
  if (!type.transitions.some((one) => one.name === transition)) complain(`type '${type.name}' has no transition '${transition}'`);
  const transitions = type.transitions.map((one) => (one.name === transition ? { ...one, validator: { field, message } } : one));
  const next: IssueType = { ...type, transitions };
  const types = project.types.map((each) => (each === type ? next : each));
  sim.world.projects = sim.world.projects.map((each) => (each === project ? { ...project, types } : each));
  return next;
}
