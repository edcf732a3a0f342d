/** A table that people keep by hand and drop into the inbox. */
export interface DemoFile {
  /** Name of the stream in golden-thread.yaml, and of the file. */
  readonly stream: string;
  readonly about: string;
  /** Headings that tell one row from another. */
  readonly key: readonly string[];
  readonly head: readonly string[];
  /** The rows with the day after the release on which each is entered. `date` gives the date of another such day. */
  readonly rows: (date: (day: number) => string) => readonly DemoRow[];
}

export interface DemoRow {
  readonly day: number;
  readonly cells: readonly (string | number)[];
}

/** The day on which the numbers of each quarter are known: a week after its end. The release is in the first days of October. */
const quarterEnds: readonly number[] = [-3, 87, 177, 268, 360];
const reported = 7;

const quarterly = (cells: (quarter: number, end: number) => readonly (readonly (string | number)[])[]): readonly DemoRow[] =>
  quarterEnds.flatMap((end, quarter) => cells(quarter, end).map((row): DemoRow => ({ day: Math.min(end + reported, 362), cells: row })));

/** What the invented organisation keeps in files. */
export const files: readonly DemoFile[] = [
  {
    stream: 'audit-finding',
    about: 'Findings of internal and external audits',
    key: ['Finding ID'],
    head: ['Finding ID', 'Title', 'Grade', 'Clause', 'Service', 'Owner', 'Raised', 'Due', 'Status', 'Changed'],
    rows: (date) =>
      (
        [
          [44, 'F-01', 'Post-incident reviews are missing for two major incidents', 'Minor', '8.6.1', 'Service management system'],
          [44, 'F-02', 'The service catalogue names two services that ended', 'Observation', '8.2.4', 'Service management system'],
          [102, 'F-03', 'Supplier reviews are not recorded', 'Minor', '8.3.4', 'Service management system'],
          [198, 'F-04', 'Access reviews are late by a month', 'Major', '8.7.3', 'Identity'],
          [198, 'F-05', 'One change was closed without a result', 'Observation', '8.5.1', 'Service management system'],
          [311, 'F-06', 'Access reviews are late by a month, again', 'Major', '8.7.3', 'ERP'],
          [311, 'F-07', 'Two services have no continuity test', 'Minor', '8.7.2', 'Service management system'],
        ] as const
      ).map(([day, id, title, grade, clause, service]) => ({
        day,
        cells: [id, title, grade, clause, service, 'Tom Hansen', date(day), date(day + 90), 'Open', date(day)],
      })),
  },
  {
    stream: 'supplier-scorecard',
    about: 'What suppliers reached against what was agreed, each quarter',
    key: ['Supplier', 'Measure', 'Period end'],
    head: ['Supplier', 'Measure', 'Period end', 'Service', 'Target', 'Actual', 'Rating', 'Comment', 'Changed'],
    rows: (date) => {
      const rating = ['Green', 'Amber', 'Red'] as const;
      // By quarter: 0 green, 1 amber, 2 red.
      const measures = [
        ['Northwind Logistics', 'Deliveries on time', 'Warehouse', '98 %', [1, 2, 2, 1, 0], ['97 %', '91 %', '90 %', '96 %', '98 %']],
        ['Contoso Telecom', 'Time to restore', 'Telephony', '4 h', [0, 1, 2, 2, 1], ['3 h', '5 h', '9 h', '8 h', '5 h']],
        [
          'Fabrikam Payments',
          'Transactions accepted',
          'Payments',
          '99.5 %',
          [0, 0, 1, 0, 0],
          ['99.7 %', '99.6 %', '99.3 %', '99.6 %', '99.8 %'],
        ],
      ] as const;
      return quarterly((quarter, end) =>
        measures.map(([supplier, measure, service, target, ratings, actual]) => [
          supplier,
          measure,
          date(end),
          service,
          target,
          actual[quarter] ?? '',
          rating[ratings[quarter] ?? 0] ?? 'Green',
          '',
          date(end + 2),
        ]),
      );
    },
  },
  {
    stream: 'survey-theme',
    about: 'What customers say in the quarterly survey',
    key: ['Theme', 'Service', 'Period end'],
    head: ['Theme', 'Service', 'Period end', 'Score', 'Mentions', 'Example', 'Changed'],
    rows: (date) =>
      quarterly((quarter, end) =>
        (
          [
            ['Waiting time at the service desk', 'Workplace', [3.1, 2.6, 2.4, 3.2, 3.8], 'I was on hold for twenty minutes.'],
            ['Tone of the messages', 'E-mail', [3.9, 4, 4.1, 4.1, 4.2], 'Clear and friendly.'],
            ['Finding the right form', 'Customer portal', [3.2, 3.1, 3.3, 3.4, 3.4], 'There are three forms for one thing.'],
          ] as const
        ).map(([theme, service, scores, example]) => [
          theme,
          service,
          date(end),
          scores[quarter] ?? 3,
          11 + 3 * quarter,
          example,
          date(end + 2),
        ]),
      ),
  },
  {
    stream: 'risk',
    about: 'The risk register',
    key: ['Risk ID'],
    head: ['Risk ID', 'Title', 'Service', 'Owner', 'Likelihood', 'Impact', 'Identified', 'Review', 'Status', 'Treatment', 'Changed'],
    rows: (date) =>
      (
        [
          [5, 'R-01', 'The lease of the second data centre ends', 'ERP', 2, 4],
          [58, 'R-02', 'One engineer knows the month-end batch', 'ERP', 4, 5],
          [205, 'R-03', 'The acquirer drops the old interface', 'Payments', 3, 3],
          [301, 'R-04', 'The hand scanners leave support', 'Warehouse', 3, 4],
        ] as const
      ).map(([day, id, title, service, likelihood, impact]) => ({
        day,
        cells: [id, title, service, 'Pia Lindqvist', likelihood, impact, date(day), date(day + 180), 'Open', 'Reduce', date(day)],
      })),
  },
];

/** The register that was kept in a table before the product. */
export const earlierRegister = {
  head: [
    'Number',
    'Title',
    'Description',
    'Status',
    'Category',
    'Kind',
    'Priority',
    'Raised',
    'Service',
    'Process',
    'Risk',
    'Owner',
    'Approver',
    'Target date',
    'Decided',
    'Decided by',
    'Rationale',
    'Objective',
    'Review date',
    'Closed',
    'Closed by',
    'Closure notes',
    'Effective',
  ],
  rows: (date: (day: number) => string): readonly (readonly string[])[] => [
    row({
      Number: 'CSI-0042',
      Title: 'Fewer failed deliveries at the dock',
      Status: 'Closed',
      Category: 'Incident',
      Priority: 'High',
      Raised: date(-290),
      Service: 'Warehouse',
      Owner: 'Mary Okafor',
      Decided: date(-280),
      'Decided by': 'Amir Rahman',
      Rationale: 'The dock loses an hour a day.',
      Closed: date(-150),
      'Closure notes': 'Half as many since June.',
      Effective: 'Effective',
    }),
    row({
      Number: 'CSI-0047',
      Title: 'A template for post-incident reviews',
      Status: 'Closed',
      Category: 'Audit',
      Kind: 'SMS',
      Priority: 'Medium',
      Raised: date(-200),
      Owner: 'Pia Lindqvist',
      Closed: date(-120),
      'Closure notes': 'In use; nobody measured what it changed.',
      Effective: 'Unknown',
    }),
    row({
      Number: 'CSI-0051',
      Title: 'Shorten the queue for access requests',
      Status: 'On hold',
      Category: 'Survey',
      Priority: 'Medium',
      Raised: date(-90),
      Service: 'Identity',
      Owner: 'Pia Lindqvist',
    }),
    row({ Number: 'CSI-0054', Title: 'Tidy the runbooks of the night shift', Status: 'Rejected', Kind: 'Process', Raised: date(-60) }),
  ],
};

function row(cells: Readonly<Record<string, string>>): readonly string[] {
  return earlierRegister.head.map((heading) => cells[heading] ?? '');
}
