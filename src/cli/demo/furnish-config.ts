import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { fileSystem } from './inbox.js';
import { accountOf, people, type DemoService, serviceKey, services, supplierKey, suppliers } from './organisation/parties.js';
import { categories, rules, settings } from './organisation/policy.js';
import { dayAt } from './stage.js';

/**
 * Makes the shipped configuration that of the invented organisation: more services, people and suppliers, a folder of files as a third system, rules
 * for them. What is shipped stays, with its comments; what has the same id is replaced.
 */
export function furnishConfig(dir: string, begin: string): void {
  edit(dir, 'golden-thread.yaml', (document) => {
    document.setIn(['organisation', 'name'], 'Example Ltd (invented)');
    // The census notices what was deleted; once a week is often enough for a year that passes in a minute.
    for (const system of ['servicenow-prod', 'jira-cloud']) document.setIn(['systems', system, 'censusHours'], 168);
    document.setIn(['systems', 'servicenow-prod', 'config', 'streams'], document.createNode(tables));
    document.setIn(['systems', 'files'], document.createNode(fileSystem(dir)));
  });
  edit(dir, 'directory.yaml', (document) => {
    putAll(document, 'services', services.map(serviceEntry));
    putAll(
      document,
      'people',
      people.map((person) => ({
        id: person.id,
        name: person.name,
        accounts: { 'jira-cloud': accountOf(person) },
        ...(person.deputy !== undefined && { deputy: person.deputy }),
        ...(person.leavesAfterDays !== undefined && { leaves: dayAt(begin, person.leavesAfterDays).slice(0, 10) }),
      })),
    );
    putAll(
      document,
      'suppliers',
      suppliers.map(({ id, name }) => ({ id, name, ids: { 'servicenow-prod': [supplierKey(id)] } })),
    );
  });
  edit(dir, 'policy.yaml', (document) => {
    putAll(document, 'categories', categories);
    putAll(document, 'rules', rules);
    for (const [path, value] of settings) document.setIn(path, document.createNode(value));
  });
}

/** Switches one gate of the policy off for a while, or on again. */
export function switchGate(dir: string, gatesOff: readonly Readonly<Record<string, string>>[]): void {
  edit(dir, 'policy.yaml', (document) => document.set('gatesOff', document.createNode(gatesOff)));
}

/** What is read of ServiceNow: security incidents besides what every instance has. */
const tables = { incident: {}, problem: {}, change_request: {}, task_sla: {}, sn_si_incident: {} };

function serviceEntry({ id, name, owner, approver, supplier }: DemoService) {
  return {
    id,
    name,
    ids: { 'servicenow-prod': [serviceKey(id)] },
    owner,
    approver: approver ?? 'a.rahman',
    ...(supplier !== undefined && { supplier }),
  };
}

/** Puts entries into a list: in the place of those with the same id, which keep what the new ones do not say, else at its end. */
function putAll(document: Document, list: string, entries: readonly { readonly id: string; readonly first?: unknown }[]): void {
  const items = document.get(list);
  if (!isSeq(items)) throw new Error(`${list} is no list`);
  for (const entry of entries) {
    const known = items.items.find((item): item is YAMLMap => isMap(item) && item.get('id') === entry.id);
    const { first, ...said } = entry;
    if (known === undefined && first === true) items.items.unshift(document.createNode(said));
    else if (known === undefined) items.add(document.createNode(said));
    else for (const [name, value] of Object.entries(said)) known.set(name, document.createNode(value));
  }
}

function edit(dir: string, file: string, change: (document: Document) => void): void {
  const path = join(dir, 'config', file);
  const document = parseDocument(readFileSync(path, 'utf8'));
  change(document);
  writeFileSync(path, document.toString({ lineWidth: 140 }));
}
