import { describe, expect, it } from '@jest/globals';
import { compiled, PROGRAMME_ZONE, rome } from './drive.support.js';
import {
  audienceKey,
  eventTypesOf,
  metricTriggers,
  nextScheduled,
  scheduleFirings,
  startsOn,
  STEP_KINDS,
  stopsOn,
  TRIGGER_KINDS,
} from './index.js';
import type { Definition } from './index.js';

const HOUR = 3_600_000;

function withOn(on: string, more = ''): Definition {
  return compiled(`id: w\nname: W\non: ${on}\n${more}steps:\n  - { id: a, send: { template: t } }\n`);
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

describe('the language', () => {
  it('documents every word with an example', () => {
    for (const { kind, docs } of [...STEP_KINDS, ...TRIGGER_KINDS]) expect(docs.example).toContain(kind);
  });
});
