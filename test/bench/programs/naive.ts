import axios from 'axios';
import jsonata from 'jsonata';
import { openFile } from '../../../src/store/database/open-file.js';
import { startMeter } from '../measure.js';
import { account } from '../site.js';

/**
 * What is quickly written: offset pages of 100, a connection a page, fifteen fields by jsonata's own evaluator, an upsert in a transaction of its own for each
 * record. The same server, columns and pragmas as ours.
 */
const [url = '', columns = '', path = '', count = '0'] = process.argv.slice(2);
const expression = jsonata(`{
  "category": "incident", "title": number & " " & short_description,
  "severity": priority = "1" ? "critical" : priority = "2" ? "high" : priority = "3" ? "moderate" : "low",
  "occurredAt": opened_at, "service": business_service, "serviceName": $lookup($, "business_service.name"),
  "group": $lookup($, "assignment_group.name"), "configurationItem": $lookup($, "cmdb_ci.name"),
  "recurrence": business_service & "|" & category & "|" & subcategory, "isMajor": priority = "1" and problem_id != "",
  "state": state, "closed": state in ["6", "7"], "causedBy": caused_by, "investigatedBy": problem_id, "resolvedAt": resolved_at
}`);
const database = openFile(path);
database.exec('create table record (key text primary key, data text not null, input text not null)');
const upsert = database.prepare(
  'insert into record values (?, ?, ?) on conflict (key) do update set data = excluded.data, input = excluded.input',
);
const done = startMeter();
let records = 0;
while (records < Number(count)) {
  const answer = await axios.get<{ readonly result: readonly Readonly<Record<string, string>>[] }>(`${url}/api/now/v2/table/incident`, {
    auth: { ...account },
    params: { sysparm_query: 'ORDERBYsys_updated_on', sysparm_fields: columns, sysparm_limit: 100, sysparm_offset: records },
  });
  for (const row of answer.data.result) {
    const input: unknown = await expression.evaluate(row);
    upsert.run(row['sys_id'], JSON.stringify(row), JSON.stringify(input));
  }
  records += answer.data.result.length;
  if (answer.data.result.length === 0) break;
}
database.close();
done(records);
