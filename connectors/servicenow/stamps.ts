/** Columns that every touch by a business rule moves, whatever it changes; the update stamp is on the record itself. Never hashed. */
export const stamps: readonly string[] = ['sys_updated_on', 'sys_updated_by', 'sys_mod_count'];
