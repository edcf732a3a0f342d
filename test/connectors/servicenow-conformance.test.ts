import { afterAll, describe, test } from '@jest/globals';
import { conformance } from 'golden-thread/kit/testing';
import { effortOf } from './effort.js';
import { serviceNowSubject } from './servicenow-subject.js';

const subject = await serviceNowSubject();
// The streams differ in their data only, so that one of them is enough for the full number of random histories.
const few = conformance(subject, effortOf({ runs: 2, records: 12_000 }));

describe('the ServiceNow connector keeps the promises of the kit', () => {
  afterAll(() => subject.close());
  // More records than ServiceNow gives at once: 10,000 by default.
  conformance(subject, effortOf({ runs: 8, records: 12_000 })).forEach((one, index) => {
    const { run } = one.name.startsWith('incident:') ? one : (few[index] ?? one);
    test(one.name, run);
  });
});
