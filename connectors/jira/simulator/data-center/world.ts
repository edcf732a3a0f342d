import { defaultWorld } from '../world/default-world.js';
import type { World } from '../world/types.js';

/** Keys as they look since Jira 8.4; somebody who had an account before that kept the first username as key. */
const keyOf = (n: number): string => (n === 2 ? 'praman' : `JIRAUSER1000${n}`);
/** What Cloud has and Data Center has not: a parent beyond sub-tasks is the field Epic Link there. */
const cloudOnly = new Set(['parent']);

/** The default site with user keys instead of account ids, and without what only Cloud has. */
export function dataCenterWorld(): World {
  const text = JSON.stringify(defaultWorld()).replaceAll(/712020:00000000-0000-4000-8000-0{11}(\d)/g, (_id, n: string) => keyOf(Number(n)));
  const world = JSON.parse(text) as World;
  const fields = world.fields.filter((field) => !cloudOnly.has(field.id));
  return { ...world, fields: fields.map((field) => (field.id === 'issuetype' ? { ...field, name: 'Issue Type' } : field)) };
}
