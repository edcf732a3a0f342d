import { afterAll, describe, test } from '@jest/globals';
import { conformance } from 'golden-thread/kit/testing';
import { tableNames } from '../../connectors/servicenow/tables.js';
import { effortOf } from './effort.js';
import { serviceNowSubject, standard } from './servicenow-subject.js';

// The standard streams have a suite of their own; what is not a matter of one stream is tried there.
const others = tableNames.filter((name) => !standard.includes(name));
const subject = await serviceNowSubject((open) => open, others);

describe('every other stream of ServiceNow keeps the promises of the kit', () => {
  afterAll(() => subject.close());
  for (const { name, run } of conformance(subject, effortOf({ runs: 1, records: 0 })))
    if (others.some((table) => name.startsWith(`${table}: `)) && !/\((F1[0-7]|F2[3-9]|F3\d)/.test(name)) test(name, run);
});
