import { Agent } from 'node:http';
import axios from 'axios';
import { openFile } from '../../../src/store/database/open-file.js';
import { startMeter } from '../measure.js';
import { account } from '../site.js';

/**
 * The least that a program does which reads a table and keeps it: axios, JSON.parse, one prepared insert of the raw row, one transaction a page of 1,000,
 * the store's own pragmas. The same server, columns and keyset query as ours.
 */
const [url = '', columns = '', path = ''] = process.argv.slice(2);
const client = axios.create({
  baseURL: url,
  auth: { ...account },
  headers: { accept: 'application/json' },
  httpAgent: new Agent({ keepAlive: true }),
  responseType: 'text',
  transformResponse: [(text: unknown) => text],
});
const database = openFile(path);
database.exec('create table raw (id integer primary key, data text not null)');
const insert = database.prepare('insert into raw (data) values (?)');
const done = startMeter();
let records = 0;
for (let after = '', more = true; more;) {
  const answer = await client.get<string>('/api/now/v2/table/incident', {
    params: {
      sysparm_query: `${after}ORDERBYsys_updated_on^ORDERBYsys_id`,
      sysparm_fields: columns,
      sysparm_display_value: 'false',
      sysparm_exclude_reference_link: 'true',
      sysparm_limit: 1000,
    },
  });
  const rows = (JSON.parse(answer.data) as { readonly result: readonly Readonly<Record<string, string>>[] }).result;
  database.exec('begin');
  for (const row of rows) insert.run(JSON.stringify(row));
  database.exec('commit');
  records += rows.length;
  const last = rows.at(-1);
  after = `sys_updated_on>=${last?.['sys_updated_on']}^sys_updated_on>${last?.['sys_updated_on']}^ORsys_id>${last?.['sys_id']}^`;
  more = Number(answer.headers['x-total-count']) > rows.length;
}
database.close();
done(records);
