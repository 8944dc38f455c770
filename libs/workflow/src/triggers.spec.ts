import { describe, expect, it } from '@jest/globals';
import { compiled, PROGRAMME_ZONE, rome } from './drive.support.js';
import {
  audienceKey,
  audienceTriggers,
  awaitsKeys,
  dropTriggers,
  eventTypesOf,
  metricTriggers,
  nextScheduled,
  scheduleFirings,
  startsOn,
  stopsOn,
} from './index.js';
import type { Definition } from './index.js';

const HOUR = 3_600_000;

function withOn(on: string, more = ''): Definition {
  return compiled(
    `id: w\nname: W\non: ${on}\n${more}steps:\n  - { id: a, send: { template: t, to: '"ada"' } }\n`,
  );
}

const happened = (type: string, data: Record<string, unknown>) => ({ type, data, occurredAt: 0 });

describe('triggers', () => {
  it('start a run per event, or per key', () => {
    const definition = withOn('[{ event: a, key: event.id }, { event: b, if: event.n > 3 }]');
    expect(startsOn(definition, happened('a', { id: 7, personId: 'ada' })).starts).toEqual([
      { trigger: 0, key: '7', personId: 'ada', event: { id: 7, personId: 'ada', type: 'a' } },
    ]);
    expect(startsOn(definition, happened('b', { n: 4 })).starts).toMatchObject([
      { trigger: 1, key: null, personId: null },
    ]);
    expect(startsOn(definition, happened('c', {}))).toEqual({ starts: [], refused: [] });
  });

  it('are for whom the trigger names, or for nobody', () => {
    const thanks = happened('thanks', { personId: 'ada', to: 'bob' });
    const whose = (person: string) =>
      startsOn(withOn(`{ event: thanks, key: event.to, person: ${person} }`), thanks).starts.map(
        ({ personId }) => personId,
      );
    expect([whose('event.to'), whose("'null'"), whose("'1'")]).toEqual([['bob'], [null], []]);
  });

  it('say why they did not start', () => {
    const definition = withOn('[{ event: a, key: event.id }, { event: b, if: event.n > 3 }]');
    expect(startsOn(definition, happened('b', { n: 1 })).refused).toEqual([
      { trigger: 1, reason: 'does not hold: event.n > 3' },
    ]);
    expect(startsOn(definition, happened('b', {})).refused).toMatchObject([
      { reason: expect.stringContaining('there is no n here') },
    ]);
    expect(startsOn(definition, happened('a', {})).refused).toEqual([
      { trigger: 0, reason: 'the key "event.id" gives no value' },
    ]);
  });

  it.each([
    ['{ board_closed: b }', 'board.closed', { board: 'b', periodKey: '2026-W02', ranking: [] }, 'b:2026-W02'],
    [
      '{ metric: m, reaches: 10, per: month }',
      'metric.reached',
      { personId: 'ada', metric: 'm', per: 'month', periodKey: '2026-01', value: 12, threshold: 10 },
      'ada:2026-01',
    ],
    ['{ badge_earned: x }', 'badge.earned', { personId: 'ada', badge: 'x' }, null],
    ['{ badge_earned: any }', 'badge.earned', { personId: 'ada', badge: 'y' }, null],
    ['{ manual: true }', 'workflow.started', { workflow: 'w', personId: 'ada' }, null],
    ['{ manual: true }', 'workflow.started', { workflow: 'w', key: 'k' }, 'k'],
    ['{ enters: person.active }', 'audience.entered', { workflow: 'w', trigger: 0, personId: 'ada' }, 'ada'],
    ['{ leaves: person.active }', 'audience.left', { workflow: 'w', trigger: 0, personId: 'ada' }, 'ada'],
    [
      '{ metric: m, drops: 0.3, per: week, at_least: 20 }',
      'metric.dropped',
      { metric: 'm', per: 'week', periodKey: '2026-W02', value: 10, expected: 20, drop: 0.5 },
      '2026-W02',
    ],
    ['{ survey_closed: pulse }', 'survey.closed', { survey: 'pulse', roundId: 'r', n: 9 }, 'pulse:r'],
    ['{ webhook: hr, key: event.employee }', 'webhook.received', { name: 'hr', employee: 7 }, '7'],
  ])('%s starts on %s', (on, type, data, key) => {
    expect(startsOn(withOn(on), happened(type, data)).starts).toMatchObject([{ key }]);
    expect(eventTypesOf(withOn(on))).toEqual([type]);
  });

  it.each([
    ['{ board_closed: b }', 'board.closed', { board: 'c' }],
    [
      '{ metric: m, reaches: 10, per: month }',
      'metric.reached',
      { metric: 'm', per: 'month', threshold: 50 },
    ],
    ['{ badge_earned: x }', 'badge.earned', { badge: 'y' }],
    ['{ manual: true }', 'workflow.started', { workflow: 'v' }],
    ['{ enters: person.active }', 'audience.entered', { workflow: 'v', trigger: 0, personId: 'ada' }],
    ['{ enters: person.active }', 'audience.entered', { workflow: 'w', trigger: 1, personId: 'ada' }],
    ['{ metric: m, drops: 0.3, per: week }', 'metric.dropped', { metric: 'm', per: 'week', drop: 0.2 }],
    ['{ metric: m, drops: 0.3, per: week }', 'metric.dropped', { metric: 'm', per: 'month', drop: 0.9 }],
    [
      '{ metric: m, drops: 0.3, per: week, at_least: 20 }',
      'metric.dropped',
      { metric: 'm', per: 'week', drop: 0.9, expected: 19 },
    ],
    [
      '{ metric: m, drops: 0.3, per: week, against: usual }',
      'metric.dropped',
      { metric: 'm', per: 'week', drop: 0.9, against: 'season' },
    ],
    ['{ survey_closed: pulse }', 'survey.closed', { survey: 'other' }],
    ['{ webhook: hr, if: event.n > 1 }', 'webhook.received', { name: 'hr', n: 1 }],
    ['{ webhook: hr }', 'webhook.received', { name: 'crm' }],
  ])('%s does not start on another %s', (on, type, data) => {
    expect(startsOn(withOn(on), happened(type, data)).starts).toEqual([]);
  });

  it('stop by key, or by person', () => {
    const byKey = withOn(
      '{ event: a, key: event.id }',
      'stop_when: { event: b, key: event.id, if: event.final }\n',
    );
    expect(stopsOn(byKey, happened('b', { id: 'i', final: true }))).toEqual([{ key: 'i', personId: null }]);
    expect(stopsOn(byKey, happened('b', { id: 'i', final: false }))).toEqual([]);
    expect(stopsOn(byKey, happened('b', { final: true }))).toEqual([]);
    const byPerson = withOn('{ event: a }', 'stop_when: [{ event: b }]\n');
    expect(stopsOn(byPerson, happened('b', { personId: 'ada' }))).toEqual([{ key: null, personId: 'ada' }]);
    expect(eventTypesOf(byPerson)).toEqual(['a', 'b']);
  });

  it('tell which drops and audiences to watch', () => {
    const definition = withOn(
      "[{ metric: m, drops: 0.3, per: week }, { metric: m, reaches: 5, per: day }, { leaves: \"person.metric('m', 'last_month') > 0\" }]",
    );
    expect(metricTriggers(definition)).toEqual([{ metric: 'm', reaches: 5, per: 'day' }]);
    expect(dropTriggers(definition)).toEqual([
      { metric: 'm', drops: 0.3, per: 'week', against: 'season', atLeast: 0 },
    ]);
    expect(audienceTriggers(definition)).toEqual([
      {
        trigger: 2,
        kind: 'leaves',
        audience: "person.metric('m', 'last_month') > 0",
        needs: [{ kind: 'metric', name: 'm', window: 'last_month' }],
      },
    ]);
  });

  it('tell which waiting runs an event may wake', () => {
    const definition = compiled(`id: w
name: W
on: [{ event: a, key: event.k }, { event: b, key: event.k2 }]
steps:
  - { id: all, collect: { window: 1d } }
  - { id: own, wait_for: a }
  - { id: keyed, wait_for: { event: c, key: event.id } }
  - { id: any, wait_for: { event: c, person: any } }
  - { id: q, ask: { template: t, options: [ok] } }
`);
    expect(eventTypesOf(definition)).toEqual(['a', 'b', 'c', 'answer.given']);
    expect(awaitsKeys(definition, happened('a', { k: 1, personId: 'ada' }))).toEqual([
      { event: 'a|b', on: 'key:1' },
      { event: 'a', on: 'person:ada' },
      { event: 'a', on: 'any' },
    ]);
    expect(awaitsKeys(definition, happened('b', { k2: 2 }))).toEqual([{ event: 'a|b', on: 'key:2' }]);
    expect(awaitsKeys(definition, happened('c', {}))).toEqual([{ event: 'c', on: 'any' }]);
    expect(awaitsKeys(definition, happened('answer.given', { askId: 'r:q' }))).toEqual([
      { event: 'answer.given', on: 'ask:r:q' },
    ]);
  });

  it('tell which metrics to watch and how audiences are keyed', () => {
    expect(metricTriggers(withOn('{ metric: m, reaches: 10, per: week }'))).toEqual([
      { metric: 'm', reaches: 10, per: 'week' },
    ]);
    expect([audienceKey('k', 'ada'), audienceKey(null, 'ada')]).toEqual(['k:ada', null]);
  });
});

describe('schedules', () => {
  const nine = rome('2026-01-05T09:00');
  const ask = (after: number, now: number) => ({
    after,
    until: now,
    now,
    zones: ['Asia/Tokyo', 'Europe/Rome', 'Asia/Tokyo'],
    programmeZone: PROGRAMME_ZONE,
  });
  const every = (misfire: string, maxAge = '2h') =>
    withOn(`{ schedule: "*/30 * * * *", zone: Europe/Rome, misfire: ${misfire}, max_age: ${maxAge} }`);

  it('fire once per nominal time, in their zone or the programme zone', () => {
    const definition = withOn('{ schedule: "0 9 * * MON" }');
    expect(scheduleFirings(definition, ask(nine - HOUR, nine))).toEqual([
      { trigger: 0, zone: 'Europe/Rome', nominal: nine, key: `Europe/Rome:${nine}` },
    ]);
    expect(scheduleFirings(definition, ask(nine, nine + HOUR))).toEqual([]);
    expect(nextScheduled(definition, [], nine, PROGRAMME_ZONE)).toBe(rome('2026-01-12T09:00'));
    expect(nextScheduled(withOn('{ event: a }'), [], nine, PROGRAMME_ZONE)).toBeNull();
  });

  it('fire in every zone people live in', () => {
    const definition = withOn('{ schedule: "0 9 * * *", zone: recipient }', 'audience: person.active\n');
    const firings = scheduleFirings(definition, {
      ...ask(rome('2026-01-05T00:00'), rome('2026-01-05T09:30')),
      now: rome('2026-01-05T09:30'),
    });
    expect(firings.map((f) => [f.zone, f.nominal])).toEqual([['Europe/Rome', nine]]);
    expect(
      nextScheduled(definition, ['Asia/Tokyo', 'Europe/Rome'], rome('2026-01-05T00:00'), PROGRAMME_ZONE),
    ).toBe(rome('2026-01-05T01:00'));
  });

  it('after an outage make up the last, all, or none, but nothing older than max_age', () => {
    const [from, now] = [nine - 48 * HOUR, nine + 10 * 60_000];
    const minutesAgo = (d: Definition) =>
      scheduleFirings(d, ask(from, now)).map((f) => (now - f.nominal) / 60_000);
    expect(minutesAgo(every('last'))).toEqual([10]);
    expect(minutesAgo(every('all'))).toEqual([100, 70, 40, 10]);
    expect(minutesAgo(every('skip'))).toEqual([]);
    expect(minutesAgo(every('last', '5m'))).toEqual([]);
    expect(scheduleFirings(every('skip'), ask(from, nine + 5_000)).length).toBe(1);
  });
});
