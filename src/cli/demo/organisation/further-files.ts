import type { DemoFile } from './files.js';

/** What the organisation began to keep in files in the course of the year: tests, outages, agreements within the house, assessments, actions. */
export const furtherFiles: readonly DemoFile[] = [
  {
    stream: 'continuity-test',
    about: 'Tests of continuity plans',
    key: ['Test ID'],
    head: ['Test ID', 'Plan', 'Service', 'Tested', 'Result', 'Deficiency', 'Effort', 'Changed'],
    rows: (date) =>
      (
        [
          [76, 'T-01', 'Failover of the mail relay', 'E-mail', 'Passed', ''],
          [
            163,
            'T-02',
            'Restore of the payments database',
            'Payments',
            'Passed with deficiencies',
            'It took four hours; the plan says two.',
          ],
          [300, 'T-03', 'Failover of the ERP cluster', 'ERP', 'Passed', ''],
        ] as const
      ).map(([day, id, plan, service, result, deficiency]) => ({
        day: day + 1,
        cells: [id, plan, service, date(day), result, deficiency, '', date(day)],
      })),
  },
  {
    stream: 'unavailability',
    about: 'Unplanned outages of services',
    key: ['Outage ID'],
    head: ['Outage ID', 'Service', 'Began', 'Minutes', 'Planned', 'Cause', 'Changed'],
    rows: (date) =>
      (
        [
          [37, 'O-01', 'Payments', 40, 'Gateway'],
          [121, 'O-02', 'Telephony', 12, 'Trunk'],
          [190, 'O-03', 'ERP', 95, 'Core switch'],
          [291, 'O-04', 'Customer portal', 20, 'Certificate'],
        ] as const
      ).map(([day, id, service, minutes, cause]) => ({
        day: day + 1,
        cells: [id, service, date(day), minutes, 'no', cause, date(day)],
      })),
  },
  {
    stream: 'internal-supplier',
    about: 'What teams within the house reached against what was agreed',
    key: ['Supplier', 'Measure', 'Period end'],
    head: ['Supplier', 'Measure', 'Period end', 'Service', 'Target', 'Actual', 'Rating', 'Comment', 'Changed'],
    rows: (date) =>
      (
        [
          [87, 'Amber', '6 h'],
          [177, 'Green', '4 h'],
          [268, 'Green', '4 h'],
        ] as const
      ).map(([day, rating, actual]) => ({
        day: day + 7,
        cells: ['Network team', 'Time to answer', date(day), 'VPN', '4 h', actual, rating, '', date(day + 2)],
      })),
  },
  {
    stream: 'sms-assessment',
    about: 'Assessment of the processes, each half-year',
    key: ['Process', 'Period end'],
    head: ['Process', 'Period end', 'Score', 'Target', 'Comment', 'Changed'],
    rows: (date) =>
      (
        [
          [80, [3.6, 3.4, 3.8]],
          [170, [2.8, 3.5, 3.8]],
          [262, [3.3, 3.5, 3.9]],
        ] as const
      ).flatMap(([day, scores]) =>
        ['incident-management', 'change-management', 'supplier-management'].map((process, index) => ({
          day: day + 5,
          cells: [process, date(day), scores[index] ?? 3, 3, '', date(day + 1)],
        })),
      ),
  },
  {
    stream: 'review-action',
    about: 'Actions of the management review',
    key: ['Action ID'],
    head: ['Action ID', 'Action', 'Importance', 'Service', 'Process', 'Decided', 'Owner', 'Due', 'Effort', 'Changed'],
    rows: (date) =>
      (
        [
          [102, 'A-01', 'Invite suppliers to the review of their scorecards', 'Low', 'Service management system'],
          [284, 'A-02', 'Train a second engineer for the month-end batch', 'Medium', 'ERP'],
        ] as const
      ).map(([day, id, action, importance, service]) => ({
        day: day + 1,
        cells: [id, action, importance, service, 'service-reporting', date(day), 'Pia Lindqvist', date(day + 60), 'small', date(day)],
      })),
  },
];
