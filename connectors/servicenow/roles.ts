import { isFailure } from 'golden-thread/kit';
import type { TableApi } from './table.js';

/** What an account may see of who holds which role. */
export interface SeenRoles {
  /** Its own; undefined where it may not see them, which is usual. */
  readonly own: readonly string[] | undefined;
  /** It sees those of others, which nothing here needs. */
  readonly others: boolean;
}

// Fixed text of ours, never built from anything: the instance puts the caller's own id in.
const me = 'javascript:gs.getUserID()';
const most = 200;

/** Reads the roles of the account that asks, from sys_user_has_role. */
export async function seenRoles(api: Pick<TableApi, 'list'>, signal: AbortSignal | undefined): Promise<SeenRoles> {
  const ask = async (query: string, limit: number) => {
    try {
      const { rows } = await api.list('sys_user_has_role', { query, fields: ['user', 'role.name', 'state'], limit, signal });
      return rows;
    } catch (error) {
      if (isFailure(error) && error.kind !== 'auth') return [];
      throw error;
    }
  };
  const rows = await ask(`user=${me}^ORDERBYsys_id`, most);
  const others = (await ask(`user!=${me}^ORDERBYsys_id`, 1)).length > 0;
  // Where the condition is not understood it is dropped, and the rows belong to everybody.
  if (rows.length === 0 || new Set(rows.map((row) => row['user'])).size > 1) return { own: undefined, others };
  const active = rows.filter((row) => row['state'] === undefined || row['state'] === '' || row['state'] === 'active');
  return { own: active.map((row) => row['role.name']).filter((role): role is string => typeof role === 'string' && role !== ''), others };
}

/** Tables that roles may change, and those whose records they may delete, on an instance as delivered. */
const changing: Readonly<Record<string, readonly string[]>> = {
  itil: ['incident', 'problem', 'change_request', 'change_task'],
  change_manager: ['change_request', 'change_task'],
  sn_change_write: ['change_request', 'change_task'],
  problem_manager: ['problem'],
  problem_coordinator: ['problem'],
  'sn_cim.admin': ['sn_cim_register', 'sn_cim_task'],
  'sn_cim.coordinator': ['sn_cim_register', 'sn_cim_task'],
  'sn_cim.improvement_requester': ['sn_cim_register'],
};
const deleting: Readonly<Record<string, readonly string[]>> = {
  change_manager: ['change_request'],
  'sn_cim.admin': ['sn_cim_register', 'sn_cim_task'],
};

/** By which of these roles a table may be changed, or its records deleted; undefined when by none. `snc_read_only` takes all of that away. */
export function roleThatMay(what: 'change' | 'delete', table: string, roles: readonly string[]): string | undefined {
  if (roles.includes('snc_read_only')) return undefined;
  if (roles.includes('admin')) return 'admin';
  const by = what === 'change' ? changing : deleting;
  return roles.find((role) => by[role]?.includes(table) === true);
}
