import { afterAll, describe, test } from '@jest/globals';
import { conformance } from 'golden-thread/kit/testing';
import { serviceNowSubject } from './servicenow-subject.js';

const subject = await serviceNowSubject();

describe('the ServiceNow connector keeps the promises of the kit', () => {
  afterAll(() => subject.close());
  for (const one of conformance(subject)) test(one.name, one.run);
});
