import { afterAll, describe, test } from '@jest/globals';
import { conformance } from 'golden-thread/kit/testing';
import type { Switches } from '../../connectors/jira/simulator/index.js';
import { effortOf } from './effort.js';
import { jiraSubject } from './jira-subject.js';

/** The documentation does not say what a page token is, nor whether search shows the index's version of an issue or the stored one. */
const sites: readonly (readonly [string, Partial<Switches>, number])[] = [
  [
    'tokens that are offsets, search showing the stored issue, pages cut before what may not be seen is taken out',
    { tokenSemantics: 'offset', searchRenders: 'store', filterAfterPage: true },
    10_000,
  ],
  [
    'tokens that are snapshots, search showing the index, a last token of null, short pages',
    { tokenSemantics: 'snapshot', searchRenders: 'index', lastToken: 'null', shortPages: 0.2, indexResolutionMs: 60_000 },
    300_000,
  ],
];

describe.each(sites)('Jira with %s', (_name, switches, settleMs) => {
  const subject = jiraSubject(switches, settleMs);
  afterAll(() => subject.close());
  // What a site may be does not show in broken answers, refusals and limits: those are tried on the first of them.
  const isTried = (name: string): boolean =>
    settleMs === sites[0]?.[2] || !/^(reading|writing) under|\((F01|F07|F09|F1[0-7]|F2[3-9]|F3\d)/.test(name);
  // More records than Jira gives at once: 5,000 at the most.
  for (const one of conformance(subject, effortOf({ runs: 4, records: 6_000 }))) if (isTried(one.name)) test(one.name, one.run);
});
