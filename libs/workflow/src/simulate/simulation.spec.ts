import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_FACTS } from '#libs/expression';
import { Drive, compiled, flagship, person, rome } from '../drive.support.js';
import type { Definition, PersonFacts, WorkflowEvent } from '../index.js';
import { Simulation } from './simulation.js';
import { partsOf } from './membership.js';
import { Timers } from './timers.js';

const START = rome('2026-01-05T10:00');
const DAY = 86_400_000;

/** Plays events to an end, as the service does. */
function play(definition: Definition, people: PersonFacts[], events: WorkflowEvent[], until: number) {
  const zones = [...new Set(people.map(({ calendar }) => calendar.zone))];
  const simulation = new Simulation(definition, { programmeZone: 'Europe/Rome', zones, from: START });
  const world = { person: (id: string) => people.find((p) => p.id === id) ?? null, facts: NO_FACTS };
  const drain = (): void => {
    for (let turns = simulation.take(); turns.length > 0; turns = simulation.take()) {
      simulation.do(turns, world);
      weighAll();
    }
  };
  const weighAll = (): void => {
    for (const open of simulation.takeAudiences()) {
      simulation.weigh(open, people, NO_FACTS);
      simulation.close(open);
    }
  };
  const reach = (to: number): void => {
    for (let next = simulation.nextMoment(); next !== null && next <= to; next = simulation.nextMoment()) {
      simulation.moveTo(next);
      weighAll();
      drain();
    }
  };
  for (const event of events) {
    reach(event.occurredAt);
    simulation.hear(event);
    weighAll();
    drain();
  }
  reach(until);
  return simulation.result();
}

const invited = (personId: string, at: number): WorkflowEvent => ({
  type: 'invitation.sent',
  data: { invitationId: `i-${personId}`, personId },
  occurredAt: at,
});
const accepted = (personId: string, at: number): WorkflowEvent => ({
  ...invited(personId, at),
  type: 'invitation.accepted',
});

describe('a simulation', () => {
  it('of the invite reminders counts mails per day, people, and who needed none', () => {
    const people = [person('ada', { lead: 'bob' }), person('bob')];
    const events = [invited('ada', START), invited('bob', START), accepted('bob', START + 3 * DAY)];
    const result = play(flagship('invite-reminders'), people, events, START + 60 * DAY);
    expect(result).toMatchObject({
      runs: { started: 2, done: 1, stopped: 1, living: 0 },
      mails: 4,
      people: 2,
      steps: { first_reminder: { sent: 2 }, second_reminder: { sent: 1 }, escalate: { sent: 1 } },
    });
    expect(result.mailsPerDay).toEqual({ '2026-01-07': 2, '2026-01-12': 1, '2026-01-19': 1 });
    expect(result.examples[0]).toMatchObject({ step: 'first_reminder', what: 'invite-reminder' });
  });

  it('says why events did not start it, and which part of an audience people miss', () => {
    const definition = compiled(`id: w
name: W
on: { event: x, if: event.n > 1 }
audience: person.active && person.consents.mail
steps:
  - { id: mail, send: { template: t } }`);
    const people = [
      person('ada'),
      person('bob', { active: false }),
      person('eve', { consents: { ranking: true, mail: false } }),
    ];
    const events = [1, 2].map((n) => ({ type: 'x', data: { n }, occurredAt: START + n }));
    const result = play(definition, people, events, START + DAY);
    expect([result.mails, result.notStarted, result.notReached]).toEqual([
      1,
      [{ reason: 'does not hold: event.n > 1', count: 1 }],
      [
        { reason: 'does not hold: person.active', count: 1 },
        { reason: 'does not hold: person.consents.mail', count: 1 },
      ],
    ]);
  });

  it('takes questions as unanswered and calls as answered, and keeps to limits', () => {
    const definition = compiled(`id: w
name: W
on: { event: x, key: event.k }
steps:
  - { id: hook, call: { url: 'https://hooks.example/x' } }
  - { id: q, ask: { template: t, options: [a, b], timeout: 2d } }
  - { id: mail, if: vars.q == null, throttle: { limit: 1, per: day }, send: { template: u } }`);
    const events = ['1', '2', '3'].map((k, n) => ({
      type: 'x',
      data: { k, personId: 'ada' },
      occurredAt: START + n,
    }));
    const result = play(definition, [person('ada')], events, START + 30 * DAY);
    expect(result.steps).toMatchObject({ q: { asked: 3, timed_out: 3 }, mail: { sent: 3 } });
    expect(Object.values(result.mailsPerDay)).toEqual([3, 1, 1, 1]);
  });

  it('agrees with the driver on what is sent, whatever happens', () => {
    const people = [person('ada', { lead: 'bob' }), person('bob'), person('eve')];
    const happening = fc.record({
      who: fc.constantFrom('ada', 'bob', 'eve'),
      what: fc.constantFrom(invited, accepted),
      day: fc.integer({ min: 0, max: 40 }),
      minute: fc.integer({ min: 0, max: 1439 }),
    });
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 20 }), (list) => {
        const events = list
          .map(({ who, what, day, minute }) => what(who, START + day * DAY + minute * 60_000))
          .sort((a, b) => a.occurredAt - b.occurredAt);
        const drive = new Drive(flagship('invite-reminders'), people);
        drive.now = START;
        for (const { type, data, occurredAt } of events) drive.happen(type, occurredAt, data);
        drive.until(START + 90 * DAY);
        const result = play(flagship('invite-reminders'), people, events, START + 90 * DAY);
        expect(result.mails).toBe(drive.sends.length);
      }),
    );
  });
});

describe('timers', () => {
  it('come out in the order of time, however they went in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (times) => {
        const timers = new Timers();
        for (const dueAt of times) timers.add({ dueAt, runId: 'r' });
        const out = times.map(() => timers.take()!.dueAt);
        expect([out, timers.take()]).toEqual([times.toSorted((a, b) => a - b), null]);
      }),
    );
  });
});

describe('the parts of a condition', () => {
  it.each([
    ['person.active', ['person.active']],
    ['person.active && person.team == "a && b"', ['person.active', 'person.team == "a && b"']],
    ['(a && b) && c', ['(a && b)', 'c']],
    ['a && b || c', ['a && b || c']],
    ["x == 'it\\'s && so' && y", ["x == 'it\\'s && so'", 'y']],
  ])('%s', (condition, parts) => {
    expect(partsOf(condition)).toEqual(parts);
  });
});
