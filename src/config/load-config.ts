import { dirname, join, resolve } from 'node:path';
import { Directory } from '../domain/organisation/directory.js';
import { Policy } from '../domain/organisation/policy.js';
import { Failure, isFailure } from '../kit/index.js';
import { type Checked, checkYaml, readYaml, suggestion, type YamlFile } from '../yaml/index.js';
import { interpolate, type Sources } from './interpolate.js';
import { Settings } from './settings.js';

/** Everything that administrators decide, checked and frozen. */
export interface Config {
  /** The folder it was read from. */
  readonly dir: string;
  readonly settings: Settings;
  readonly policy: Policy;
  readonly directory: Directory;
  /** Absolute. */
  readonly mappingsDir: string;
  readonly connectorsDir: string | undefined;
  readonly storagePath: string;
  /** Absolute; undefined where none is configured. */
  readonly anchorFile: string | undefined;
  /** golden-thread.yaml with its places, for problems that only a connector can see. */
  readonly file: YamlFile;
}

/**
 * Reads golden-thread.yaml, policy.yaml and directory.yaml from `dir`. All problems of all files are found at once, each with its place.
 * Policy and directory are data without `${…}`: they hold no secrets.
 */
export function loadConfig(dir: string, sources: Sources): Checked<Config> {
  const problems: Failure[] = [];
  const read = <T>(
    name: string,
    check: (file: YamlFile) => Checked<T>,
    replace?: Parameters<typeof readYaml>[1],
  ): { file: YamlFile; value: T } | undefined => {
    try {
      const file = readYaml(join(dir, name), replace);
      const checked = check(file);
      if (checked.ok) return { file, value: checked.value };
      problems.push(...checked.problems);
    } catch (error) {
      if (!isFailure(error)) throw error;
      problems.push(error as Failure);
    }
    return undefined;
  };
  // All variables that are not set at once: one a run would take as many runs as there are variables.
  const unset: Failure[] = [];
  const settings = read(
    'golden-thread.yaml',
    (file) => (unset.length > 0 ? { ok: false, problems: unset } : checkYaml(file, Settings)),
    (text, place) => {
      try {
        return interpolate(text, place, sources);
      } catch (error) {
        if (!isFailure(error)) throw error;
        unset.push(error as Failure);
        return text;
      }
    },
  );
  const policy = read('policy.yaml', (file) => checkYaml(file, Policy));
  const directory = read('directory.yaml', (file) => checkYaml(file, Directory));
  if (settings && policy && directory) problems.push(...crossCheck(settings, policy, directory));
  if (problems.length > 0 || !settings || !policy || !directory) return { ok: false, problems };
  const from = (path: string): string => resolve(dirname(settings.file.file), path);
  return {
    ok: true,
    value: deepFreeze({
      dir,
      settings: settings.value,
      policy: policy.value,
      directory: directory.value,
      mappingsDir: from(settings.value.mappings),
      connectorsDir: settings.value.connectors === undefined ? undefined : from(settings.value.connectors),
      storagePath: from(settings.value.storage.path),
      anchorFile: settings.value.journal.anchorFile === undefined ? undefined : from(settings.value.journal.anchorFile),
      file: settings.file,
    }),
  };
}

interface Read<T> {
  readonly file: YamlFile;
  readonly value: T;
}

/** What no single schema sees: names in one file that another file must know. */
function crossCheck(settings: Read<Settings>, policy: Read<Policy>, directory: Read<Directory>): Failure[] {
  const problems: Failure[] = [];
  const systems = Object.keys(settings.value.systems);
  const people = directory.value.people.map((person) => person.id);
  const categories = policy.value.categories.map((category) => category.id);
  const mustKnow = (
    file: YamlFile,
    path: readonly (string | number)[],
    name: string,
    known: readonly string[],
    what: string,
    where: string,
  ): void => {
    if (known.includes(name)) return;
    problems.push(
      new Failure('config', `${path.join('.')}: there is no ${what} "${name}"${suggestion(name, known)}`, {
        place: file.placeOf(path),
        hint: `define it in ${where}; known: ${known.join(', ') || 'none'}`,
      }),
    );
  };
  const { roles, routing, rules } = policy.value;
  for (const key of ['ticketSystem', 'changeSystem'] as const)
    mustKnow(policy.file, ['routing', key], routing[key], systems, 'system', 'golden-thread.yaml');
  for (const key of ['defaultOwner', 'defaultApprover'] as const)
    mustKnow(policy.file, ['roles', key], roles[key], people, 'person', 'directory.yaml');
  for (const key of ['approvers', 'acceptors'] as const)
    roles[key].forEach((name, index) => mustKnow(policy.file, ['roles', key, index], name, people, 'person', 'directory.yaml'));
  const { lightPath, changes, contractAmendment, gatesOff } = policy.value;
  const services = directory.value.services.map((service) => service.id);
  const person = (path: readonly (string | number)[], name: string): void =>
    mustKnow(policy.file, path, name, people, 'person', 'directory.yaml');
  for (const [key, lines] of Object.entries({ lightPath, changes }))
    lines.forEach((line, index) =>
      line.services.forEach((name, at) =>
        mustKnow(policy.file, [key, index, 'services', at], name, services, 'service', 'services of directory.yaml'),
      ),
    );
  lightPath.forEach((line, index) => line.authorisers.forEach((name, at) => person(['lightPath', index, 'authorisers', at], name)));
  contractAmendment?.authorisers.forEach((name, at) => person(['contractAmendment', 'authorisers', at], name));
  gatesOff.forEach((gate, index) => person(['gatesOff', index, 'by'], gate.by));
  rules.forEach((rule, index) => {
    const named = {
      categories: rule.categories,
      ...('of' in rule && { of: rule.of }),
      ...('problems' in rule && { problems: rule.problems }),
      ...('changes' in rule && { changes: rule.changes }),
    };
    for (const [key, list] of Object.entries(named))
      list?.forEach((name, at) =>
        mustKnow(policy.file, ['rules', index, key, at], name, categories, 'category', 'categories of policy.yaml'),
      );
  });
  const ids = directory.value.services.map((service) => service.id);
  roles.mayApprove.forEach(({ person, services }, index) => {
    mustKnow(policy.file, ['roles', 'mayApprove', index, 'person'], person, people, 'person', 'directory.yaml');
    services.forEach((name, at) =>
      mustKnow(policy.file, ['roles', 'mayApprove', index, 'services', at], name, ids, 'service', 'directory.yaml'),
    );
  });
  policy.value.categories.forEach(({ owner, sources }, index) => {
    if (owner !== undefined) mustKnow(policy.file, ['categories', index, 'owner'], owner, people, 'person', 'directory.yaml');
    sources.forEach((source, at) => {
      const [system = '', stream] = source.split('/');
      if (stream !== undefined)
        mustKnow(policy.file, ['categories', index, 'sources', at], system, systems, 'system', 'golden-thread.yaml');
    });
  });
  policy.value.objectives.forEach(({ owner }, index) => {
    if (owner !== undefined) mustKnow(policy.file, ['objectives', index, 'owner'], owner, people, 'person', 'directory.yaml');
  });
  directory.value.people.forEach(({ deputy }, index) => {
    if (deputy !== undefined) mustKnow(directory.file, ['people', index, 'deputy'], deputy, people, 'person', 'people of directory.yaml');
  });
  directory.value.services.forEach((service, index) => {
    for (const key of ['owner', 'approver'] as const)
      if (service[key] !== undefined)
        mustKnow(directory.file, ['services', index, key], service[key], people, 'person', 'people of directory.yaml');
    for (const key of ['ticketSystem', 'changeSystem'] as const)
      if (service[key] !== undefined)
        mustKnow(directory.file, ['services', index, key], service[key], systems, 'system', 'golden-thread.yaml');
  });
  return problems;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
