import { describe, expect, test } from '@jest/globals';
import {
  type ImprovementInput,
  judge,
  type JudgeAsk,
  type MetricMeasurement,
  type MetricPlan,
  PlanTemplate,
  plusDays,
} from '../../../src/domain/index.js';
import { input } from '../world.js';
import { everything, from } from './series.js';

const spans = {
  baseline: { from, to: plusDays(from, 26 * 7) },
  window: { from: plusDays(from, 30 * 7), to: plusDays(from, 38 * 7) },
};

type Say = (index: number) => Partial<ImprovementInput>;

/** `before` and `after` records a week, each saying what it says. */
function records(before: number, after: number, say: Say = () => ({}), sayAfter: Say = say): readonly ImprovementInput[] {
  const week = (at: number, count: number, of: Say): readonly ImprovementInput[] =>
    Array.from({ length: count }, (_each, index) =>
      input(`${at}-${index}`, plusDays(from, 7 * at + (7 * index + 1) / (count + 1)), of(at * count + index)),
    );
  return [
    ...Array.from({ length: 26 }, (_each, at) => week(at, before, say)).flat(),
    ...Array.from({ length: 8 }, (_each, at) => week(30 + at, after, sayAfter)).flat(),
  ];
}

function verdictOn(template: object, inputs: readonly ImprovementInput[], more: Partial<JudgeAsk> = {}): MetricMeasurement {
  const plan = {
    ...PlanTemplate.parse(template),
    caseKeys: ['recurrence:svc-1/mail/smtp'],
    categories: ['incident'],
    baselineEnd: spans.baseline.to,
  } as MetricPlan;
  return judge({ plan, spans, look: 0, inputs, coverage: everything, at: plusDays(from, 300), ...more });
}

const failed = { severityAtLeast: 'high' };
const every =
  (n: number): Say =>
  (index) => ({ severity: index % n === 0 ? 'high' : 'low', facts: { breached: index % n === 0 } });

describe('the metrics beside the rate', () => {
  test('a share of failed records that falls is effective, and says how many of how many', () => {
    const found = verdictOn({ metric: 'share', of: failed }, records(10, 10, every(3), every(10)));
    expect(found).toMatchObject({ result: 'effective', effect: { kind: 'difference' }, baseline: { rate: 10 } });
    expect(found.sentence).toMatch(
      /^Effective: 70 % lower\. The share of records with severity at least high: before 33\.5 % \(87 of 260 in 26 weeks\), after 10 % \(8 of 80 in 8 weeks\); the target is at least 30 % lower; if nothing had changed, a fall this large would be seen less than once in 1,000 times\.$/,
    );
    expect(found.window.values).toHaveLength(8);
  });

  test('a breach ratio counts what was kept as well as what was missed, and leaves out what is not decided yet', () => {
    const undecided: Say = () => ({ facts: {} });
    const found = verdictOn({ metric: 'breach-ratio' }, [
      ...records(10, 10, every(2), every(2)),
      ...records(3, 3, undecided).map((each) => ({
        ...each,
        id: `u-${each.id}`,
        trigger: { ...each.trigger, key: `u-${each.trigger.key}` },
      })),
    ]);
    expect(found).toMatchObject({ result: 'not-effective', reason: 'target-missed', baseline: { value: 0.5 } });
    expect(found.sentence).toContain('(102 records do not tell it and are left out)');
  });

  test('a median duration falls by its shift in seconds, and a record that is not over counts as longer than any that is', () => {
    const lasting =
      (hours: number): Say =>
      (index) => ({ facts: { resolvedAt: plusDays(from, 400), resolutionSeconds: 3600 * (hours + (index % 5)) } });
    const found = verdictOn({ metric: 'duration', fact: 'resolutionSeconds' }, records(6, 6, lasting(8), lasting(3)));
    expect(found).toMatchObject({ result: 'effective', effect: { kind: 'shift', value: -5 * 3600 } });
    expect(found.sentence).toContain('before 10 h (156 in 26 weeks), after 5 h (48 in 8 weeks); the target is at least 30 % shorter');
    const open = verdictOn(
      { metric: 'duration', fact: 'resolutionSeconds' },
      records(6, 6, lasting(8), () => ({ facts: {} })),
    );
    expect(open).toMatchObject({ result: 'inconclusive', reason: 'not-over' });
    const byInstants = verdictOn({ metric: 'duration', statistic: 'p90' }, records(6, 6, lasting(8), lasting(8)));
    expect(byInstants).toMatchObject({ result: 'inconclusive', reason: 'not-significant' });
    expect(byInstants.sentence).toContain('The 90th percentile of the time from occurrence to resolvedAt');
  });

  test('a survey mean is to rise, and five answers on each side are the least', () => {
    const scored =
      (low: number): Say =>
      (index) => ({ facts: { score: low + (index % 2) } });
    expect(verdictOn({ metric: 'survey-mean' }, records(3, 3, scored(2), scored(4)))).toMatchObject({ result: 'effective' });
    expect(verdictOn({ metric: 'survey-mean' }, records(3, 3, scored(4), scored(2)))).toMatchObject({ result: 'not-effective' });
    expect(verdictOn({ metric: 'survey-mean', target: 4.4 }, records(3, 3, scored(2), scored(4)))).toMatchObject({ result: 'effective' });
    expect(verdictOn({ metric: 'survey-mean', target: 4.6 }, records(3, 3, scored(2), scored(4)))).toMatchObject({
      result: 'not-effective',
    });
    const few = records(3, 3, scored(2), scored(4)).filter(({ occurredAt }) => occurredAt < plusDays(from, 31 * 7));
    expect(verdictOn({ metric: 'survey-mean' }, few)).toMatchObject({ result: 'inconclusive', reason: 'small-sample' });
  });

  test('a rate may be meant to rise, and a value may be the target instead of a share', () => {
    expect(verdictOn({ direction: 'up', increaseBy: 0.5 }, records(4, 8))).toMatchObject({ result: 'effective' });
    expect(verdictOn({ direction: 'up', increaseBy: 0.5 }, records(8, 4))).toMatchObject({ result: 'not-effective' });
    expect(verdictOn({ target: 4 }, records(10, 4))).toMatchObject({ result: 'effective' });
    expect(verdictOn({ target: 3 }, records(10, 4))).toMatchObject({ result: 'not-effective' });
  });
});

describe('what must not get worse', () => {
  const counterMetrics = [{ name: 'failed share', metric: 'share', of: failed }];
  test('makes a met target not effective when it got worse beyond tolerance and chance is excluded', () => {
    const found = verdictOn({ counterMetrics }, records(10, 5, every(10), every(2)));
    expect(found).toMatchObject({ result: 'not-effective', reason: 'counter-metric-worse', counters: [{ is: 'worse' }] });
    expect(found.sentence).toContain('Not effective, although the target was met: 50 % fewer.');
    expect(found.sentence).toContain('Counter-metric failed share got worse: before 10 %, after 50 %, 10 % tolerated.');
  });

  test('makes it inconclusive when that may be chance, or when nobody can tell', () => {
    const perhaps = verdictOn({ counterMetrics }, records(10, 3, every(10), every(7)));
    expect(perhaps).toMatchObject({ result: 'inconclusive', reason: 'counter-metric-unclear', final: false });
    const unknown = verdictOn(
      {
        counterMetrics: [{ ...counterMetrics[0], metric: 'survey-mean', of: undefined, fact: 'score' }].map(({ of: _of, ...rest }) => rest),
      },
      records(10, 3),
    );
    expect(unknown).toMatchObject({ result: 'inconclusive', reason: 'counter-metric-unknown' });
  });

  test('takes nothing away when it stayed within what is tolerated', () => {
    expect(verdictOn({ counterMetrics }, records(10, 5, every(10), every(10)))).toMatchObject({
      result: 'effective',
      counters: [{ is: 'not-worse' }],
    });
  });
});

describe('records that could not be read', () => {
  test('take "effective" away as soon as all of them at their worst could turn it over, and not before', () => {
    const inputs = records(10, 4);
    expect(verdictOn({}, inputs, { setAside: 3 })).toMatchObject({ result: 'effective' });
    const many = verdictOn({}, inputs, { setAside: 60 });
    expect(many).toMatchObject({ result: 'inconclusive', reason: 'data-gap' });
    expect(many.sentence).toContain('60 records that could not be read are set aside, and could change the result');
  });

  test('of a mapping that was edited and not carried through make it a data gap', () => {
    const found = verdictOn({}, records(10, 4), { unsound: [{ stream: 'snow/incident', because: 'its mapping was edited' }] });
    expect(found).toMatchObject({ result: 'inconclusive', reason: 'data-gap' });
    expect(found.sentence).toContain('data gap: snow/incident: its mapping was edited.');
  });
});

test('a plan that was stored when there was one metric only is still a plan, and measured the same', () => {
  const old = { metric: 'weekly-rate', reduceBy: 0.3, baselineWeeks: 26, settleDays: 7, windowWeeks: 8, minimumSample: 10 };
  expect(PlanTemplate.parse(old)).toEqual(old);
  expect(PlanTemplate.parse({})).toEqual(old);
  expect(verdictOn(old, records(10, 4))).toMatchObject({ result: 'effective' });
});
