import { describe, expect, it } from '@jest/globals';
import { NO_FACTS } from '#libs/expression';
import { compiled, Drive, person, PROGRAMME_ZONE, rome } from './drive.support.js';
import { advance, branchRun, newRun } from './index.js';
import type { Advanced, Definition, Run, World } from './index.js';

const HEAD =
  'id: w\nname: W\non: { event: x.started, key: event.k }\nstop_when: { event: x.ended, key: event.k }\n';

const world: World = { person: person('ada'), programme: { zone: PROGRAMME_ZONE }, facts: NO_FACTS };

const START = rome('2026-01-05T10:00');

function definitionOf(steps: string): Definition {
  return compiled(`${HEAD}steps:\n${steps}`);
}

function fresh(event: Record<string, unknown> = { k: 'one', n: 3, list: ['a', 'b'] }): Run {
  return newRun({ id: 'r1', workflowId: 'w', version: 1, key: 'one', personId: 'ada', event });
}

function started(steps: string, event?: Record<string, unknown>): Advanced {
  return advance(definitionOf(steps), fresh(event), { type: 'started' }, START, world);
}

describe('advance', () => {
  it('waits, then weighs the condition, then acts', () => {
    const definition = definitionOf(
      '  - { id: a, send: { template: t }, if: event.n > 2, wait: { for: 1d, at: "09:00" } }',
    );
    const first = advance(definition, fresh(), { type: 'started' }, START, world);
    const dueAt = rome('2026-01-06T09:00');
    expect(first.effects).toEqual([{ type: 'setTimer', stepId: 'a', dueAt }]);
    expect(first.run).toMatchObject({
      status: 'waiting',
      cursor: 'a',
      verb: 'wait',
      dueAt,
      startedAt: START,
    });
    const second = advance(definition, first.run, { type: 'timerFired', stepId: 'a', dueAt }, dueAt, world);
    expect(second.log.map((l) => [l.kind, l.outcome])).toEqual([
      ['wait', 'passed'],
      ['if', 'passed'],
      ['send', 'sent'],
      ['run', 'done'],
    ]);
    expect(second.effects).toEqual([
      {
        type: 'send',
        intentKey: 'r1:a:-:ada:1',
        stepId: 'a',
        occurrence: 1,
        to: 'ada',
        template: 't',
        data: {},
      },
    ]);
  });

  it('takes the way of if, else, and what follows', () => {
    const steps = `  - id: a
    if: event.n > 5
    steps:
      - { id: b, send: { template: more } }
    else:
      - { id: c, send: { template: less } }
  - { id: d, send: { template: after } }`;
    const templates = (n: number) =>
      started(steps, { n }).effects.map((e) => (e.type === 'send' ? e.template : e.type));
    expect([templates(9), templates(1)]).toEqual([
      ['more', 'after'],
      ['less', 'after'],
    ]);
  });

  it('skips a step whose condition does not hold', () => {
    const { effects } = started(
      '  - { id: a, if: event.n > 5, send: { template: t } }\n  - { id: b, award: { points: event.n * 2, reason: Kept at it } }',
    );
    expect(effects).toEqual([
      {
        type: 'award',
        intentKey: 'r1:b:-:ada:1',
        stepId: 'b',
        occurrence: 1,
        to: 'ada',
        points: 6,
        reason: 'Kept at it',
      },
    ]);
  });

  it('goes on at once when the moment waited for has passed', () => {
    const { run, effects } = started(
      '  - { id: a, wait: { until: 2026-01-01T09:00 }, send: { template: t } }',
    );
    expect([run.status, effects.length]).toEqual(['done', 1]);
  });

  it('counts since start or since the step before', () => {
    const drive = (since: string) => {
      const steps = `  - { id: a, wait: { for: 2d } }\n  - { id: b, wait: { for: 3d, since: ${since} }, send: { template: t } }`;
      const driver = new Drive(definitionOf(steps), [person('ada')]);
      driver.happen('x.started', START, { k: 1, personId: 'ada' });
      driver.until(START + 30 * 86_400_000);
      return driver.byPerson('ada');
    };
    expect([drive('start'), drive('previous')]).toEqual([
      [['t', '2026-01-08T09:00']],
      [['t', '2026-01-10T09:00']],
    ]);
  });

  it('fails as a state with a readable reason, and keeps what was done before', () => {
    const { run, effects } = started(
      '  - { id: a, send: { template: t } }\n  - { id: b, if: event.missing > 1, send: { template: t } }\n  - { id: c, send: { template: t } }',
    );
    expect(run).toMatchObject({
      status: 'failed',
      reason: 'b: the condition "event.missing > 1" cannot be answered: there is no missing here',
    });
    expect(effects.length).toBe(1);
  });

  it('skips a recipient who is nobody, with the reason', () => {
    const { run, log } = started('  - { id: a, send: { template: t, to: person.lead } }');
    expect(run.status).toBe('done');
    expect(log[1]).toMatchObject({ stepId: 'a', outcome: 'skipped', reason: 'person.lead is nobody' });
  });

  it('asks for one expansion, gives every branch its own intents, and goes on when all have ended', () => {
    const definition = definitionOf(`  - id: each
    for_each: event.list
    as: one
    steps:
      - id: inner
        for_each: event.list
        as: two
        steps: [{ id: mail, send: { template: t, data: { pair: "one + two" } } }]
  - { id: after, send: { template: last } }`);
    const drive = new Drive(definition, [person('ada')]);
    drive.happen('x.started', START, { k: 'one', personId: 'ada', list: ['a', 'b'] });
    expect(drive.sends.map((s) => s.intentKey)).toEqual([
      'r1:mail:a/a:ada:1',
      'r1:mail:a/b:ada:1',
      'r1:mail:b/a:ada:1',
      'r1:mail:b/b:ada:1',
      'r1:after:-:ada:1',
    ]);
    expect(drive.sends.map((s) => s.data['pair'] ?? '')).toEqual(['aa', 'ab', 'ba', 'bb', '']);
    expect([...drive.runs.values()].every((r) => r.status === 'done')).toBe(true);
  });

  it('gives people of an audience inside a loop the item too, and stops branches with their root', () => {
    const definition = definitionOf(`  - id: each
    for_each: event.teams
    as: team
    steps:
      - id: people
        for_each: { audience: "person.team == team" }
        steps:
          - { id: mail, wait: 1d, send: { template: t, data: { team: team, who: person.id } } }`);
    const people = [person('ada', { team: 'x' }), person('bob', { team: 'y' })];
    const drive = new Drive(definition, people);
    drive.happen('x.started', START, { k: 'one', teams: ['x', 'y'] });
    drive.until(START + 2 * 86_400_000);
    expect(drive.sends.map((s) => [s.to, s.data, s.intentKey])).toEqual([
      ['ada', { team: 'x', who: 'ada' }, 'r1:mail:x/ada:ada:1'],
      ['bob', { team: 'y', who: 'bob' }, 'r1:mail:y/bob:bob:1'],
    ]);
    const stopped = new Drive(definition, people);
    stopped.happen('x.started', START, { k: 'one', teams: ['x', 'y'] });
    stopped.happen('x.ended', START + 1000, { k: 'one' });
    stopped.until(START + 2 * 86_400_000);
    expect([stopped.sends, new Set([...stopped.runs.values()].map((r) => r.status))]).toEqual([
      [],
      new Set(['stopped']),
    ]);
  });

  it('makes the same branch run again whenever asked, and keys the items of a list singly', () => {
    const definition = definitionOf(
      '  - { id: each, for_each: event.list, as: one, steps: [{ id: m, award: { points: 1, to: "one.personId" } }] }',
    );
    const list = [{ personId: 'p/1' }, { personId: 'p/1' }, { n: 3 }];
    const { run, effects } = advance(definition, fresh({ list }), { type: 'started' }, START, world);
    expect(effects).toMatchObject([
      { type: 'expand', stepId: 'each', items: [{ key: 'p/1' }, { key: '#1' }, { key: '#2' }] },
    ]);
    expect(branchRun(definition, run, 'each', 'p/1', list[0], null)).toEqual(
      branchRun(definition, run, 'each', 'p/1', list[0], null),
    );
    expect(branchRun(definition, run, 'each', 'p/1', list[0], null).id).toBe('r1/each/p%2F1');
  });

  it('stops before it has started, and reckons a wait again when the zone of the person changes', () => {
    const definition = definitionOf(
      '  - { id: a, wait: { for: 1d, at: "09:00", zone: recipient }, send: { template: t } }',
    );
    const event = { type: 'x.ended', data: { k: 'one' }, occurredAt: START };
    expect(advance(definition, fresh(), { type: 'event', event }, START, world).run.status).toBe('stopped');
    expect(
      advance(definition, fresh(), { type: 'event', event: { ...event, data: { k: 'two' } } }, START, world)
        .run.status,
    ).toBe('new');
    const { run } = advance(definition, fresh(), { type: 'started' }, START, world);
    const moved = {
      ...world,
      person: person('ada', { calendar: { zone: 'Asia/Tokyo', workingDays: [1], holidays: [] } }),
    };
    expect(advance(definition, run, { type: 'recalculated' }, START, world).run).toBe(run);
    expect(advance(definition, run, { type: 'recalculated' }, START, moved).effects).toEqual([
      { type: 'setTimer', stepId: 'a', dueAt: rome('2026-01-06T01:00') },
    ]);
  });
});
