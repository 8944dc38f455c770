import { describe, expect, it } from '@jest/globals';
import { compileWorkflow, eventShapes } from '../index.js';

const SHAPES = eventShapes({ 'training.attended': { fields: { course: 'string', hours: 'number' } } });

function told(text: string): { warnings: string[]; problems: string[] } {
  const result = compileWorkflow(text, { file: 'w.yaml', catalog: { shapes: SHAPES } });
  const words = ({ path, message }: { path: string; message: string }) => `${path}: ${message}`;
  return result.ok
    ? { warnings: result.warnings.map(words), problems: [] }
    : { warnings: [], problems: result.problems.map(words) };
}

const started = (on: string, steps: string, head = '') =>
  `id: w\nname: W\non: ${on}\n${head}steps:\n${steps}`;
const accepted = (steps: string) => started('{ event: invitation.accepted, key: event.invitationId }', steps);
const send = (id: string, more = '') => `{ id: ${id}, send: { template: t${more} } }`;

describe('a workflow that means something else than it says', () => {
  it.each<[string, string, string[]]>([
    ['says nothing when all is well', accepted(`  - ${send('a')}`), []],
    [
      'does something after it has stopped',
      accepted(`  - { id: a, stop: true }\n  - ${send('b')}\n  - ${send('c')}`),
      ['steps[1]: no run can come to b'],
    ],
    ['stops only sometimes', accepted(`  - { id: a, if: person.active, stop: true }\n  - ${send('b')}`), []],
    [
      'asks for what is never so',
      accepted(`  - { id: a, if: "1 > 2", steps: [${send('b')}], else: [${send('c')}] }`),
      ['steps[0].steps[0]: no run can come to b'],
    ],
    [
      'asks for what is always so',
      accepted(`  - { id: a, if: "true", steps: [${send('b')}], else: [${send('c')}] }\n  - ${send('d')}`),
      ['steps[0].else[0]: no run can come to c'],
    ],
    [
      'has a way behind one that is always taken',
      accepted(
        `  - { id: a, choose: [{ if: person.active, steps: [${send('b')}] }, { if: "true", steps: [${send('c')}] }, { if: person.participant, steps: [${send('d')}] }], else: [${send('e')}] }`,
      ),
      ['steps[0].choose[2].steps[0]: no run can come to d', 'steps[0].else[0]: no run can come to e'],
    ],
    [
      'goes on in every other case',
      accepted(
        `  - { id: a, choose: [{ if: person.active, steps: [${send('b')}] }] }\n  - { id: c, for_each: "[1, 2]", as: n, steps: [${send('d')}] }\n  - ${send('e')}`,
      ),
      [],
    ],
    [
      'stops a branch only',
      accepted(`  - { id: a, for_each: "[1, 2]", as: n, steps: [{ id: b, stop: true }] }\n  - ${send('c')}`),
      [],
    ],
    [
      'leads to a step only when time is up',
      accepted(
        `  - { id: a, wait_for: { event: content.shared, timeout: 3d, on_timeout: c } }\n  - { id: b, stop: true }\n  - ${send('c')}`,
      ),
      [],
    ],
    [
      'waits for what may never come',
      accepted(`  - { id: a, wait_for: { event: content.shared } }\n  - ${send('b')}`),
      ['steps[0].wait_for: when the event never comes, this waits for ever'],
    ],
    [
      'waits once for every event',
      started('{ event: invitation.accepted }', `  - { id: a, wait: 2d, send: { template: t } }`),
      ['on: without a key every event starts a run of its own, and they wait side by side'],
    ],
    [
      'writes to people who have left',
      started(
        '{ schedule: "0 9 * * *", zone: UTC }',
        `  - ${send('a')}`,
        'audience: person.team == "Sales"\n',
      ),
      ['audience: people who have left the company match as well'],
    ],
    [
      'writes to a lead who may not exist',
      accepted(`  - ${send('a', ', to: person.lead')}`),
      ['steps[0].send.to: person.lead may be nobody, and then nothing is sent'],
    ],
    [
      'writes to a lead who exists',
      accepted(
        `  - { id: a, if: person.lead != null, send: { template: t, to: person.lead } }\n  - { id: b, if: person.lead != null, steps: [${send('c', ', to: person.lead')}] }`,
      ),
      [],
    ],
    [
      'reads a field that only one of its events has',
      started(
        '[{ event: content.shared }, { event: invitation.accepted }]',
        `  - { id: a, if: event.network == "x", send: { template: t } }`,
      ),
      ['steps[0].if: invitation.accepted has no network'],
    ],
    [
      'asks first whether the field is there',
      started(
        '[{ event: content.shared }, { event: invitation.accepted }]',
        `  - { id: a, if: has(event.network) && event.network == "x", send: { template: t } }`,
      ),
      [],
    ],
    [
      'never starts',
      started('[{ event: content.shared, if: "false" }]', `  - ${send('a')}`),
      ['on[0]: "false" never holds, so nothing starts'],
    ],
  ])('%s', (_what, text, warnings) => {
    expect(told(text)).toEqual({ warnings, problems: [] });
  });
});

describe('a workflow without a person', () => {
  const DAILY = '{ schedule: "0 9 * * *", zone: UTC }';

  it.each<[string, string]>([
    ['a schedule', started(DAILY, `  - ${send('a')}`)],
    ['a closed board', started('{ board_closed: weekly }', `  - ${send('a')}`)],
    [
      'a number that falls',
      started('{ metric: m, drops: 0.3, per: week, against: usual }', `  - ${send('a')}`),
    ],
    ['an event about nobody', started('{ event: content.published }', `  - { id: a, award: { points: 1 } }`)],
    ['a condition on nobody', started(DAILY, '  - { id: a, if: person.active, emit: { event: a.b } }')],
  ])('has nobody to write to: %s', (_what, text) => {
    expect(told(text).problems).toEqual([expect.stringContaining('a run of this workflow has no person')]);
  });

  it.each<[string, string]>([
    ['an audience', started(DAILY, `  - ${send('a')}`, 'audience: person.active\n')],
    [
      'a loop over an audience',
      started(DAILY, `  - { id: l, for_each: { audience: person.active }, steps: [${send('a')}] }`),
    ],
    [
      'a loop over the places of a board',
      started(
        '{ board_closed: weekly }',
        `  - { id: l, for_each: event.ranking, as: r, steps: [${send('a')}] }`,
      ),
    ],
    [
      'somebody named',
      started(
        '{ board_closed: weekly }',
        `  - { id: l, for_each: event.ranking, as: r, steps: [${send('a', ', to: r.personId')}] }`,
      ),
    ],
    ['an event of which nothing is known', started('{ event: something.else }', `  - ${send('a')}`)],
    ['a second trigger about somebody', started(`[${DAILY}, { badge_earned: any }]`, `  - ${send('a')}`)],
  ])('finds somebody in %s', (_what, text) => {
    expect(told(text)).toEqual({ warnings: [], problems: [] });
  });
});

describe('a slip in the field of an event', () => {
  it.each<[string, string, string]>([
    [
      'in a step',
      accepted('  - { id: a, if: event.invitatonId == "x", send: { template: t } }'),
      'unknown field event.invitatonId',
    ],
    [
      'in the key',
      started('{ event: invitation.accepted, key: event.invitation }', `  - ${send('a')}`),
      'unknown field event.invitation',
    ],
    [
      'in the condition of a metric',
      started('{ metric: m, reaches: 3, per: week, if: event.amount > 3 }', `  - ${send('a')}`),
      'unknown field event.amount',
    ],
    [
      'in stop_when',
      started(
        '{ event: invitation.sent, key: event.invitationId }',
        `  - ${send('a')}`,
        'stop_when: { event: content.shared, key: event.invitationId }\n',
      ),
      'unknown field event.invitationId',
    ],
    [
      'in what is waited for',
      accepted(
        '  - { id: a, wait_for: { event: content.shared, if: event.invitationId == "x", timeout: 1d } }',
      ),
      'unknown field event.invitationId',
    ],
    [
      'in the item of a loop',
      started(
        '{ board_closed: weekly }',
        `  - { id: l, for_each: "event.ranking.filter(r, r.rank < 3)", as: winner, steps: [${send('a', ', to: winner.person')}] }`,
      ),
      'unknown field winner.person',
    ],
    [
      'in an activity that is declared',
      started('{ event: training.attended, if: event.curse == "x" }', `  - ${send('a')}`),
      'unknown field event.curse',
    ],
    [
      'in what a step gives',
      accepted(
        '  - { id: ok, ask: { template: t, options: [yes, no] } }\n  - { id: a, if: vars.okay.answer == "yes", send: { template: t } }',
      ),
      'unknown field vars.okay',
    ],
    [
      'in the run',
      accepted(`  - { id: a, if: run.keys == "x", send: { template: t } }`),
      'unknown field run.keys',
    ],
  ])('is found %s', (_what, text, message) => {
    expect(told(text).problems).toEqual([expect.stringContaining(message)]);
  });

  it('is found as a wrong kind of value as well', () => {
    const text = started('{ event: training.attended, if: event.hours == "3" }', `  - ${send('a')}`);
    expect(told(text).problems).toEqual(['on.if: no such overload: double == string']);
  });

  it('leaves what arrived and what started the run apart', () => {
    const text = accepted(
      '  - { id: a, wait_for: { event: content.shared, if: "event.network == \\"x\\" && run.event.invitationId != \\"\\"", timeout: 1d } }',
    );
    expect(told(text)).toEqual({ warnings: [], problems: [] });
  });
});
