import { afterAll, describe, test } from '@jest/globals';
import { conformance } from 'golden-thread/kit/testing';
import { effortOf } from './effort.js';
import { dataCenterSubject, type Kind } from './jira-data-center-subject.js';

/** What is documented nowhere, or what an administrator may set, at its kindest and at its harshest. */
const sites: readonly (readonly [string, Kind, number])[] = [
  ['as it is installed, search showing the stored issue', { switches: { searchRenders: 'store' } }, 4],
  [
    'whose administrator allows 7 issues in one search, whose index knows seconds and lags behind',
    { switches: { searchMaximum: 7, searchRenders: 'index', indexResolutionMs: 1000, indexLagMs: [0, 5000] } },
    4,
  ],
  ['whose answers do not name the account', { switches: { accountHeader: false, searchRenders: 'store' } }, 2],
];

describe.each(sites)('Jira Data Center, %s', (_name, kind, runs) => {
  const subject = dataCenterSubject(kind);
  afterAll(() => subject.close());
  // What a site may be does not show in broken answers, refusals and limits: those are tried on the first of them.
  const isTried = (name: string): boolean =>
    kind === sites[0]?.[1] || !/^(reading|writing) under|\((F01|F07|F09|F1[0-7]|F2[3-9]|F3\d)/.test(name);
  // More records than Jira gives at once: 1,000 as it is installed.
  for (const one of conformance(subject, effortOf({ runs, records: 6_000 }))) if (isTried(one.name)) test(one.name, one.run);
});
