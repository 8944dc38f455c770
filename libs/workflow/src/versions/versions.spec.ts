import { describe, expect, it } from '@jest/globals';
import { NO_FACTS } from '#libs/expression';
import { compileWorkflow } from '../compile.js';
import type { Definition } from '../definition.js';
import { newRun } from '../run.js';
import type { Run } from '../run.js';
import { advance } from '../advance.js';
import type { World } from '../world.js';
import { differences } from './differences.js';
import { foresee } from './foresee.js';
import { waitingWords } from './waiting-words.js';

const HEAD = `id: w
name: W
on: { event: invitation.sent, key: event.invitationId }
`;
const STEPS = `steps:
  - id: first_reminder
    wait: { for: 2d, since: start }
    send: { template: one }
  - id: second_reminder
    wait: { for: 7d, since: start }
    send: { template: two }
`;

function compiled(text: string, inputs: Record<string, unknown> = {}): Definition {
  const result = compileWorkflow(text, { file: 'w.yaml', catalog: {}, inputs });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.definition;
}
const told = (before: string, after: string): string[] => differences(compiled(before), compiled(after));

describe('the difference of two versions', () => {
  it('is nothing when only comments and order of words are otherwise', () => {
    expect(
      told(
        HEAD + STEPS,
        `# hello\n${HEAD}${STEPS.replace('{ for: 2d, since: start }', '{ since: start, for: 2d }')}`,
      ),
    ).toEqual([]);
  });

  it('tells another length of a wait', () => {
    expect(told(HEAD + STEPS, HEAD + STEPS.replace('7d', '9d'))).toEqual([
      'Step second_reminder: waits 9d instead of 7d',
    ]);
  });

  it('tells a new step with its place and what it does', () => {
    const more = `${STEPS}  - id: escalate\n    wait: 14d\n    if: person.lead != null\n    send: { template: three, to: person.lead }\n`;
    expect(told(HEAD + STEPS, HEAD + more)).toEqual([
      'Step escalate is new, after second_reminder: waits 14d, then goes on only if person.lead != null, then sends three',
    ]);
  });

  it('does not tell of neighbours as moved when a step comes in between or goes', () => {
    const between = STEPS.replace(
      '  - id: second_reminder',
      '  - id: extra\n    send: { template: x }\n  - id: second_reminder',
    );
    expect(told(HEAD + STEPS, HEAD + between)).toEqual(['Step extra is new, after first_reminder: sends x']);
    expect(told(HEAD + between, HEAD + STEPS)).toEqual(['Step extra is gone; it was: sends x']);
  });

  it('tells of a step that stands elsewhere', () => {
    const swapped = `steps:
  - id: second_reminder
    wait: { for: 7d, since: start }
    send: { template: two }
  - id: first_reminder
    wait: { for: 2d, since: start }
    send: { template: one }
`;
    expect(told(HEAD + STEPS, HEAD + swapped)).toEqual([
      'Step second_reminder stands at the beginning instead of after first_reminder',
      'Step first_reminder stands after second_reminder instead of at the beginning',
    ]);
  });

  it('tells first of all that nobody is asked any more', () => {
    const asking = `${STEPS}  - id: x\n    ask: { template: q, options: [yes, no] }\n`;
    expect(told(HEAD + asking, HEAD + STEPS)).toEqual(['Nobody is asked any more: step x is gone']);
  });

  it('tells of words a step has gained and lost', () => {
    const conditional = STEPS.replace(
      '    send: { template: one }',
      '    if: person.active\n    award: { badge: b }',
    );
    expect(told(HEAD + STEPS, HEAD + conditional)).toEqual([
      'Step first_reminder: now goes on only if person.active',
      'Step first_reminder: now gives b',
      'Step first_reminder: no longer sends one',
    ]);
  });

  it('tells of triggers, stops, the calendar and the audience', () => {
    const after = `id: w
name: V
on: [{ event: invitation.sent, key: event.invitationId }, { schedule: "0 9 * * MON", zone: Europe/Rome }]
stop_when: { event: invitation.accepted, key: event.invitationId }
calendar: { days: working }
audience: person.active
again: restart
`;
    expect(told(HEAD + STEPS, after + STEPS)).toEqual([
      'The name is V instead of W',
      'It starts also on schedule 0 9 * * MON (zone Europe/Rome)',
      'It ends also on invitation.accepted of the same event.invitationId',
      "The calendar's days is working now",
      'The audience is person.active instead of everybody the trigger names',
      'What a second start does (again) is restart instead of ignore',
    ]);
  });

  it('tells of inputs, and of the values that HR has given', () => {
    const inputs = `inputs:\n  first: { label: First, type: duration, default: 2d }\n`;
    const text = HEAD + inputs + STEPS.replace('for: 2d', 'for: $first');
    expect(differences(compiled(text), compiled(text, { first: '3d' }))).toEqual([
      'Input first is 3d instead of 2d',
      'Step first_reminder: waits 3d instead of 2d',
    ]);
    expect(told(HEAD + STEPS, text)).toEqual(['Input first is new (First): 2d']);
    expect(told(text, HEAD + STEPS)).toEqual(['Input first is gone; it was 2d']);
  });
});

const START = Date.parse('2026-03-02T09:00:00Z');
const DAY = 86_400_000;
const world: World = { person: null, programme: { zone: 'UTC' }, facts: NO_FACTS };

function waiting(definition: Definition): Run {
  const run = newRun({
    id: 'r',
    workflowId: 'w',
    version: 1,
    key: 'k',
    personId: 'ada',
    event: {
      type: 'invitation.sent',
      personId: 'ada',
    },
    triggeredAt: START,
  });
  return advance(definition, run, { type: 'started' }, START, world).run;
}

describe('what is foreseen of a run that is moved', () => {
  const before = compiled(HEAD + STEPS);

  it('is a mail at once where the new wait is over already', () => {
    const sooner = compiled(HEAD + STEPS.replace('2d', '1d'));
    const run = waiting(before);
    const foreseen = foresee(sooner, run, 2, START + 1.5 * DAY, world);
    expect(foreseen).toMatchObject({ moves: true, mailed: ['ada'], dueAt: START + 7 * DAY });
    expect(run).toMatchObject({ version: 1, cursor: 'first_reminder' });
  });

  it('is every mail that would follow within the minute', () => {
    const atOnce = compiled(HEAD + STEPS.replace('2d', '1d').replace('7d', '1d'));
    expect(foresee(atOnce, waiting(before), 2, START + DAY - 30_000, world).mailed).toEqual(['ada', 'ada']);
  });

  it('is no mail where the wait goes on', () => {
    const later = compiled(HEAD + STEPS.replace('2d', '3d'));
    expect(foresee(later, waiting(before), 2, START + 1.5 * DAY, world)).toMatchObject({
      moves: true,
      mailed: [],
      dueAt: START + 3 * DAY,
    });
  });

  it('is nothing at all where the step is gone', () => {
    const gone = compiled(HEAD + STEPS.replace('first_reminder', 'other'));
    expect(foresee(gone, waiting(before), 2, START + DAY, world)).toMatchObject({ moves: false, mailed: [] });
  });

  it('counts audiences and lists that would be gone through at once', () => {
    const loops = compiled(
      `${HEAD}steps:\n  - { id: first_reminder, wait: { for: 1d, since: start } }\n  - id: all\n    for_each: { audience: person.active }\n    steps: [{ id: m, send: { template: x } }]\n`,
    );
    expect(foresee(loops, waiting(before), 2, START + 1.5 * DAY, world)).toMatchObject({
      audiences: 1,
      mailed: [],
    });
  });
});

describe('the words of a plan', () => {
  it('say what keep, move and stop would do', () => {
    expect(waitingWords({ step: 'a', runs: 12, movable: 12, people: 5, mails: 6 })).toEqual({
      keep: '12 runs go on by the version they began with',
      move: '12 runs wait there by the new version; 5 people are written to at once (6 mails)',
      stop: '12 runs end; nobody hears of it',
    });
    expect(waitingWords({ step: 'a', runs: 1, movable: 0, people: 0, mails: 0 }).move).toBe(
      'the new version has no place for 1 run at a, so it stays with its own',
    );
    expect(waitingWords({ step: 'a', runs: 3, movable: 2, people: 0, mails: 0 }).move).toBe(
      '2 runs wait there by the new version; nobody is written to at once; 1 run stays with its version',
    );
  });
});
