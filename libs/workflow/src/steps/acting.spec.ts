import { describe, expect, it } from '@jest/globals';
import { compiled, Drive, person, rome } from '../drive.support.js';

const START = rome('2026-01-09T10:00');

function done(steps: string, event: Record<string, unknown> = {}, at = START): Drive {
  const people = [person('ada', { lead: 'bob' }), person('bob')];
  const text = `id: w\nname: W\non: { event: x.started, key: event.k }\nsteps:\n${steps}`;
  const drive = new Drive(compiled(text), people);
  drive.happen('x.started', at, { k: 'one', n: 3, personId: 'ada', ...event });
  return drive;
}

const effects = (drive: Drive) => drive.made.map(({ at: _at, ...effect }) => effect);
const reason = (drive: Drive) => drive.runs.get('r1')?.reason;
const intent = (stepId: string, who = '-') => ({
  intentKey: `r1:${stepId}:-:${who}:1`,
  stepId,
  occurrence: 1,
});

describe('hold and revoke', () => {
  it('set entries aside and give them back, or take them for good', () => {
    const held = done(
      `  - { id: aside, hold: { entries: event.entries, reason: Odd clicks } }
  - { id: back, hold: { release: aside } }
  - { id: gone, revoke: { held: aside, reason: Not people } }`,
      { entries: ['e1', { id: 'e2' }, 'e1'] },
    );
    expect(effects(held)).toEqual([
      { type: 'hold', ...intent('aside'), entries: ['e1', 'e2'], reason: 'Odd clicks' },
      { type: 'release', ...intent('back'), held: 'r1:aside:-:-:1', reason: null },
      { type: 'revoke', ...intent('gone'), held: 'r1:aside:-:-:1', reason: 'Not people' },
    ]);
  });

  it('know in a branch what was set aside before it', () => {
    const drive = done(
      `  - { id: aside, hold: { entries: event.entry } }
  - { id: each, for_each: event.list, steps: [{ id: back, hold: { release: aside } }] }`,
      { entry: 'e', list: ['x'] },
    );
    expect(effects(drive)).toMatchObject([
      { type: 'hold' },
      { type: 'release', held: 'r1:aside:-:-:1', intentKey: 'r1:back:x:-:1' },
    ]);
  });

  it('note an appeal against a hold of anybody, and settle it', () => {
    const drive = done(
      `  - { id: no, hold: { appeal: event.h, reason: It was right } }
  - { id: back, award: { hold: event.h } }
  - { id: gone, revoke: { hold: event.h, reason: Not people } }
  - { id: odd, hold: { appeal: event.n } }`,
      { h: 'h1' },
    );
    expect(effects(drive)).toEqual([
      { type: 'hold', ...intent('no'), appeal: 'h1', reason: 'It was right' },
      { type: 'award', ...intent('back', 'ada'), to: 'ada', hold: 'h1', reason: null },
      { type: 'revoke', ...intent('gone'), hold: 'h1', reason: 'Not people' },
    ]);
    expect(reason(drive)).toBe('odd: the hold "event.n" is no id');
  });

  it('set aside what a rule has given the person in a window', () => {
    const drive = done(
      `  - { id: aside, hold: { rule: click, window: today } }\n  - { id: back, hold: { release: aside } }`,
    );
    expect(effects(drive)).toEqual([
      {
        type: 'hold',
        ...intent('aside'),
        gains: { rule: 'click', window: 'today', personId: 'ada' },
        reason: null,
      },
      { type: 'release', ...intent('back'), held: 'r1:aside:-:-:1', reason: null },
    ]);
  });

  it('approve and decline a claimed reward', () => {
    const drive = done(
      `  - { id: yes, award: { claim: event.claim } }\n  - { id: no, revoke: { claim: event.claim, reason: Late } }`,
      { claim: 'c1' },
    );
    expect(effects(drive)).toEqual([
      { type: 'award', ...intent('yes', 'ada'), to: 'ada', claim: 'c1', reason: null },
      { type: 'revoke', ...intent('no'), claim: 'c1', reason: 'Late' },
    ]);
  });

  it('take back a badge or entries, and skip what is not there', () => {
    const drive = done(
      `  - { id: a, revoke: { badge: gold, from: person.lead } }
  - { id: b, revoke: { entries: event.entry } }
  - { id: c, revoke: { entries: "[]" } }
  - { id: d, if: "false", hold: { entries: event.entry } }
  - { id: e, revoke: { held: d } }`,
      { entry: 'e9' },
    );
    expect(effects(drive)).toEqual([
      { type: 'revoke', ...intent('a', 'bob'), badge: 'gold', to: 'bob', reason: null },
      { type: 'revoke', ...intent('b'), entries: ['e9'], reason: null },
    ]);
    expect(drive.log.filter((l) => l.outcome === 'skipped').map((l) => l.reason)).toEqual([
      'there are no entries to take back',
      'does not hold: false',
      'd has set nothing aside',
    ]);
  });
});

describe('emit, start, stop and publish', () => {
  it('say what other parts of the suite are to do', () => {
    const drive = done(
      `  - { id: a, emit: { event: team.praised, data: { by: person.id, how: { much: event.n } }, person: person.lead } }
  - { id: b, start: { workflow: onboarding, key: event.k, data: { n: event.n } } }
  - { id: c, stop: { workflow: all, reason: Over now } }
  - { id: d, stop: { workflow: other, key: event.n } }
  - { id: e, publish: { survey: pulse } }
  - { id: f, publish: { post: event.post } }`,
      { post: 'p7' },
    );
    expect(effects(drive)).toEqual([
      {
        type: 'emit',
        ...intent('a', 'bob'),
        event: 'team.praised',
        personId: 'bob',
        data: { by: 'ada', how: { much: 3 } },
        depth: 1,
      },
      {
        type: 'start',
        ...intent('b', 'ada'),
        workflow: 'onboarding',
        personId: 'ada',
        key: 'one',
        event: {
          n: 3,
          workflow: 'onboarding',
          personId: 'ada',
          key: 'one',
          depth: 1,
          startedBy: { workflow: 'w', runId: 'r1' },
        },
      },
      {
        type: 'stop',
        ...intent('c', 'ada'),
        workflow: 'all',
        personId: 'ada',
        key: null,
        exceptRootId: 'r1',
        reason: 'Over now',
      },
      {
        type: 'stop',
        ...intent('d'),
        workflow: 'other',
        personId: null,
        key: '3',
        exceptRootId: 'r1',
        reason: 'stopped by the workflow w',
      },
      { type: 'publish', ...intent('e'), survey: 'pulse' },
      { type: 'publish', ...intent('f'), post: 'p7' },
    ]);
  });

  it('do not start one another for ever', () => {
    const steps = '  - { id: b, start: { workflow: w } }';
    expect(effects(done(steps, { depth: 4 }))).toMatchObject([{ event: { depth: 5 } }]);
    expect(reason(done(steps, { depth: 5 }))).toBe('b: 5 workflows have started one another already');
    expect(reason(done('  - { id: b, emit: { event: x.y } }', { depth: 5 }))).toContain('already');
  });

  it('end this run with a reason, and inside a loop one item only', () => {
    expect(
      done('  - { id: a, stop: Enough }\n  - { id: b, send: { template: t } }').runs.get('r1'),
    ).toMatchObject({
      status: 'stopped',
      reason: 'Enough',
    });
    const drive = done(
      `  - id: each
    for_each: event.list
    as: one
    steps:
      - { id: not, if: one == "a", stop: true }
      - { id: mail, send: { template: t, data: { one: one } } }
  - { id: after, send: { template: after } }`,
      { list: ['a', 'b'] },
    );
    expect(drive.sends.map((s) => [s.template, s.data])).toEqual([
      ['t', { one: 'b' }],
      ['after', {}],
    ]);
  });
});

describe('a list of things with a personId', () => {
  it('makes each branch about that person', () => {
    const drive = done(
      `  - { id: each, for_each: event.places, as: place, steps: [{ id: mail, send: { template: t, to: person.id } }] }`,
      {
        places: [
          { personId: 'bob', rank: 1 },
          { personId: 'ada', rank: 2 },
        ],
      },
    );
    expect(effects(drive)).toMatchObject([{ to: 'bob' }, { to: 'ada' }]);
  });
});

describe('choose', () => {
  const steps = `  - id: how
    choose:
      - { if: event.n > 5, steps: [{ id: many, send: { template: many } }] }
      - { if: event.n > 2, steps: [{ id: some, send: { template: some } }, { id: more, send: { template: more } }] }
    else:
      - { id: few, send: { template: few } }
  - { id: after, send: { template: after } }`;

  it.each([
    [9, ['many', 'after']],
    [3, ['some', 'more', 'after']],
    [1, ['few', 'after']],
  ])('with %d takes the first way that holds, or else', (n, templates) => {
    expect(done(steps, { n }).sends.map((s) => s.template)).toEqual(templates);
  });

  it('goes on below when nothing holds, and fails on what cannot be answered', () => {
    expect(done(steps.replace(/ {4}else:\n.*\n/, ''), { n: 1 }).sends.map((s) => s.template)).toEqual([
      'after',
    ]);
    expect(reason(done(steps, { n: 'x' }))).toContain('how: the condition "event.n > 5" cannot be answered');
  });
});

describe('set', () => {
  it('keeps what its expressions give, all of them asked before any is kept', () => {
    const drive = done(
      '  - { id: a, set: { n: event.n + 1, who: person.id, limit: 5 } }\n  - { id: b, set: { n: vars.n * 2, old: vars.n, none: vars.later } }\n  - { id: c, if: "false", set: { later: 1 } }',
    );
    expect(drive.runs.get('r1')?.vars).toEqual({ n: 8, who: 'ada', limit: 5, old: 4, none: null });
  });

  it('keeps no more than 16 kB', () => {
    const twice = '  - { id: a, set: { one: event.long } }\n  - { id: b, set: { two: event.long } }';
    expect(done(twice, { long: 'x'.repeat(8_000) }).runs.get('r1')?.status).toBe('done');
    expect(reason(done(twice, { long: 'x'.repeat(9_000) }))).toContain('more than 16384');
  });
});

describe('an entry for the calendar', () => {
  const sent = (uid: unknown) =>
    done(
      `  - id: mail
    send:
      template: t
      calendar: { uid: event.uid, starts: event.starts, ends: event.ends, summary: "'Talk'" }`,
      { uid, starts: '2026-03-10T13:00:00Z', ends: '2026-03-10T14:00:00Z' },
    );

  it.each([
    ['t-7', 't-7'],
    [7, '7'],
  ])('is named by a text or a number: %j', (uid, named) => {
    expect(effects(sent(uid))).toMatchObject([{ type: 'send', calendar: { uid: named } }]);
  });

  it.each([null, true, '', ['a']])('cannot be named %j', (uid) => {
    const drive = sent(uid);
    expect(drive.made).toEqual([]);
    expect(reason(drive)).toMatch(/the calendar entry cannot be made: uid/);
  });
});
