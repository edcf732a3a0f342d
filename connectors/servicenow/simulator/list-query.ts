import type { TableDefinition } from './dictionary/dictionary.js';

/** The encoded query of a list request: `sysparm_query`, or else name-value pairs (`active=true&state=Closed`), which may give a choice by its label. */
export function listQuery(query: URLSearchParams, table: TableDefinition): string {
  const encoded = query.get('sysparm_query');
  if (encoded !== null) return encoded;
  return [...query]
    .filter(([name]) => !name.startsWith('sysparm_'))
    .map(([name, value]) => `${name}=${table.columns.get(name)?.choices?.find(({ label }) => label === value)?.value ?? value}`)
    .join('^');
}
