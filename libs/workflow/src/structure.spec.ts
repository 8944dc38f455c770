import { describe, expect, it } from '@jest/globals';
import { localDateTime } from '#libs/calendar';
import { compiled, Drive, person, PROGRAMME_ZONE, rome } from './drive.support.js';
import { compileWorkflow } from './index.js';

const textOf = (steps: string) => `id: w\nname: W\non: { event: x.started, key: event.k }\nsteps:\n${steps}`;

function mistakes(steps: string): string[] {
  const result = compileWorkflow(textOf(steps), { file: 'w.yaml', catalog: {} });
  return result.ok ? [] : result.problems.map((p) => `${p.path}: ${p.message}`);
}

const waitFor = (target: string) => `wait_for: { event: x.y, timeout: 1d, on_timeout: ${target} }`;

describe('a step named by another', () => {
  it('stands further down, at the same level or around it', () => {
    expect(
      mistakes(`  - id: a
    if: event.n > 1
    steps:
      - { id: b, ${waitFor('c')} }
      - { id: c, ${waitFor('d')} }
  - { id: d, stop: true }`),
    ).toEqual([]);
  });

  it.each([
    ['a', 'the way from b does not lead on to a'],
    ['b', 'the way from b does not lead on to b'],
    ['inner', 'the way from b does not lead on to inner'],
    ['nowhere', 'there is no step nowhere'],
  ])('is refused when it is %s', (target, message) => {
    const steps = `  - { id: a, stop: true }\n  - { id: b, ${waitFor(target)} }\n  - { id: c, if: event.n > 1, steps: [{ id: inner, stop: true }] }`;
    expect(mistakes(steps)).toEqual([`steps[1].wait_for.on_timeout: ${message}`]);
  });

  it('is never outside of its for_each', () => {
    const steps = `  - { id: a, for_each: event.list, steps: [{ id: b, ${waitFor('c')} }] }\n  - { id: c, stop: true }`;
    expect(mistakes(steps)).toEqual([
      'steps[0].steps[0].wait_for.on_timeout: the way from b does not lead on to c',
    ]);
  });

  it('must hold something, before it is released', () => {
    expect(
      mistakes('  - { id: a, hold: { release: b } }\n  - { id: b, hold: { entries: event.e } }'),
    ).toEqual(['steps[0].hold.release: the step b comes later']);
    expect(mistakes('  - { id: a, stop: true }\n  - { id: b, revoke: { held: a } }')).toEqual([
      'steps[1].revoke.held: the step a holds nothing',
    ]);
  });
});

describe('the words beside an action', () => {
  it('need one', () => {
    expect(mistakes('  - { id: a, wait: 1d, retry: { times: 1, after: 1h } }')).toEqual([
      'steps[0].retry: retry has nothing to act on',
    ]);
    expect(mistakes('  - { id: a, if: event.n > 1, throttle: { limit: 1, per: hour } }')).toEqual([
      'steps[0].throttle: throttle has nothing to act on',
    ]);
  });

  it('keep the names of steps free', () => {
    expect(mistakes('  - { id: a, stop: true }\n  - { id: b, set: { a: 1 } }')).toEqual([
      'steps[1].set.a: a is a step, whose result has that name',
    ]);
  });
});

describe('the ways of a choose', () => {
  it('are checked like any steps, and a way without steps is told', () => {
    expect(
      mistakes('  - { id: a, choose: [{ if: event.n > 1, steps: [{ id: b, sent: { template: t } }] }] }')[0],
    ).toContain('choose[0].steps[0].sent: unknown step word sent');
    expect(mistakes('  - { id: a, choose: [{ if: event.n > 1, steps: [] }] }')).toEqual([
      'steps[0].choose[0].steps: there are no steps here',
    ]);
  });
});

describe('years of virtual time', () => {
  it('a question every year keeps its hour over every change of the clock, and every second one is answered', () => {
    const steps = Array.from(
      { length: 10 },
      (_, year) =>
        `  - { id: w${year}, wait: { for: 12mo } }\n  - { id: q${year}, ask: { template: t, score: { from: 0, to: 10 }, timeout: 2w } }`,
    ).join('\n');
    const drive = new Drive(compiled(textOf(steps)), [person('ada')]);
    drive.happen('x.started', rome('2026-03-31T02:30'), { k: 1, personId: 'ada' });
    for (let day = 0, asked = 0; day < 5_000; day++) {
      drive.until(drive.now + 86_400_000);
      const question = drive.made.at(-1);
      if (drive.made.length === asked || question?.type !== 'ask') continue;
      asked = drive.made.length;
      if (asked % 2 === 0)
        drive.happen('answer.given', drive.now, { askId: question.askId, personId: 'ada', answer: '7' });
    }
    expect(drive.runs.get('r1')?.status).toBe('done');
    // A question without an answer holds the chain up for its two weeks, one that is answered for the rest of its day.
    const hours = drive.made.map((e) => localDateTime(e.at, PROGRAMME_ZONE).slice(0, 13));
    expect(hours.slice(0, 4)).toEqual(['2027-03-31T02', '2028-04-14T02', '2029-04-14T02', '2030-04-28T02']);
    const answered = Object.values(drive.runs.get('r1')?.vars ?? {}).map(
      (v) => (v as { answer: number } | null)?.answer,
    );
    expect(answered).toEqual(Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? undefined : 7)));
  });
});
