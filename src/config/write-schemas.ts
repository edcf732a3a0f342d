import { readFileSync, writeFileSync } from 'node:fs';
import { jsonSchemas } from './json-schemas.js';
import { loadConnector } from './load-connector.js';

// Writes config/*.schema.json from the schemas that the program itself checks by, and from the tables in its documentation: npm run schemas
const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const connectors = await Promise.all(
  ['servicenow', 'jira', 'file'].map(async (name) => ({
    connector: await loadConnector(name, undefined),
    readme: read(`connectors/${name}/README.md`),
  })),
);
for (const [name, schema] of Object.entries(jsonSchemas({ reference: read('docs/configuration.md'), connectors })))
  writeFileSync(new URL(`config/${name}`, root), `${JSON.stringify(schema, null, 2)}\n`);
