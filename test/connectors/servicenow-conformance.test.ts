import { afterAll, describe, test } from '@jest/globals';
import { conformance } from 'golden-thread/kit/testing';
import { serviceNowSubject } from './servicenow-subject.js';

const subject = await serviceNowSubject();
// The streams differ in their data only, so that one of them is enough for the full number of random histories.
const few = conformance(subject, { runs: 4 });

describe('the ServiceNow connector keeps the promises of the kit', () => {
  afterAll(() => subject.close());
  conformance(subject).forEach((one, index) => {
    const { run } = one.name.startsWith('incident:') ? one : (few[index] ?? one);
    test(one.name, run);
  });
});
