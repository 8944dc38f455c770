import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileWorkflow } from './index.js';
import type { Catalog, Problem } from './index.js';

const CATALOG: Catalog = {
  templates: new Set(['invite-reminder', 'badge-earned']),
  badges: new Set(['weekly-winner']),
  metrics: new Set(['shares', 'credible_clicks']),
  boards: new Set(['weekly-company']),
  events: new Set(['invitation.sent', 'invitation.accepted']),
};

function problems(text: string, inputs?: Record<string, unknown>): Problem[] {
  const result = compileWorkflow(text, { file: 'w.yaml', catalog: CATALOG, ...(inputs ? { inputs } : {}) });
  return result.ok ? [] : result.problems;
}

const workflow = (steps: string, head = '') =>
  `id: w\nname: W\non: { event: invitation.sent }\n${head}steps:\n${steps}`;
const step = (words: string) => workflow(`  - { id: a, ${words} }`);

describe('a workflow file', () => {
  it('becomes plain data, linked, with inputs put in', () => {
    const text = workflow(
      `  - id: a
    wait: { for: $first, at: $at }
    send: { template: invite-reminder }
  - id: b
    if: event.x > 1
    steps:
      - { id: c, award: { badge: weekly-winner } }
    else:
      - { id: d, send: { template: badge-earned } }
  - id: e
    for_each: event.list
    as: one
    steps:
      - { id: f, send: { template: badge-earned, to: one.personId } }
`,
      'inputs:\n  first: { label: First, type: duration, default: 2d }\n  at: { label: At, type: time, default: "09:00" }\n',
    );
    const result = compileWorkflow(text, { file: 'w.yaml', catalog: CATALOG, inputs: { first: '3d' } });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const { definition } = result;
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
    expect(definition.steps['a']?.verbs[0]).toEqual({ kind: 'wait', config: { for: '3d', at: '09:00' } });
    const ways = definition.order
      .map((id) => definition.steps[id])
      .map((s) => [s?.id, s?.next, s?.inner, s?.otherwise, s?.line]);
    expect(ways).toEqual([
      ['a', 'b', null, null, 8],
      ['b', 'e', 'c', 'd', 11],
      ['e', null, 'f', null, 17],
      ['c', 'e', null, null, 14],
      ['d', 'e', null, null, 16],
      ['f', null, null, null, 21],
    ]);
  });

  it('tells all problems at once, with file, line, column, path and mend', () => {
    const text = `id: w
name: W
on: { event: invitation.send, key: evnt.id }
calender: { at: "9" }
steps:
  - id: a
    wait: { for: 2 days }
    send: { templat: invite-reminder }
  - id: a
    if: person.senority == "executive"
    award: { badge: weekly-winer }
`;
    expect(problems(text)).toEqual([
      {
        file: 'w.yaml',
        line: 3,
        column: 14,
        path: 'on.event',
        message: 'there is no event invitation.send',
        mend: 'did you mean invitation.sent?',
      },
      {
        file: 'w.yaml',
        line: 3,
        column: 36,
        path: 'on.key',
        message: 'unknown name evnt',
        mend: 'did you mean event? (text stands in quotes)',
      },
      {
        file: 'w.yaml',
        line: 4,
        column: 1,
        path: 'calender',
        message: 'unknown word calender',
        mend: 'did you mean calendar?',
      },
      {
        file: 'w.yaml',
        line: 7,
        column: 18,
        path: 'steps[0].wait.for',
        message: '"2 days" is no duration',
        mend: 'write for example 30m, 3h, 2d, 1w or 1mo',
      },
      {
        file: 'w.yaml',
        line: 8,
        column: 13,
        path: 'steps[0].send.templat',
        message: 'unknown word templat',
        mend: 'did you mean template?',
      },
      {
        file: 'w.yaml',
        line: 9,
        column: 9,
        path: 'steps[1].id',
        message: 'there are two steps a',
        mend: 'give every step an id of its own',
      },
      {
        file: 'w.yaml',
        line: 10,
        column: 9,
        path: 'steps[1].if',
        message: 'unknown field person.senority',
        mend: 'did you mean seniority?',
      },
      {
        file: 'w.yaml',
        line: 11,
        column: 21,
        path: 'steps[1].award.badge',
        message: 'there is no badge weekly-winer',
        mend: 'did you mean weekly-winner?',
      },
    ]);
  });

  it.each<[string, string, string, string]>([
    [
      'a missing id',
      workflow('  - { send: { template: invite-reminder } }'),
      'the step has no id',
      'add id:',
    ],
    [
      'an unknown step word',
      step('sned: { template: invite-reminder }'),
      'unknown step word sned',
      'did you mean send?',
    ],
    ['a step that does nothing', workflow('  - { id: a }'), 'the step does nothing', 'add one of'],
    [
      'two actions',
      step('send: { template: invite-reminder }, award: { badge: weekly-winner }'),
      'the step does',
      'make two steps',
    ],
    [
      'an unknown template',
      step('send: { template: invite-remainder }'),
      'there is no template invite-remainder',
      'did you mean invite-reminder?',
    ],
    [
      'an unknown badge',
      step('award: { badge: weekly-winer }'),
      'there is no badge weekly-winer',
      'did you mean weekly-winner?',
    ],
    [
      'badge and points',
      step('award: { badge: weekly-winner, points: 3 }'),
      'of a badge, of points',
      'give one of',
    ],
    [
      'an unknown metric',
      step(`if: 'metric("share", "last_month") > 3', award: { points: 3 }`),
      'there is no metric share',
      'did you mean shares?',
    ],
    [
      'an unknown window',
      step(`if: 'metric("shares", "last_moth") > 3', award: { points: 3 }`),
      'unknown window last_moth',
      'did you mean last_month?',
    ],
    [
      'an undeclared input',
      step('wait: { for: $frist }, award: { points: 3 }'),
      'there is no input frist',
      'declare it under inputs',
    ],
    [
      'an undeclared input in CEL',
      step('if: inputs.n > 3, award: { points: 3 }'),
      'there is no input n',
      'declare it under inputs',
    ],
    [
      'a condition that is none',
      step('if: size(event.list), award: { points: 3 }'),
      'a condition is needed here',
      'compare it',
    ],
    [
      'an unknown field of a person',
      step('if: person.senority == "x", award: { points: 3 }'),
      'unknown field person.senority',
      'did you mean seniority?',
    ],
    [
      'a mistake in data',
      step('send: { template: invite-reminder, data: { a: { b: "evnt.x" } } }'),
      'unknown name evnt',
      'did you mean event?',
    ],
    ['a wrong time', step('wait: { at: "9" }, award: { points: 3 }'), '"9" is no time of day', 'write hours'],
    [
      'a wrong zone',
      step('wait: { for: 2d, zone: Europe/Roma }, award: { points: 3 }'),
      'there is no time zone Europe/Roma',
      'IANA',
    ],
    [
      'a wait without length',
      step('wait: { days: working }, award: { points: 3 }'),
      'the wait says no length',
      'add for',
    ],
    [
      'a wrong word for days',
      step('wait: { for: 2d, days: weekdays }, award: { points: 3 }'),
      'days is not right',
      'use one of any, working',
    ],
    [
      'for_each without steps',
      step('for_each: event.list, as: x'),
      'for_each has no steps',
      'put what is done',
    ],
    [
      'as that hides a variable',
      workflow('  - { id: a, for_each: event.list, as: person, steps: [{ id: b, award: { points: 1 } }] }'),
      'cannot name an item',
      'use a word',
    ],
    [
      'the name of an item outside its loop',
      workflow(
        '  - { id: a, for_each: event.list, as: x, steps: [{ id: b, award: { points: 1 } }] }\n  - { id: c, award: { points: x.n } }',
      ),
      'unknown name x',
      '',
    ],
    [
      'no steps',
      'id: w\nname: W\non: { event: invitation.sent }\nsteps: []\n',
      'there are no steps here',
      'add a list',
    ],
    [
      'a missing name',
      'id: w\non: { event: invitation.sent }\nsteps: [{ id: a, award: { points: 1 } }]\n',
      'name is missing',
      'add name:',
    ],
    [
      'a wrong cron',
      'id: w\nname: W\non: { schedule: "0 9 * *", zone: UTC }\nsteps: [{ id: a, award: { points: 1 } }]\n',
      'is no schedule',
      'write five',
    ],
    [
      'a date that never comes',
      'id: w\nname: W\non: { schedule: "0 9 31 2 *", zone: UTC }\nsteps: [{ id: a, award: { points: 1 } }]\n',
      'never comes',
      'check day',
    ],
    [
      'recipients without an audience',
      'id: w\nname: W\non: { schedule: "0 9 1 * *", zone: recipient }\nsteps: [{ id: a, award: { points: 1 } }]\n',
      'has no recipients',
      'add audience',
    ],
    [
      'an unknown trigger',
      'id: w\nname: W\non: { scedule: "0 9 1 * *" }\nsteps: [{ id: a, award: { points: 1 } }]\n',
      'no trigger is named',
      'did you mean schedule?',
    ],
    [
      'an unknown board',
      'id: w\nname: W\non: { board_closed: weekly }\nsteps: [{ id: a, award: { points: 1 } }]\n',
      'there is no board weekly',
      'use one of weekly-company',
    ],
    ['broken YAML', 'id: w\nname: "W\n', '', 'mend the YAML'],
    ['nothing', '', 'the document is not right', 'give a block of words'],
  ])('with %s says so', (_what, text, message, mend) => {
    expect(problems(text)).toContainEqual(
      expect.objectContaining({
        message: expect.stringContaining(message),
        mend: expect.stringContaining(mend),
      }),
    );
  });

  it.each<[string, string]>([
    ['a word of a block', step('send: { templat: invite-reminder }')],
    ['a word of a step', step('sned: { template: invite-reminder }')],
    [
      'the word on',
      'id: w\nname: W\nno: { event: invitation.sent }\nsteps: [{ id: a, award: { points: 1 } }]\n',
    ],
    [
      'the word steps',
      'id: w\nname: W\non: { event: invitation.sent }\nstep: [{ id: a, award: { points: 1 } }]\n',
    ],
    [
      'the word name',
      'id: w\nnane: W\non: { event: invitation.sent }\nsteps: [{ id: a, award: { points: 1 } }]\n',
    ],
    [
      'the word of a trigger',
      'id: w\nname: W\non: { evnt: invitation.sent }\nsteps: [{ id: a, award: { points: 1 } }]\n',
    ],
    ['an input put in', step('wait: { for: $frist }, award: { points: 3 }')],
    ['the syntax', `${step('award: { points: 1 }')}  - { id: b, award: [\n  - id: c\n`],
  ])('with one slip in %s tells one problem', (_what, text) => {
    expect(problems(text)).toHaveLength(1);
  });

  it('checks the values HR sets', () => {
    const text = workflow(
      '  - { id: a, wait: $first, award: { points: 1 } }\n',
      'inputs:\n  first: { label: F, type: duration, default: 2d }\n',
    );
    expect(problems(text)).toEqual([]);
    expect(problems(text, { first: 'soon' })).toMatchObject([
      { path: 'inputs.first', message: '"soon" is no duration' },
    ]);
    expect(problems(text, { frist: '2d' })).toMatchObject([
      { message: 'there is no input frist to set', mend: 'did you mean first?' },
    ]);
  });

  it('is never an exception, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string(),
        (text) => typeof compileWorkflow(text, { file: 'f', catalog: {} }).ok === 'boolean',
      ),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (a, b, c) => {
        const text = JSON.stringify({
          id: 'w',
          name: 'W',
          on: a,
          steps: [b, { id: 'x', wait: c, send: a, for_each: b }],
          inputs: c,
          stop_when: b,
          calendar: a,
        });
        return !compileWorkflow(text, { file: 'f', catalog: {} }).ok;
      }),
      { numRuns: 500 },
    );
  });
});
